// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * From the scenario's plain data to the configurations of the engines. Keys and engine fields have
 * the same names; an absent key leaves the engine's default.
 */
#ifndef NATTLAB_SIMULATION_ENGINE_CONFIG_H
#define NATTLAB_SIMULATION_ENGINE_CONFIG_H

#include "helper/scenario/scenario.h"

#include "model/endpoint/host.h"
#include "model/router/router-config.h"
#include "model/sim/link-channel.h"

#include <memory>
#include <string>

namespace nattlab
{

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
ike::Profile MakeIkeProfile(const scenario::Section& section);

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
IpsecConfig MakeIpsecConfig(const scenario::Section& section);

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
l2tp::Config MakeL2tpConfig(const scenario::Section& section);

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
ppp::Config MakePppConfig(const scenario::Section& section);

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
NatConfig MakeNatConfig(const scenario::Section& section);

/** \throws scenario::ScenarioErrors for a value that the engine does not know. */
FirewallConfig MakeFirewallConfig(const scenario::Section& section);

/**
 * \param scenario where the host's link is
 * \param host may be one of its updates
 * \param certificates the host's; null: it knows of none
 */
HostConfig MakeHostConfig(const scenario::Scenario& scenario,
                          const scenario::Host& host,
                          std::shared_ptr<const pki::Store> certificates = nullptr);

/**
 * See whether the host's sections can be read, and those of what it becomes by its updates.
 * \throws scenario::ScenarioErrors for a value that the engine does not know.
 */
void CheckHostConfig(const scenario::Host& host);

/** \param scenario where the box's links are */
RouterConfig MakeRouterConfig(const scenario::Scenario& scenario, const scenario::Box& box);

ns3::nattlab::LinkConfig MakeLinkConfig(const scenario::Link& link);

} // namespace nattlab

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * From the merged document to typed data, in three steps that each know only the ones before, and
 * the checks that need more than one place.
 */
#ifndef NATTLAB_SCENARIO_BUILD_H
#define NATTLAB_SCENARIO_BUILD_H

#include "helper/scenario/reader.h"
#include "helper/scenario/scenario.h"

#include <optional>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/** What stands at the root itself: title, seed, duration... */
void BuildHead(Scenario& scenario, const Reader& root);
/** Links, certificates, hosts and boxes. */
void BuildTopology(Scenario& scenario, const Reader& root);
Link BuildLink(const std::string& name, const Reader& reader);
/** \param file the scenario's */
Box BuildBox(const std::string& name, const Reader& reader, const std::string& file);
Attachment BuildAttachment(const Reader& reader);
/** \param scenario its certificates are known already */
Host BuildHost(const std::string& name, const Reader& reader, const Scenario& scenario);
/** \return a registry value; nothing for one that is neither a 32-bit number nor a text. */
std::optional<RegistryEntry> ParseRegistryEntry(const std::string& path, const Json& value);
/** All certificates, and that their chains of issuers end. */
void BuildCertificates(Scenario& scenario, const Reader& root);
/** Firewalls and NAT sections: what the schema cannot say of them. */
void CheckFirewall(const Reader& firewall, const std::vector<std::string>& interfaces);
void CheckNat(const Reader& nat);
/** Key exchange, PPP and L2TP sections: what the schema cannot say of them. */
void CheckSystem(const Reader& host);
/**
 * Names and addresses of the whole topology.
 * \param root connections and traffic are looked at; the topology is taken from \p scenario
 */
void CheckTopology(const Scenario& scenario, const Reader& root, Report& report);
/** Connections, traffic and the timetable. */
void BuildActivity(Scenario& scenario, const Reader& root);
/** Expectations. \param knownReasons in order, may be named; empty: any */
void
BuildExpect(Scenario& scenario, const Reader& root, const std::vector<std::string>& knownReasons);

/** \return the names of all hosts. */
std::vector<std::string> HostNames(const Scenario& scenario);
std::vector<std::string> BoxNames(const Scenario& scenario);
std::vector<std::string> LinkNames(const Scenario& scenario);
std::vector<std::string> ConnectionNames(const Scenario& scenario);
std::vector<std::string> CertificateNames(const Scenario& scenario);

/**
 * Report the member \p key unless it is one of \p known.
 * \param what "a host"
 * \param known in order
 */
bool CheckName(const Reader& reader,
               const std::string& key,
               const std::string& what,
               const std::vector<std::string>& known);

} // namespace nattlab::scenario

#endif

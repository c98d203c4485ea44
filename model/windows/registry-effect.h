// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the values of the registry do: which component reads which value, on which release, and
 * what of it is modelled.
 */
#ifndef NATTLAB_WINDOWS_REGISTRY_EFFECT_H
#define NATTLAB_WINDOWS_REGISTRY_EFFECT_H

#include "model/endpoint/host.h"
#include "model/windows/registry.h"
#include "model/windows/system.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::windows
{

/** Who reads a value; each reads its values once, when it starts. */
enum class Component : std::uint8_t
{
    IpsecDriver, //!< when the machine starts
    L2tpDriver,  //!< when the machine starts
    PolicyAgent, //!< when the IPsec service starts
    RasMan,      //!< when Remote Access Connection Manager, or Routing and Remote Access, starts
};

/** \return "ipsec-driver", "l2tp-driver", "policy-agent" or "rasman". */
std::string_view NameOf(Component component);

/** What writing a value comes to on one system. */
enum class Effect : std::uint8_t
{
    Modelled,              //!< the host behaves otherwise after its reader has started again
    NotModelled,           //!< the real system reads it; nothing in the model depends on it
    NoEffectOnThisRelease, //!< other releases read it
    Unknown,               //!< no release that is modelled is known to read it
};

/** \return "modelled", "not-modelled", "no-effect-on-this-release" or "unknown". */
std::string_view NameOf(Effect effect);

/** How sure a fact is. */
enum class Confidence : std::uint8_t
{
    Certain, //!< in a primary source
    Likely,  //!< in a secondary source, or inferred
    Assumed,
};

/** \return "certain", "likely" or "assumed". */
std::string_view NameOf(Confidence confidence);

/** One row of the table of known values. All are REG_DWORD. */
struct KnownRegistryValue
{
    std::string_view path;
    Component reader;
    std::uint32_t smallest;
    std::uint32_t largest;
    std::string_view absent; //!< what holds while the value is not there
    std::string_view meaning;
    std::string_view source;
    Confidence confidence;
    bool modelled;
    std::vector<Release> releases;   //!< that read it
    std::uint8_t xpServicePack{0};   //!< Windows XP reads it from this service pack on
    std::string_view elsewhere = {}; //!< why other releases have no use for it, where known
    std::string canonical = {};      //!< the path as the registry compares it
};

/** \return the table of known values. */
const std::vector<KnownRegistryValue>& KnownRegistryValues();

/**
 * \return the row of this path that the system's release reads; otherwise any row of the path, or
 * null when the path is in none.
 * \throws std::invalid_argument when the path is none.
 */
const KnownRegistryValue* FindKnownRegistryValue(std::string_view path, const System& system);

/**
 * \return what a value comes to.
 * \throws std::invalid_argument when the path is none.
 */
Effect EffectOf(std::string_view path, const System& system);

/** \return one sentence on what a value comes to: for the moment at which it is written. */
std::string DescribeEffect(std::string_view path, const RegistryValue& value, const System& system);

/**
 * A component starts and reads its values.
 *
 * \param config what the host is without any value of the registry, with what components that
 * started before have made of it. Where a value is absent, nothing is changed: when it was removed,
 * the host has to begin again from its preset.
 * \return what was done, and what was not for a wrong type or number: sentences for the log
 */
std::vector<std::string> ApplyRegistry(const Registry& registry,
                                       const System& system,
                                       Component component,
                                       HostConfig& config);

/**
 * \return what EnableLogging says to a Policy Agent that starts: Oakley.log is written or not;
 * nothing when it says nothing.
 */
std::optional<bool> OakleyLoggingAtStart(const Registry& registry, const System& system);

} // namespace nattlab::windows

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A stored IPsec policy: rules that an administrator wrote, beside the filters that the L2TP
 * service makes itself.
 */
#ifndef NATTLAB_ENDPOINT_IPSEC_POLICY_H
#define NATTLAB_ENDPOINT_IPSEC_POLICY_H

#include "model/esp/selector.h"
#include "model/ike/profile.h"
#include "model/packet/bytes.h"
#include "model/packet/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** One filter of a rule. */
struct PolicyFilter
{
    esp::Selector selector; //!< "local" is the filter's source
    bool mirrored{true};    //!< it also matches packets with the ends exchanged
    bool local{true};       //!< the source is this host ("0" in ipseccmd): filled in when used
};

/** One rule of a policy. */
struct PolicyRule
{
    enum class Action : std::uint8_t
    {
        Permit,
        Block,
        Negotiate, //!< protect by ESP
    };

    std::string name;
    std::vector<PolicyFilter> filters;
    Action action{Action::Negotiate};
    std::vector<ike::Phase2Proposal> proposals; //!< Negotiate; empty: those of the system
    std::optional<Bytes> presharedKey;          //!< Negotiate
    bool certificate{false};                    //!< Negotiate: by certificate
};

/** A policy. The first rule that matches decides; what none matches is permitted. */
struct IpsecPolicy
{
    std::string name;
    std::vector<PolicyRule> rules;
    std::vector<ike::Phase1Transform> phase1; //!< empty: those of the system
    Duration pollInterval{minutes{180}};
};

} // namespace nattlab

#endif

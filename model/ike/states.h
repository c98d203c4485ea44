// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The states of Main Mode and Quick Mode and the messages between them, as tables.
 */
#ifndef NATTLAB_IKE_STATES_H
#define NATTLAB_IKE_STATES_H

#include "model/ike/isakmp.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::ike
{

/** Where a negotiation stands. */
enum class State : std::uint8_t
{
    // Phase 1
    Mm1Sent,
    Mm2Sent,
    Mm3Sent,
    Mm4Sent,
    Mm5Sent,
    Established,
    Expired,  //!< no negotiation any more, but children live on
    Deleting, //!< a delete waits for its acknowledgement
    // Phase 2
    Qm1Sent,
    Qm2Sent,
    Qm3Sent,
    Done,    //!< kept to answer late duplicates
    Refused, //!< kept to answer late duplicates
};

/** One row of the state table. */
struct StateRow
{
    State state;
    std::string_view name;
    std::string_view role;   //!< whose state: "initiator", "responder" or "both"
    std::string_view awaits; //!< the message that leads on; empty: none
    std::string_view next;   //!< where it leads
};

/** \return the rows in the order of State. */
const std::vector<StateRow>& StateRows();

/** \return the row of a state. */
const StateRow& RowOf(State state);

/** \return the state table as text, a line per state. */
std::string StateTable();

/** What a message of Main Mode or Quick Mode must have. */
struct MessageRule
{
    std::string_view name;
    bool encrypted;
    std::vector<std::uint8_t> payloads; //!< the first of them leads the chain; NONE: any may
};

/** \return the rule of "MM1" to "QM4", or "MM5 signed" and "MM6 signed"; null for another name. */
const MessageRule* RuleOf(std::string_view name);

/** \return what a chain lacks for this rule; empty when nothing. */
std::string Lacks(const MessageRule& rule, const Chain& chain);

} // namespace nattlab::ike

#endif

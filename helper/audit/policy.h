// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_AUDIT_POLICY_H
#define NATTLAB_AUDIT_POLICY_H

#include <cstdint>
#include <string>

namespace nattlab::audit
{

/** What a value of the axis of policies says about the statements that are audited. */
enum class PolicyKind : std::uint8_t
{
    AllOpen,       //!< "all open": nothing is filtered
    Nothing,       //!< "nothing": no statement is open
    AllStatements, //!< "all statements": every statement is open, and nothing else
    Only,          //!< "only X": X is open, and nothing else
    AllBut,        //!< "all but X": every statement but X is open, and nothing else
    List,          //!< any other text: some list
};

/** A value of the axis of policies. */
struct Policy
{
    std::string label; //!< as results show it
    PolicyKind kind{PolicyKind::List};
    std::string statement; //!< X of Only and AllBut
    std::string written;   //!< A of the list "... with B for A": A was written
    std::string meant;     //!< B: where B was meant
};

/** \return what a label says. */
Policy ParsePolicy(const std::string& label);

} // namespace nattlab::audit

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * An interpreter of ipsecpol.exe (Windows 2000 Resource Kit) and ipseccmd.exe (Windows XP Support
 * Tools). It changes nothing itself: what a command changes on the host is handed back.
 *
 * Sources: the help page "ipsecpol_syntax" of the Resource Kit, Microsoft's reference page of
 * Ipseccmd, KB813878 for the static mode in use, and the article on the NAT-T update for what the
 * updated tool can do more. What the model does not have is refused with exit code 1.
 */
#ifndef NATTLAB_WINDOWS_IPSECCMD_H
#define NATTLAB_WINDOWS_IPSECCMD_H

#include "model/endpoint/ipsec-policy.h"
#include "model/endpoint/ipsec-status.h"
#include "model/windows/system.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nattlab::windows
{

/** What no document says of the tools, or documents contradict; see doc/assumptions.md. */
struct ToolRules
{
    bool oldToolFailsOnUpdate{true}; //!< the article: an old tool does not run on a new system
    bool newToolNeedsUpdate{true};   //!< and the new one not on an old system
    bool oldIpseccmdStores{false};   //!< XP's tool without the update knows -w, -p, -r, -x, -y, -o
    bool oldIpsecpolShows{false};    //!< the tool of Windows 2000 without the update knows "show"
    std::uint32_t maxPollMinutes{100000}; //!< largest interval after -p NAME:
};

/** What a tool can see of its host. */
struct ToolContext
{
    System system;
    IpsecStatus status;
    std::string computer;
    bool logging{false};                 //!< Oakley.log is written
    std::vector<IpsecPolicy> stored;     //!< policies in the registry
    std::optional<std::string> assigned; //!< name of the stored policy that is in force
    std::vector<PolicyRule> dynamic;     //!< rules that tools have added
    ToolRules rules;
};

/** Switch Oakley.log on or off, at once. */
struct SetLogging
{
    bool on;
};

/** Put a policy into the registry; one of the same name is replaced. */
struct StorePolicy
{
    IpsecPolicy policy;
};

/** Assign a stored policy in place of any other. */
struct AssignPolicy
{
    std::string name;
};

/** No stored policy is assigned any more. */
struct UnassignPolicy
{
};

/** Delete a stored policy; when it was assigned, UnassignPolicy comes before. */
struct DeletePolicy
{
    std::string name;
};

/** Add a dynamic rule; see SortBySpecificity for its place among the others. */
struct AddDynamic
{
    PolicyRule rule;
};

/** Delete all dynamic rules. */
struct DeleteDynamic
{
};

/**
 * Order rules as Windows orders filters: the narrower first, whatever was written first. The
 * narrowest filter of a rule gives it its place; equal ones keep their order. Stored policies are
 * handed back in this order.
 */
void SortBySpecificity(std::vector<PolicyRule>& rules);

using ToolChange = std::variant<SetLogging,
                                StorePolicy,
                                AssignPolicy,
                                UnassignPolicy,
                                DeletePolicy,
                                AddDynamic,
                                DeleteDynamic>;

/** What a command prints, and what it changes when its exit code is 0. */
struct ToolResult
{
    int exitCode{0};
    std::string text;                //!< lines, each with its end
    std::vector<ToolChange> changes; //!< in order; empty when it failed
};

/**
 * Cut a command line into words, as the Windows command line does for these tools: blanks separate,
 * double quotes keep them, and are dropped.
 * \throws std::invalid_argument when a quote is not closed.
 */
std::vector<std::string> SplitCommandLine(std::string_view line);

/**
 * Run a command.
 * \param arguments its words; the first may be the name of the program (ipseccmd, ipsecpol)
 */
ToolResult RunIpseccmd(const std::vector<std::string>& arguments, const ToolContext& context);

} // namespace nattlab::windows

#endif

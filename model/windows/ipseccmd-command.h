// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The parts of the ipseccmd interpreter, for itself: words, a command that was read, and what is
 * made of it.
 */
#ifndef NATTLAB_WINDOWS_IPSECCMD_COMMAND_H
#define NATTLAB_WINDOWS_IPSECCMD_COMMAND_H

#include "model/windows/ipseccmd.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::windows::ipseccmd
{

/** The command ends with exit code 1 and this text. */
class Refusal : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/** A refusal of what the real tool has and the model has not. */
Refusal NotModelled(const std::string& what);

/** \return the text in upper case: the tools do not mind the case of their words. */
std::string UpperCase(std::string_view text);

/** \return a decimal number of at most \p largest. */
std::optional<std::uint32_t> ParseNumber(std::string_view text, std::uint32_t largest);

/** A filter of -f; parentheses make it permit and square brackets block, whatever -n says. */
struct FilterWord
{
    PolicyFilter filter;
    std::optional<PolicyRule::Action> action;
};

/** \param own the address that "0" stands for. \throws Refusal */
FilterWord ParseFilter(std::string_view word, Ipv4Address own);

/** What -n says. */
struct Negotiation
{
    PolicyRule::Action action{PolicyRule::Action::Negotiate};
    std::vector<ike::Phase2Proposal> proposals; //!< empty: those of the system
};

/** \param updated the tool knows group 14. \throws Refusal */
Negotiation ParseNegotiation(const std::vector<std::string>& words, bool updated);

/** What -a says. */
struct Authentication
{
    std::optional<Bytes> presharedKey;
    bool certificate{false};
};

/** \throws Refusal */
Authentication ParseAuthentication(const std::vector<std::string>& words);

/** What -1s says: "3DES-SHA-2". \throws Refusal */
std::vector<ike::Phase1Transform> ParseMainMode(const std::vector<std::string>& words,
                                                bool updated);

/** What -1k says: the seconds of "28800S". \throws Refusal */
std::uint32_t ParseMainModeLife(const std::vector<std::string>& words);

/** A command as its words say it. */
struct Command
{
    bool help{false};
    std::vector<std::string> show; //!< topics, in upper case
    std::optional<bool> logging;   //!< set logike, set dontlogike
    bool deleteDynamic{false};     //!< -u
    bool confirm{false};
    std::vector<FilterWord> filters;
    std::optional<Negotiation> negotiation;
    std::optional<Authentication> authentication;
    std::vector<ike::Phase1Transform> mainMode;
    std::optional<std::uint32_t> mainModeSeconds;
    bool stored{false}; //!< -w REG
    std::optional<std::string> policy;
    std::optional<Duration> pollInterval;
    std::vector<std::string> rules; //!< -r, more than one only beside -o
    bool assign{false};             //!< -x
    bool unassign{false};           //!< -y
    bool erase{false};              //!< -o
};

/** \param words without the name of the program. \throws Refusal */
Command ParseCommand(const std::vector<std::string>& words, const ToolContext& context);

/** \return the topics of "show" that a tool has. */
std::vector<std::string> TopicsOf(bool updated);

/** \return true when the tool has -w, -p, -r, -x, -y and -o. */
bool KnowsStaticMode(const ToolContext& context);

/** \return true when the tool has "show". */
bool KnowsQueryMode(const ToolContext& context);

/** \return the page of -?. */
std::string HelpText(const ToolContext& context);

/** \return what "show TOPIC" prints. */
std::string ShowText(const std::string& topic, const ToolContext& context);

/** Carry out a command that adds, changes or deletes rules. \throws Refusal */
ToolResult ChangeRules(const Command& command, const ToolContext& context);

/** \return a rule on one line: what it is called, does and is for. */
std::string DescribeRule(const PolicyRule& rule);

} // namespace nattlab::windows::ipseccmd

#endif

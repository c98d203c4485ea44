// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/policy.h"

#include <string_view>

namespace nattlab::audit
{

namespace
{

constexpr std::string_view ONLY = "only ";
constexpr std::string_view ALL_BUT = "all but ";
constexpr std::string_view WITH = " with ";
constexpr std::string_view FOR = " for ";

bool
BeginsWith(const std::string& text, std::string_view beginning)
{
    return text.size() > beginning.size() && text.compare(0, beginning.size(), beginning) == 0;
}

/** Read "... with B for A", where it stands. */
void
ParseCorrection(Policy& policy)
{
    const std::size_t with = policy.label.rfind(WITH);
    if (with == std::string::npos)
    {
        return;
    }
    const std::string correction = policy.label.substr(with + WITH.size());
    const std::size_t middle = correction.find(FOR);
    if (middle == std::string::npos || middle == 0 || middle + FOR.size() == correction.size())
    {
        return;
    }
    policy.meant = correction.substr(0, middle);
    policy.written = correction.substr(middle + FOR.size());
}

} // namespace

Policy
ParsePolicy(const std::string& label)
{
    Policy policy;
    policy.label = label;
    if (label == "all open")
    {
        policy.kind = PolicyKind::AllOpen;
    }
    else if (label == "nothing")
    {
        policy.kind = PolicyKind::Nothing;
    }
    else if (label == "all statements")
    {
        policy.kind = PolicyKind::AllStatements;
    }
    else if (BeginsWith(label, ONLY))
    {
        policy.kind = PolicyKind::Only;
        policy.statement = label.substr(ONLY.size());
    }
    else if (BeginsWith(label, ALL_BUT))
    {
        policy.kind = PolicyKind::AllBut;
        policy.statement = label.substr(ALL_BUT.size());
    }
    else
    {
        ParseCorrection(policy);
    }
    return policy;
}

} // namespace nattlab::audit

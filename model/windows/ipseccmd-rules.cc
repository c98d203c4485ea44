// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the dynamic and the static mode make of a command.
 */
#include "model/windows/ipseccmd-command.h"

#include <algorithm>
#include <map>

namespace nattlab::windows
{

using namespace ipseccmd;

namespace
{

using Action = PolicyRule::Action;

constexpr std::uint8_t PROTOCOL_UDP = 17;
constexpr std::uint16_t L2TP = 1701;

std::string
Quoted(const std::string& text)
{
    return "\"" + text + "\"";
}

std::string
NameOf(Action action)
{
    switch (action)
    {
    case Action::Permit:
        return "permit";
    case Action::Block:
        return "block";
    case Action::Negotiate:
        return "negotiate";
    }
    return "?";
}

/** How narrow a filter is: addresses first, then protocol, then ports. */
int
WeightOf(const PolicyFilter& filter)
{
    const esp::Selector& selector = filter.selector;
    const int addresses = selector.local.length + selector.remote.length;
    return addresses * 8 + (selector.protocol != 0 ? 4 : 0) + (selector.localPort != 0 ? 1 : 0) +
           (selector.remotePort != 0 ? 2 : 0);
}

int
WeightOf(const PolicyRule& rule)
{
    int weight = 0;
    for (const PolicyFilter& filter : rule.filters)
    {
        weight = std::max(weight, WeightOf(filter));
    }
    return weight;
}

void
CheckNegotiation(const PolicyRule& rule)
{
    for (const PolicyFilter& filter : rule.filters)
    {
        const esp::Selector& selector = filter.selector;
        if (selector.protocol != PROTOCOL_UDP ||
            (selector.localPort != L2TP && selector.remotePort != L2TP))
        {
            throw NotModelled("negotiating security for anything but UDP port 1701");
        }
    }
    if (!rule.presharedKey && !rule.certificate)
    {
        throw NotModelled("authentication by Kerberos, which holds without -a");
    }
}

/**
 * One rule for each action: a filter in brackets has its own, the others have that of -n.
 * \param name of the rule; a second and third one have their action behind it
 */
std::vector<PolicyRule>
MakeRules(const Command& command, const std::string& name)
{
    const Negotiation negotiation = command.negotiation.value_or(Negotiation{});
    std::map<Action, PolicyRule> byAction;
    for (const FilterWord& word : command.filters)
    {
        byAction[word.action.value_or(negotiation.action)].filters.push_back(word.filter);
    }
    std::vector<PolicyRule> rules;
    for (auto& [action, rule] : byAction)
    {
        rule.name = byAction.size() == 1 ? name : name + " (" + NameOf(action) + ")";
        rule.action = action;
        if (action == Action::Negotiate)
        {
            rule.proposals = negotiation.proposals;
            if (command.authentication)
            {
                rule.presharedKey = command.authentication->presharedKey;
                rule.certificate = command.authentication->certificate;
            }
            CheckNegotiation(rule);
        }
        rules.push_back(std::move(rule));
    }
    SortBySpecificity(rules);
    return rules;
}

/** What the user is told before anything else. */
std::string
Notes(const Command& command)
{
    std::string text = command.confirm ? "Confirmed: nobody is there to be asked.\n" : "";
    if (command.authentication && command.authentication->certificate)
    {
        text += "Every root that the computer trusts is taken for the authority of -a.\n";
    }
    return text;
}

ToolResult
AddDynamicRules(const Command& command, const ToolContext& context)
{
    if (command.filters.empty())
    {
        throw Refusal("expected -f FILTER");
    }
    if (!command.mainMode.empty() || command.mainModeSeconds)
    {
        throw NotModelled("main-mode methods of dynamic rules (-1s, -1k without -w)");
    }
    ToolResult result;
    result.text = Notes(command);
    const std::string name = "Dynamic " + std::to_string(context.dynamic.size() + 1);
    for (PolicyRule& rule : MakeRules(command, name))
    {
        result.text += "Added rule " + DescribeRule(rule) + "\n";
        result.changes.emplace_back(AddDynamic{std::move(rule)});
    }
    return result;
}

ToolResult
DeleteDynamicRules(const Command& command, const ToolContext& context)
{
    ToolResult result;
    result.text =
        Notes(command) + "Deleted " + std::to_string(context.dynamic.size()) + " dynamic rules.\n";
    result.changes.emplace_back(DeleteDynamic{});
    return result;
}

const IpsecPolicy*
FindPolicy(const ToolContext& context, const std::string& name)
{
    const std::string wanted = UpperCase(name);
    for (const IpsecPolicy& policy : context.stored)
    {
        if (UpperCase(policy.name) == wanted)
        {
            return &policy;
        }
    }
    return nullptr;
}

bool
IsAssigned(const ToolContext& context, const std::string& name)
{
    return context.assigned && UpperCase(*context.assigned) == UpperCase(name);
}

/** Put rules in the place of those of the same name, and the others behind. */
void
PutRules(IpsecPolicy& policy, std::vector<PolicyRule> rules)
{
    for (PolicyRule& rule : rules)
    {
        const auto same = std::find_if(policy.rules.begin(),
                                       policy.rules.end(),
                                       [&](const PolicyRule& other)
                                       { return UpperCase(other.name) == UpperCase(rule.name); });
        if (same != policy.rules.end())
        {
            *same = std::move(rule);
        }
        else
        {
            policy.rules.push_back(std::move(rule));
        }
    }
    SortBySpecificity(policy.rules);
}

/** -1s names no authentication: each transform is offered with those of -a. */
void
PutMainMode(IpsecPolicy& policy, const Command& command)
{
    std::vector<ike::Phase1Transform> transforms = command.mainMode;
    if (command.mainModeSeconds && transforms.empty())
    {
        transforms = policy.phase1;
        if (transforms.empty())
        {
            throw NotModelled("-1k without the methods of -1s");
        }
    }
    if (transforms.empty())
    {
        return;
    }
    for (ike::Phase1Transform& transform : transforms)
    {
        transform.lifeSeconds = command.mainModeSeconds.value_or(transform.lifeSeconds);
    }
    policy.phase1 = transforms;
    if (command.mainMode.empty() || !command.authentication || !command.authentication->certificate)
    {
        return;
    }
    if (!command.authentication->presharedKey)
    {
        policy.phase1.clear();
    }
    for (ike::Phase1Transform transform : transforms)
    {
        transform.auth = ike::AuthMethod::RsaSignature;
        policy.phase1.push_back(transform);
    }
}

void
Assign(const std::string& name, const ToolContext& context, ToolResult& result)
{
    if (context.assigned && !IsAssigned(context, name))
    {
        result.text += "Policy " + Quoted(*context.assigned) + " is not assigned any more.\n";
    }
    result.changes.emplace_back(AssignPolicy{name});
    result.text += "Policy " + Quoted(name) + " is assigned.\n";
}

ToolResult
ErasePolicy(const IpsecPolicy& policy, const ToolContext& context)
{
    ToolResult result;
    if (IsAssigned(context, policy.name))
    {
        result.changes.emplace_back(UnassignPolicy{});
    }
    result.changes.emplace_back(DeletePolicy{policy.name});
    result.text = "Policy " + Quoted(policy.name) + " is deleted.\n";
    return result;
}

ToolResult
Unassign(const IpsecPolicy& policy, const ToolContext& context)
{
    ToolResult result;
    if (!IsAssigned(context, policy.name))
    {
        result.text = "Policy " + Quoted(policy.name) + " was not assigned.\n";
        return result;
    }
    result.changes.emplace_back(UnassignPolicy{});
    result.text = "Policy " + Quoted(policy.name) + " is not assigned any more.\n";
    return result;
}

void
CheckStatic(const Command& command)
{
    if (!command.policy)
    {
        throw Refusal("-w: expected -p POLICY beside it");
    }
    if (command.confirm || command.deleteDynamic)
    {
        throw Refusal("-confirm and -u are for dynamic rules: they do not go with -w");
    }
    if (command.assign && (command.unassign || command.erase))
    {
        throw Refusal("-x does not go with -y or -o");
    }
    if (command.filters.empty())
    {
        if (command.negotiation || command.authentication)
        {
            throw Refusal("expected -f FILTER beside -n and -a");
        }
        return;
    }
    if (command.rules.size() != 1)
    {
        throw Refusal("expected -r RULE, once, beside -f");
    }
    if (command.unassign || command.erase)
    {
        throw Refusal("-y and -o do not go with -f");
    }
}

/** \return true when a command says more than which policy is assigned. */
bool
Alters(const Command& command)
{
    return !command.filters.empty() || command.pollInterval || !command.mainMode.empty() ||
           command.mainModeSeconds;
}

ToolResult
ChangeStored(const Command& command, const ToolContext& context)
{
    CheckStatic(command);
    const IpsecPolicy* old = FindPolicy(context, *command.policy);
    if (!old && (command.unassign || command.erase || (command.assign && command.filters.empty())))
    {
        throw Refusal("no policy " + Quoted(*command.policy) + " is stored");
    }
    if (command.erase)
    {
        return ErasePolicy(*old, context);
    }
    if (command.unassign)
    {
        return Unassign(*old, context);
    }
    ToolResult result;
    const std::string name = old ? old->name : *command.policy;
    if (!old || Alters(command))
    {
        IpsecPolicy policy = old ? *old : IpsecPolicy{};
        policy.name = name;
        policy.pollInterval = command.pollInterval.value_or(policy.pollInterval);
        PutMainMode(policy, command);
        if (!command.filters.empty())
        {
            PutRules(policy, MakeRules(command, command.rules.front()));
        }
        result.text = Notes(command) + "Policy " + Quoted(name) + " is stored.\n";
        result.changes.emplace_back(StorePolicy{std::move(policy)});
    }
    if (command.assign)
    {
        Assign(name, context, result);
    }
    return result;
}

} // namespace

void
SortBySpecificity(std::vector<PolicyRule>& rules)
{
    std::stable_sort(rules.begin(),
                     rules.end(),
                     [](const PolicyRule& a, const PolicyRule& b)
                     { return WeightOf(a) > WeightOf(b); });
}

ToolResult
ipseccmd::ChangeRules(const Command& command, const ToolContext& context)
{
    if (command.stored)
    {
        return ChangeStored(command, context);
    }
    if (command.policy || !command.rules.empty() || command.assign || command.unassign ||
        command.erase)
    {
        throw Refusal("-p, -r, -x, -y and -o need -w REG");
    }
    if (command.deleteDynamic)
    {
        if (!command.filters.empty())
        {
            throw Refusal("-u stands alone");
        }
        return DeleteDynamicRules(command, context);
    }
    return AddDynamicRules(command, context);
}

std::string
ipseccmd::DescribeRule(const PolicyRule& rule)
{
    std::string text = Quoted(rule.name) + ": " + NameOf(rule.action);
    for (const PolicyFilter& filter : rule.filters)
    {
        text += ", " + filter.selector.ToString() + (filter.mirrored ? " mirrored" : "");
    }
    return text;
}

} // namespace nattlab::windows

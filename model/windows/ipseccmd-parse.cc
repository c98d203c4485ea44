// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ipseccmd-command.h"

#include <algorithm>
#include <iterator>

namespace nattlab::windows::ipseccmd
{

namespace
{

/** How many words follow a flag. */
enum class Takes : std::uint8_t
{
    Nothing,
    One,
    Some, //!< one or more
};

struct Flag
{
    std::string_view name; //!< in upper case
    Takes takes;
    bool storing; //!< of the static mode
};

constexpr Flag FLAGS[] = {
    {"-F", Takes::Some, false},         {"-N", Takes::Some, false},
    {"-A", Takes::Some, false},         {"-T", Takes::One, false},
    {"-U", Takes::Nothing, false},      {"-1S", Takes::Some, false},
    {"-1K", Takes::Some, false},        {"-1P", Takes::Nothing, false},
    {"-1F", Takes::Some, false},        {"-1E", Takes::One, false},
    {"-SOFT", Takes::Nothing, false},   {"-CONFIRM", Takes::Nothing, false},
    {"-DIALUP", Takes::Nothing, false}, {"-LAN", Takes::Nothing, false},
    {"-W", Takes::One, true},           {"-P", Takes::One, true},
    {"-R", Takes::One, true},           {"-X", Takes::Nothing, true},
    {"-Y", Takes::Nothing, true},       {"-O", Takes::Nothing, true},
};

[[noreturn]] void
UnknownOption(const std::string& word)
{
    throw Refusal("unknown option \"" + word + "\"");
}

const Flag&
FlagNamed(const std::string& word, const ToolContext& context)
{
    const std::string name = UpperCase(word);
    const auto flag = std::find_if(
        std::begin(FLAGS), std::end(FLAGS), [&](const Flag& f) { return f.name == name; });
    if (flag == std::end(FLAGS) || (flag->storing && !KnowsStaticMode(context)))
    {
        UnknownOption(word);
    }
    return *flag;
}

/** -p NAME or NAME:MINUTES. */
void
ParsePolicy(const std::string& word, const ToolContext& context, Command& command)
{
    const std::size_t colon = word.rfind(':');
    command.policy = word.substr(0, colon);
    if (command.policy->empty())
    {
        throw Refusal("-p: expected the name of a policy, found \"" + word + "\"");
    }
    if (colon == std::string::npos)
    {
        return;
    }
    const auto interval =
        ParseNumber(std::string_view{word}.substr(colon + 1), context.rules.maxPollMinutes);
    if (!interval)
    {
        throw Refusal("-p: expected minutes after the colon, found \"" + word + "\"");
    }
    command.pollInterval = minutes{*interval};
}

void
ParseStore(const std::string& word, Command& command)
{
    const std::string type = UpperCase(std::string_view{word}.substr(0, word.find(':')));
    if (type != "REG")
    {
        throw NotModelled("a policy store other than the registry of this computer (-w " + word +
                          ")");
    }
    if (word.size() != type.size())
    {
        throw NotModelled("the registry of another computer (-w " + word + ")");
    }
    command.stored = true;
}

void
TakeFlag(const Flag& flag,
         const std::vector<std::string>& values,
         const ToolContext& context,
         Command& command)
{
    const bool updated = context.system.newTools;
    if (flag.name == "-F")
    {
        for (const std::string& value : values)
        {
            command.filters.push_back(ParseFilter(value, context.status.address));
        }
    }
    else if (flag.name == "-N")
    {
        command.negotiation = ParseNegotiation(values, updated);
    }
    else if (flag.name == "-A")
    {
        command.authentication = ParseAuthentication(values);
    }
    else if (flag.name == "-1S")
    {
        command.mainMode = ParseMainMode(values, updated);
    }
    else if (flag.name == "-1K")
    {
        command.mainModeSeconds = ParseMainModeLife(values);
    }
    else if (flag.name == "-W")
    {
        ParseStore(values[0], command);
    }
    else if (flag.name == "-P")
    {
        ParsePolicy(values[0], context, command);
    }
    else if (flag.name == "-R")
    {
        command.rules.push_back(values[0]);
    }
    command.deleteDynamic |= flag.name == "-U";
    command.confirm |= flag.name == "-CONFIRM";
    command.assign |= flag.name == "-X";
    command.unassign |= flag.name == "-Y";
    command.erase |= flag.name == "-O";
}

struct Missing
{
    std::string_view flag;
    const char* what;
};

constexpr Missing MISSING[] = {
    {"-T", "tunnel mode (-t)"},
    {"-1P", "main mode for one quick mode only (-1p)"},
    {"-1F", "main-mode filters (-1f)"},
    {"-1E", "soft security associations (-1e)"},
    {"-SOFT", "soft security associations (-soft)"},
    {"-DIALUP", "rules for dial-up interfaces (-dialup)"},
};

void
ParseFlags(const std::vector<std::string>& words, const ToolContext& context, Command& command)
{
    std::size_t at = 0;
    while (at < words.size())
    {
        const std::string& word = words[at++];
        const Flag& flag = FlagNamed(word, context);
        std::vector<std::string> values;
        while (at < words.size() && flag.takes != Takes::Nothing && words[at].rfind('-', 0) != 0 &&
               (flag.takes == Takes::Some || values.empty()))
        {
            values.push_back(words[at++]);
        }
        if (flag.takes != Takes::Nothing && values.empty())
        {
            throw Refusal(word + ": a value is missing");
        }
        for (const Missing& missing : MISSING)
        {
            if (missing.flag == flag.name)
            {
                throw NotModelled(missing.what);
            }
        }
        TakeFlag(flag, values, context, command);
    }
}

void
ParseShow(const std::vector<std::string>& words, const ToolContext& context, Command& command)
{
    const std::vector<std::string> topics = TopicsOf(context.system.newTools);
    for (auto word = words.begin() + 1; word != words.end(); ++word)
    {
        const std::string topic = UpperCase(*word);
        if (topic == "ALL")
        {
            command.show = topics;
            return;
        }
        if (std::find(topics.begin(), topics.end(), topic) == topics.end())
        {
            UnknownOption(*word);
        }
        command.show.push_back(topic);
    }
    if (command.show.empty())
    {
        throw Refusal("show: expected what to show");
    }
}

void
ParseSet(const std::vector<std::string>& words, Command& command)
{
    const std::string what = words.size() == 2 ? UpperCase(words[1]) : "";
    if (what != "LOGIKE" && what != "DONTLOGIKE")
    {
        throw Refusal("set: expected logike or dontlogike");
    }
    command.logging = what == "LOGIKE";
}

/** \\computer as the first word. */
bool
NamesComputer(const std::string& word, const ToolContext& context)
{
    if (word.rfind("\\\\", 0) != 0)
    {
        return false;
    }
    if (UpperCase(word.substr(2)) != UpperCase(context.computer))
    {
        throw NotModelled("work on another computer (" + word + ")");
    }
    return true;
}

} // namespace

bool
KnowsStaticMode(const ToolContext& context)
{
    return context.system.newTools || context.system.release == Release::Windows2000 ||
           context.rules.oldIpseccmdStores;
}

bool
KnowsQueryMode(const ToolContext& context)
{
    return context.system.newTools || context.system.release != Release::Windows2000 ||
           context.rules.oldIpsecpolShows;
}

std::vector<std::string>
TopicsOf(bool updated)
{
    std::vector<std::string> topics{"FILTERS", "POLICIES", "AUTH", "STATS", "SAS"};
    if (updated)
    {
        topics.insert(topics.begin(), "GPO");
    }
    return topics;
}

Command
ParseCommand(const std::vector<std::string>& given, const ToolContext& context)
{
    std::vector<std::string> words = given;
    if (!words.empty() && NamesComputer(words.front(), context))
    {
        words.erase(words.begin());
    }
    Command command;
    const auto isHelp = [](const std::string& word) { return word == "-?" || word == "/?"; };
    command.help = words.empty() || std::any_of(words.begin(), words.end(), isHelp);
    if (command.help)
    {
        return command;
    }
    const std::string first = UpperCase(words.front());
    if (first == "SHOW" && KnowsQueryMode(context))
    {
        ParseShow(words, context, command);
    }
    else if (first == "SET" && context.system.newTools)
    {
        ParseSet(words, command);
    }
    else
    {
        ParseFlags(words, context, command);
    }
    return command;
}

} // namespace nattlab::windows::ipseccmd

// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ipseccmd.h"

#include "model/windows/ipseccmd-command.h"

#include <stdexcept>

namespace nattlab::windows
{

using namespace ipseccmd;

namespace
{

/** The two programs: the older one, and the name under which XP has it. */
constexpr std::string_view IPSECPOL = "ipsecpol";
constexpr std::string_view IPSECCMD = "ipseccmd";

/** \return the program of a release; empty when it has none. */
std::string_view
ProgramOf(Release release)
{
    switch (release)
    {
    case Release::Windows2000:
        return IPSECPOL;
    case Release::WindowsXp:
        return IPSECCMD;
    case Release::Windows98:
    case Release::WindowsServer2003:
    case Release::WindowsVista:
    case Release::Windows7:
        return {};
    }
    return {};
}

/** \return the program that a word names, without ".exe"; empty when it names none of the two. */
std::string_view
ProgramNamed(const std::string& word)
{
    std::string name = UpperCase(word);
    if (name.size() > 4 && name.compare(name.size() - 4, 4, ".EXE") == 0)
    {
        name.resize(name.size() - 4);
    }
    for (const std::string_view program : {IPSECPOL, IPSECCMD})
    {
        if (name == UpperCase(program))
        {
            return program;
        }
    }
    return {};
}

void
CheckProgram(std::string_view asked, const System& system)
{
    const std::string_view program = ProgramOf(system.release);
    const std::string name{asked.empty() ? IPSECCMD : asked};
    const std::string release{NameOf(system.release)};
    if (program.empty())
    {
        throw Refusal(name + " is not there: " + release +
                      (system.release == Release::Windows98
                           ? " has no tool for IPsec policies"
                           : " has netsh ipsec in its place, which is not modelled"));
    }
    if (!asked.empty() && asked != program)
    {
        throw Refusal(name + " is not there: the tool of " + release + " is " +
                      std::string{program});
    }
}

/** Tools and system files speak with each other in a form that the update changed. */
void
CheckVersion(const ToolContext& context)
{
    const System& system = context.system;
    if (system.updated && !system.newTools && context.rules.oldToolFailsOnUpdate)
    {
        throw Refusal("this version of the tool does not work with the updated IPsec service: "
                      "install the one that came with the update");
    }
    if (!system.updated && system.newTools && context.rules.newToolNeedsUpdate)
    {
        throw Refusal("this version of the tool needs the updated IPsec service, which is not "
                      "installed");
    }
}

void
CheckService(const Command& command, const ToolContext& context)
{
    const bool storesOnly = command.stored; // the registry is there without the service
    if (!context.status.running && !storesOnly)
    {
        throw Refusal("the IPsec service is not running");
    }
}

ToolResult
SwitchLogging(bool on)
{
    ToolResult result;
    result.text =
        on ? "IKE logging is on: %SystemRoot%\\debug\\Oakley.log\n" : "IKE logging is off.\n";
    result.changes.emplace_back(SetLogging{on});
    return result;
}

ToolResult
Show(const Command& command, const ToolContext& context)
{
    ToolResult result;
    for (const std::string& topic : command.show)
    {
        result.text += (result.text.empty() ? "" : "\n") + ShowText(topic, context);
    }
    return result;
}

ToolResult
Run(const std::vector<std::string>& arguments, const ToolContext& context)
{
    std::vector<std::string> words = arguments;
    const std::string_view asked = words.empty() ? std::string_view{} : ProgramNamed(words.front());
    if (!asked.empty())
    {
        words.erase(words.begin());
    }
    CheckProgram(asked, context.system);
    CheckVersion(context);
    const Command command = ParseCommand(words, context);
    if (command.help)
    {
        ToolResult help;
        help.text = HelpText(context);
        return help;
    }
    CheckService(command, context);
    if (command.logging)
    {
        return SwitchLogging(*command.logging);
    }
    return command.show.empty() ? ChangeRules(command, context) : Show(command, context);
}

} // namespace

std::vector<std::string>
SplitCommandLine(std::string_view line)
{
    std::vector<std::string> words;
    std::string word;
    bool inWord = false;
    bool inQuotes = false;
    for (const char c : line)
    {
        if (c == '"')
        {
            inQuotes = !inQuotes;
            inWord = true; // "" is a word
        }
        else if (!inQuotes && (c == ' ' || c == '\t'))
        {
            if (inWord)
            {
                words.push_back(std::move(word));
            }
            word.clear();
            inWord = false;
        }
        else
        {
            word += c;
            inWord = true;
        }
    }
    if (inQuotes)
    {
        throw std::invalid_argument("command line: a double quote is not closed");
    }
    if (inWord)
    {
        words.push_back(std::move(word));
    }
    return words;
}

ToolResult
RunIpseccmd(const std::vector<std::string>& arguments, const ToolContext& context)
{
    try
    {
        return Run(arguments, context);
    }
    catch (const Refusal& refusal)
    {
        ToolResult failed;
        failed.exitCode = 1;
        failed.text = "Error: " + std::string{refusal.what()} + "\n";
        return failed;
    }
}

Refusal
ipseccmd::NotModelled(const std::string& what)
{
    return Refusal{what + ": not modelled"};
}

std::string
ipseccmd::UpperCase(std::string_view text)
{
    std::string out{text};
    for (char& c : out)
    {
        if (c >= 'a' && c <= 'z')
        {
            c = static_cast<char>(c - 'a' + 'A');
        }
    }
    return out;
}

std::optional<std::uint32_t>
ipseccmd::ParseNumber(std::string_view text, std::uint32_t largest)
{
    if (text.empty())
    {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char c : text)
    {
        if (c < '0' || c > '9')
        {
            return std::nullopt;
        }
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
        if (number > largest)
        {
            return std::nullopt;
        }
    }
    return static_cast<std::uint32_t>(number);
}

} // namespace nattlab::windows

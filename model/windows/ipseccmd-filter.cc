// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The filters of -f: ADDRESS[/MASK][:PORT]=ADDRESS[/MASK][:PORT][:PROTOCOL], with "+" in place of
 * "=" for a mirrored one (help page "ipsecpol_syntax"; KB813878 for examples).
 */
#include "model/windows/ipseccmd-command.h"

namespace nattlab::windows::ipseccmd
{

namespace
{

constexpr std::uint8_t PROTOCOL_TCP = 6;
constexpr std::uint8_t PROTOCOL_UDP = 17;

struct NamedProtocol
{
    std::string_view name;
    std::uint8_t number;
};

constexpr NamedProtocol PROTOCOLS[] = {
    {"ICMP", 1},
    {"TCP", PROTOCOL_TCP},
    {"UDP", PROTOCOL_UDP},
    {"RAW", 255},
};

/** One end of a filter. */
struct End
{
    Ipv4Prefix address{{}, 0};
    bool own{false};
    std::uint16_t port{0};
};

[[noreturn]] void
Complain(std::string_view word, const std::string& what)
{
    throw Refusal("filter \"" + std::string{word} + "\": " + what);
}

std::vector<std::string_view>
SplitAt(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true)
    {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
        {
            return parts;
        }
        text.remove_prefix(end + 1);
    }
}

/** \return the length of "255.255.0.0" or "16". */
std::optional<std::uint8_t>
ParseMask(std::string_view text)
{
    if (const auto bits = ParseNumber(text, 32))
    {
        return static_cast<std::uint8_t>(*bits);
    }
    const auto dotted = Ipv4Address::Parse(text);
    for (std::uint8_t length = 0; dotted && length <= 32; ++length)
    {
        if (Ipv4Prefix{{}, length}.Mask() == dotted->value)
        {
            return length;
        }
    }
    return std::nullopt;
}

/** \return 144.92.0.0/16 for "144.92.*.*". */
std::optional<Ipv4Prefix>
ParseWildcard(std::string_view text)
{
    const std::vector<std::string_view> parts = SplitAt(text, '.');
    if (parts.size() != 4)
    {
        return std::nullopt;
    }
    std::uint8_t length = 32;
    std::uint32_t address = 0;
    for (const std::string_view part : parts)
    {
        const auto number = ParseNumber(part, 255);
        if (part == "*")
        {
            length = static_cast<std::uint8_t>(length - 8);
        }
        else if (!number || length != 32)
        {
            return std::nullopt; // a number after an asterisk
        }
        address = address << 8 | number.value_or(0);
    }
    return Ipv4Prefix{{address}, length};
}

End
ParseAddress(std::string_view word, std::string_view text, Ipv4Address own)
{
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    End end;
    std::optional<std::uint8_t> mask;
    if (slash != std::string_view::npos)
    {
        mask = ParseMask(text.substr(slash + 1));
        if (!mask)
        {
            Complain(word, "expected a mask such as 255.255.255.0 or 24 after the slash");
        }
    }
    if (address == "*")
    {
        return end;
    }
    if (address == "0")
    {
        if (mask && *mask != 32)
        {
            throw NotModelled("the subnet of this computer in filter \"" + std::string{word} +
                              "\"");
        }
        end.own = true;
        end.address = {own, 32};
        return end;
    }
    const auto prefix = ParseWildcard(address);
    if (!prefix)
    {
        Complain(word,
                 "expected an address, 0 for this computer or * for any, found \"" +
                     std::string{address} + "\" (names are not looked up in the model)");
    }
    end.address = *prefix;
    if (mask)
    {
        end.address.length = *mask;
        end.address.address = end.address.Network();
    }
    return end;
}

std::uint16_t
ParsePort(std::string_view word, std::string_view text)
{
    if (text.empty() || text == "*")
    {
        return 0;
    }
    const auto port = ParseNumber(text, 65535);
    if (!port)
    {
        Complain(word, "expected a port, found \"" + std::string{text} + "\"");
    }
    return static_cast<std::uint16_t>(*port);
}

std::uint8_t
ParseProtocol(std::string_view word, std::string_view text)
{
    if (text.empty())
    {
        return 0;
    }
    const std::string name = UpperCase(text);
    for (const NamedProtocol& protocol : PROTOCOLS)
    {
        if (protocol.name == name)
        {
            return protocol.number;
        }
    }
    const auto number = ParseNumber(text, 255);
    if (!number)
    {
        Complain(word,
                 "expected TCP, UDP, ICMP, RAW or a number as protocol, found \"" +
                     std::string{text} + "\"");
    }
    return static_cast<std::uint8_t>(*number);
}

/** ADDRESS[/MASK][:PORT], and for the destination [:PROTOCOL]. */
End
ParseEnd(std::string_view word,
         std::string_view text,
         Ipv4Address own,
         std::optional<std::uint8_t>* protocol)
{
    const std::vector<std::string_view> parts = SplitAt(text, ':');
    if (parts.size() > (protocol ? 3u : 2u))
    {
        Complain(word, "too many colons");
    }
    End end = ParseAddress(word, parts[0], own);
    end.port = parts.size() > 1 ? ParsePort(word, parts[1]) : std::uint16_t{0};
    if (parts.size() > 2)
    {
        *protocol = ParseProtocol(word, parts[2]);
    }
    return end;
}

/** Take off the brackets around a filter, and what they mean. */
std::optional<PolicyRule::Action>
TakeBrackets(std::string_view word, std::string_view& text)
{
    const char first = text.empty() ? '\0' : text.front();
    if (first != '(' && first != '[')
    {
        return std::nullopt;
    }
    if (text.back() != (first == '(' ? ')' : ']') || text.size() < 2)
    {
        Complain(word, "the bracket is not closed");
    }
    text = text.substr(1, text.size() - 2);
    return first == '(' ? PolicyRule::Action::Permit : PolicyRule::Action::Block;
}

} // namespace

FilterWord
ParseFilter(std::string_view word, Ipv4Address own)
{
    if (UpperCase(word) == "DEFAULT")
    {
        throw NotModelled("the default response rule (filter DEFAULT)");
    }
    FilterWord result;
    std::string_view text = word;
    result.action = TakeBrackets(word, text);
    const std::size_t middle = text.find_first_of("=+");
    if (middle == std::string_view::npos)
    {
        Complain(word, "expected SOURCE=DESTINATION, or SOURCE+DESTINATION for both directions");
    }
    std::optional<std::uint8_t> protocol;
    const End source = ParseEnd(word, text.substr(0, middle), own, nullptr);
    const End destination = ParseEnd(word, text.substr(middle + 1), own, &protocol);
    esp::Selector& selector = result.filter.selector;
    selector.local = source.address;
    selector.remote = destination.address;
    selector.localPort = source.port;
    selector.remotePort = destination.port;
    selector.protocol = protocol.value_or(0);
    if ((source.port != 0 || destination.port != 0) && selector.protocol != PROTOCOL_TCP &&
        selector.protocol != PROTOCOL_UDP)
    {
        Complain(word, "a port needs the protocol TCP or UDP at the end");
    }
    result.filter.mirrored = text[middle] == '+';
    result.filter.local = source.own;
    return result;
}

} // namespace nattlab::windows::ipseccmd

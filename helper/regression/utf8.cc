// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/utf8.h"

#include <cstddef>
#include <cstdint>

namespace nattlab::regression
{

namespace
{

constexpr std::string_view REPLACEMENT = "\xef\xbf\xbd"; // U+FFFD

/** The bytes of the first character of a text. */
struct Character
{
    std::size_t length; //!< 0: no valid character
    std::uint32_t code;
};

Character
FirstCharacter(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
    {
        return {1, lead};
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || lead > 0xf4 || text.size() < length)
    {
        return {0, 0};
    }
    std::uint32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
    {
        if ((byte(i) & 0xc0) != 0x80)
        {
            return {0, 0};
        }
        code = code << 6 | (byte(i) & 0x3f);
    }
    const bool overlong = code < (length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return overlong || surrogate || code > 0x10ffff ? Character{0, 0} : Character{length, code};
}

/** \return how XML writes a character, or "" where it stands for itself. */
std::string_view
Escape(std::uint32_t code)
{
    switch (code)
    {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return code < 0x20 || code == 0xfffe || code == 0xffff ? REPLACEMENT : "";
    }
}

} // namespace

std::string
ToValidUtf8(std::string_view text)
{
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty())
    {
        const std::size_t length = FirstCharacter(text).length;
        valid += length == 0 ? REPLACEMENT : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return valid;
}

std::string
ToXml(std::string_view text)
{
    const std::string valid = ToValidUtf8(text);
    std::string xml;
    for (std::string_view rest = valid; !rest.empty();)
    {
        const Character c = FirstCharacter(rest);
        const std::string_view escaped = Escape(c.code);
        xml += escaped.empty() ? rest.substr(0, c.length) : escaped;
        rest.remove_prefix(c.length);
    }
    return xml;
}

} // namespace nattlab::regression

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/canvas.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace nattlab::figures
{

namespace
{

/** A character of UTF-8 text. */
struct Character
{
    std::uint32_t code{0};
    std::size_t size{1}; //!< bytes
    bool valid{false};
};

/** \return the character at \p at (RFC 3629). */
Character
CharacterAt(const std::string& text, std::size_t at)
{
    const auto byte = [&text](std::size_t i) -> std::uint32_t
    { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
    const std::uint32_t lead = byte(at);
    if (lead < 0x80)
    {
        return {lead, 1, true};
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
    {
        return {};
    }
    std::uint32_t code = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
    {
        if ((byte(at + i) & 0xC0) != 0x80)
        {
            return {};
        }
        code = code << 6 | (byte(at + i) & 0x3F);
    }
    constexpr std::array<std::uint32_t, 5> LEAST{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < LEAST[size] || code > 0x10FFFF || surrogate ? Character{}
                                                              : Character{code, size, true};
}

/** \return the width of a character, in parts of the font's size: as in wide fonts without serifs.
 */
double
WidthOf(std::uint32_t code)
{
    constexpr double NARROW = 0.36;
    constexpr double SMALL = 0.54;
    constexpr double USUAL = 0.63;
    constexpr double CAPITAL = 0.7;
    constexpr double WIDE = 1.0; // of East Asia, and m and w
    const auto isOneOf = [code](const char* those) {
        return code < 0x80 && std::string(those).find(static_cast<char>(code)) != std::string::npos;
    };
    if (isOneOf(" .,:;'|!()[]ijlftr-/"))
    {
        return NARROW;
    }
    if (isOneOf("csz"))
    {
        return SMALL;
    }
    const bool punctuation = code >= 0x2000 && code < 0x2100;
    if (isOneOf("mwMW%@") || (code >= 0x1100 && !punctuation))
    {
        return WIDE;
    }
    return code >= 'A' && code <= 'Z' ? CAPITAL : USUAL;
}

} // namespace

std::string
Plain(const std::string& text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size();)
    {
        const Character character = CharacterAt(text, i);
        // C0 and C1 controls, and what turns the direction of writing
        const bool control = character.code < 0x20 ||
                             (character.code >= 0x7F && character.code < 0xA0) ||
                             (character.code >= 0x202A && character.code <= 0x202E) ||
                             (character.code >= 0x2028 && character.code <= 0x2029) ||
                             (character.code >= 0xFFFE && character.code <= 0xFFFF);
        plain += !character.valid ? "?" : control ? " " : text.substr(i, character.size);
        i += character.size;
    }
    return plain;
}

std::string
Quoted(const std::string& text)
{
    // gnuplot puts the output of `commands` and the values of @macros into a line before it looks
    // at quotes, so that nothing that has a meaning may stand there as itself.
    constexpr const char* MEANINGFUL = "\"'\\`@$";
    std::string quoted = "\"";
    bool escaped = false;
    for (const char c : Plain(text))
    {
        // A digit after an escape would be read as a part of it.
        escaped = std::strchr(MEANINGFUL, c) != nullptr || (escaped && c >= '0' && c <= '9');
        if (!escaped)
        {
            quoted += c;
            continue;
        }
        std::array<char, 8> octal{};
        std::snprintf(octal.data(), octal.size(), "\\%03o", static_cast<unsigned>(c));
        quoted += octal.data();
    }
    return quoted + "\"";
}

std::string
Number(double number)
{
    std::array<char, 40> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.7g", number);
    return buffer.data();
}

double
WidthOf(const std::string& text, double size)
{
    double width = 0;
    for (std::size_t i = 0; i < text.size();)
    {
        const Character character = CharacterAt(text, i);
        width += WidthOf(character.code) * size;
        i += character.size;
    }
    return width;
}

std::vector<std::string>
Wrapped(const std::string& text, double size, double width)
{
    std::vector<std::string> lines;
    std::string line;
    std::size_t blank = std::string::npos; // the last one in the line
    for (std::size_t i = 0; i < text.size();)
    {
        const std::size_t bytes = CharacterAt(text, i).size;
        const std::string character = text.substr(i, bytes);
        i += bytes;
        if (!line.empty() && WidthOf(line + character, size) > width)
        {
            const bool breakable = blank != std::string::npos && character != " ";
            lines.push_back(breakable ? line.substr(0, blank) : line);
            line = breakable ? line.substr(blank + 1) : "";
            blank = std::string::npos;
            if (character == " ")
            {
                continue;
            }
        }
        blank = character == " " ? line.size() : blank;
        line += character;
    }
    if (!line.empty() || lines.empty())
    {
        lines.push_back(line);
    }
    return lines;
}

std::string
Shortened(const std::string& text, double size, double width)
{
    if (WidthOf(text, size) <= width)
    {
        return text;
    }
    const std::string ellipsis = "…";
    std::string part;
    for (std::size_t i = 0; i < text.size();)
    {
        const std::size_t bytes = CharacterAt(text, i).size;
        if (WidthOf(part + text.substr(i, bytes) + ellipsis, size) > width)
        {
            break;
        }
        part += text.substr(i, bytes);
        i += bytes;
    }
    return part + ellipsis;
}

Canvas::Canvas(double width, double height)
    : m_width(width),
      m_height(height)
{
}

double
Canvas::Width() const
{
    return m_width;
}

double
Canvas::Height() const
{
    return m_height;
}

std::string
Canvas::Screen(double x, double y) const
{
    return "screen " + Number(x / m_width) + ", screen " + Number(1 - y / m_height);
}

void
Canvas::Text(double x, double y, const std::string& text, const TextStyle& style)
{
    constexpr std::array<const char*, 3> ALIGN{"left", "center", "right"};
    Command("set label " + std::to_string(++m_labels) + " " + Quoted(text) + " at " + Screen(x, y) +
            " " + ALIGN[static_cast<std::size_t>(style.align)] +
            (style.rotate == 0 ? "" : " rotate by " + Number(style.rotate)) + " font '," +
            Number(style.size) + "' tc rgb '" + style.colour + "' noenhanced front");
}

void
Canvas::Line(double x1, double y1, double x2, double y2, const std::string& style)
{
    Command("set arrow " + std::to_string(++m_arrows) + " from " + Screen(x1, y1) + " to " +
            Screen(x2, y2) + " nohead " + style);
}

void
Canvas::Box(double x1, double y1, double x2, double y2, const std::string& style)
{
    Command("set object " + std::to_string(++m_objects) + " rectangle from " + Screen(x1, y1) +
            " to " + Screen(x2, y2) + " " + style);
}

void
Canvas::Margins(double left, double top, double right, double bottom)
{
    Command("set lmargin at screen " + Number(left / m_width) + "\nset rmargin at screen " +
            Number(right / m_width) + "\nset tmargin at screen " + Number(1 - top / m_height) +
            "\nset bmargin at screen " + Number(1 - bottom / m_height));
}

void
Canvas::Command(const std::string& command)
{
    m_script += command + "\n";
}

const std::string&
Canvas::Script() const
{
    return m_script;
}

} // namespace nattlab::figures

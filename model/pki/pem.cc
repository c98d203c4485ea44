// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/pem.h"

#include <stdexcept>

namespace nattlab::pki
{

namespace
{

constexpr std::string_view BEGIN = "-----BEGIN ";
constexpr std::string_view END = "-----END ";
constexpr std::string_view DASHES = "-----";
constexpr std::string_view ALPHABET =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool
IsSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/** RFC 4648 4, with white space anywhere. */
Bytes
FromBase64(std::string_view text)
{
    Bytes bytes;
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text)
    {
        if (IsSpace(c))
        {
            continue;
        }
        const std::size_t value = ALPHABET.find(c);
        if (c == '=')
        {
            ++padding;
            continue;
        }
        if (value == std::string_view::npos || padding != 0)
        {
            throw std::invalid_argument("a PEM block holds a character that is not base64");
        }
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (++digits % 4 != 1)
        {
            bytes.push_back(static_cast<std::uint8_t>(bits >> (2 * ((0u - digits) % 4))));
        }
    }
    if ((digits + padding) % 4 != 0 || padding > 2)
    {
        throw std::invalid_argument("a PEM block ends in the middle of its base64");
    }
    return bytes;
}

} // namespace

std::vector<PemBlock>
ReadPem(ByteView file)
{
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    std::vector<PemBlock> blocks;
    for (std::size_t at = 0; (at = text.find(BEGIN, at)) != std::string_view::npos;)
    {
        at += BEGIN.size();
        const std::size_t labelEnd = text.find(DASHES, at);
        const std::string label(text.substr(at, labelEnd - at));
        const std::size_t end =
            labelEnd == std::string_view::npos
                ? labelEnd
                : text.find(std::string(END) + label + std::string(DASHES), labelEnd);
        if (end == std::string_view::npos)
        {
            throw std::invalid_argument("a PEM block has no end");
        }
        const std::size_t start = labelEnd + DASHES.size();
        const std::string_view body = text.substr(start, end - start);
        // RFC 7468 11 and the older RFC 1421 4.6.1.1
        if (label == "ENCRYPTED PRIVATE KEY" || body.find("ENCRYPTED") != std::string_view::npos)
        {
            throw std::invalid_argument("the key is encrypted; give it without a pass phrase");
        }
        blocks.push_back({label, FromBase64(body)});
        at = end;
    }
    return blocks;
}

std::string
WritePem(std::string_view label, ByteView der)
{
    constexpr std::size_t LINE = 64;
    std::string text;
    text.append(BEGIN).append(label).append(DASHES).append("\n");
    std::size_t column = 0;
    for (std::size_t i = 0; i < der.size(); i += 3)
    {
        const ByteView three = der.Sub(i, 3);
        const std::uint32_t bits = std::uint32_t{three[0]} << 16 |
                                   (three.size() > 1 ? three[1] << 8 : 0) |
                                   (three.size() > 2 ? three[2] : 0);
        for (std::size_t digit = 0; digit < 4; ++digit)
        {
            text += digit <= three.size() ? ALPHABET[bits >> (18 - 6 * digit) & 0x3f] : '=';
        }
        column += 4;
        if (column == LINE && i + 3 < der.size())
        {
            text += '\n';
            column = 0;
        }
    }
    text.append("\n").append(END).append(label).append(DASHES).append("\n");
    return text;
}

} // namespace nattlab::pki

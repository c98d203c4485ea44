// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/bytes.h"

#include <stdexcept>

namespace nattlab
{

std::string
ToHex(ByteView bytes)
{
    static const char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t b : bytes)
    {
        text += digits[b >> 4];
        text += digits[b & 15];
    }
    return text;
}

Bytes
FromHex(std::string_view text)
{
    Bytes bytes;
    int high = -1;
    for (const char c : text)
    {
        int nibble = 0;
        if (c >= '0' && c <= '9')
        {
            nibble = c - '0';
        }
        else if (c >= 'a' && c <= 'f')
        {
            nibble = c - 'a' + 10;
        }
        else if (c >= 'A' && c <= 'F')
        {
            nibble = c - 'A' + 10;
        }
        else if (high < 0 && (c == ' ' || c == ':' || c == '\n' || c == '\r' || c == '\t'))
        {
            continue;
        }
        else
        {
            throw std::invalid_argument("hexadecimal expected, found '" + std::string(1, c) + "'");
        }
        if (high < 0)
        {
            high = nibble;
        }
        else
        {
            bytes.push_back(static_cast<std::uint8_t>(high << 4 | nibble));
            high = -1;
        }
    }
    if (high >= 0)
    {
        throw std::invalid_argument("an even number of hexadecimal digits expected");
    }
    return bytes;
}

} // namespace nattlab

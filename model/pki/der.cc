// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/der.h"

#include <cstdio>
#include <stdexcept>
#include <string>

namespace nattlab::pki::der
{

namespace
{

void
AppendLength(Bytes& to, std::size_t length)
{
    if (length < 0x80)
    {
        Append8(to, static_cast<std::uint8_t>(length));
        return;
    }
    int count = 1;
    while (length >> (8 * count) != 0)
    {
        ++count;
    }
    Append8(to, static_cast<std::uint8_t>(0x80 | count));
    while (count-- > 0)
    {
        Append8(to, static_cast<std::uint8_t>(length >> (8 * count)));
    }
}

/** Seven bits a byte, the highest first; all but the last are marked (X.690 8.19.2). */
void
AppendBase128(Bytes& to, std::uint64_t value)
{
    int shift = 0;
    while (shift < 63 && value >> (shift + 7) != 0)
    {
        shift += 7;
    }
    for (; shift > 0; shift -= 7)
    {
        Append8(to, static_cast<std::uint8_t>(0x80 | (value >> shift & 0x7f)));
    }
    Append8(to, static_cast<std::uint8_t>(value & 0x7f));
}

std::vector<std::uint32_t>
ParseDotted(std::string_view dotted)
{
    std::vector<std::uint32_t> arcs;
    std::uint64_t arc = 0;
    bool digits = false;
    for (std::size_t i = 0; i <= dotted.size(); ++i)
    {
        const char c = i < dotted.size() ? dotted[i] : '.';
        if (c == '.' && digits)
        {
            arcs.push_back(static_cast<std::uint32_t>(arc));
            arc = 0;
            digits = false;
        }
        else if (c >= '0' && c <= '9' && arc * 10 + (c - '0') <= UINT32_MAX)
        {
            arc = arc * 10 + (c - '0');
            digits = true;
        }
        else
        {
            return {};
        }
    }
    return arcs;
}

struct Date
{
    std::int64_t year;
    int month; //!< 1 to 12
    int day;   //!< 1 to 31
};

bool
IsLeapYear(std::int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** \param days since 1970-01-01 */
Date
DateOf(std::int64_t days)
{
    constexpr std::int64_t DAYS_OF_400_YEARS = 146097;
    constexpr std::int64_t FROM_YEAR_0 = 719528; // from 0000-01-01 to 1970-01-01
    std::int64_t rest = days + FROM_YEAR_0;
    Date date{rest / DAYS_OF_400_YEARS * 400, 1, 1};
    rest %= DAYS_OF_400_YEARS;
    for (int length; rest >= (length = IsLeapYear(date.year) ? 366 : 365); ++date.year)
    {
        rest -= length;
    }
    const int months[] = {31, IsLeapYear(date.year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30};
    for (const int length : months)
    {
        if (rest < length)
        {
            break;
        }
        rest -= length;
        ++date.month;
    }
    date.day = static_cast<int>(rest) + 1;
    return date;
}

} // namespace

Bytes
Element(int tag, std::initializer_list<ByteView> contents)
{
    const Bytes all = Concat(contents);
    Bytes element;
    element.reserve(all.size() + 6);
    Append8(element, static_cast<std::uint8_t>(tag));
    AppendLength(element, all.size());
    Append(element, all);
    return element;
}

Bytes
Unsigned(ByteView magnitude)
{
    while (!magnitude.empty() && magnitude[0] == 0)
    {
        magnitude = magnitude.Sub(1);
    }
    static constexpr std::uint8_t ZERO[] = {0};
    const bool pad = magnitude.empty() || magnitude[0] >= 0x80; // else it would read as negative
    return Element(INTEGER, {ByteView{ZERO, pad ? 1u : 0u}, magnitude});
}

Bytes
Boolean(bool value)
{
    const std::uint8_t contents[] = {static_cast<std::uint8_t>(value ? 0xff : 0)};
    return Element(BOOLEAN, {{contents, 1}});
}

Bytes
BitString(ByteView bytes)
{
    static constexpr std::uint8_t NO_UNUSED_BITS[] = {0};
    return Element(BIT_STRING, {{NO_UNUSED_BITS, 1}, bytes});
}

Bytes
ObjectIdentifier(std::string_view dotted)
{
    const std::vector<std::uint32_t> arcs = ParseDotted(dotted);
    if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39))
    {
        throw std::invalid_argument("\"" + std::string(dotted) + "\" is no object identifier");
    }
    Bytes contents;
    AppendBase128(contents, std::uint64_t{arcs[0]} * 40 + arcs[1]);
    for (std::size_t i = 2; i < arcs.size(); ++i)
    {
        AppendBase128(contents, arcs[i]);
    }
    return Element(OBJECT_IDENTIFIER, {contents});
}

Bytes
Time(std::int64_t unixTime)
{
    constexpr std::int64_t FIRST = -62167219200; // 0000-01-01 00:00:00
    constexpr std::int64_t LAST = 253402300799;  // 9999-12-31 23:59:59
    constexpr std::int64_t DAY = 86400;
    if (unixTime < FIRST || unixTime > LAST)
    {
        throw std::invalid_argument("a certificate's time lies in the years 0 to 9999, not at " +
                                    std::to_string(unixTime) + " s from 1970");
    }
    const std::int64_t second = ((unixTime % DAY) + DAY) % DAY;
    const Date date = DateOf((unixTime - second) / DAY);
    const bool utc = date.year >= 1950 && date.year < 2050;
    char text[24];
    std::snprintf(text,
                  sizeof text,
                  "%04u%02u%02u%02u%02u%02uZ",
                  static_cast<unsigned>(date.year) % 10000,
                  static_cast<unsigned>(date.month) % 100,
                  static_cast<unsigned>(date.day) % 100,
                  static_cast<unsigned>(second / 3600) % 100,
                  static_cast<unsigned>(second / 60 % 60),
                  static_cast<unsigned>(second % 60));
    const std::string_view digits = text;
    return Element(utc ? UTC_TIME : GENERALIZED_TIME, {ByteView{digits.substr(utc ? 2 : 0)}});
}

std::optional<Found>
First(ByteView bytes)
{
    ByteReader reader(bytes);
    Found found;
    found.tag = reader.Read8();
    std::size_t length = reader.Read8();
    if (length >= 0x80)
    {
        const std::size_t count = length & 0x7f;
        if (count == 0 || count > 4)
        {
            return std::nullopt;
        }
        length = 0;
        for (const std::uint8_t byte : reader.Read(count))
        {
            length = length << 8 | byte;
        }
    }
    found.contents = reader.Read(length);
    if (!reader.Ok() || (found.tag & 0x1f) == 0x1f)
    {
        return std::nullopt;
    }
    found.whole = bytes.Sub(0, reader.Offset());
    return found;
}

} // namespace nattlab::pki::der

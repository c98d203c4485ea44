// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/options.h"

namespace nattlab::ppp
{

namespace
{

constexpr std::size_t HEADER_SIZE = 2;
constexpr std::size_t MOST_VALUE = 255 - HEADER_SIZE;
constexpr std::size_t USUAL_SIZE = 32; //!< bytes of what Windows asks for

} // namespace

std::optional<Options> Options::Parse(ByteView data)
{
    for (std::size_t at = 0; at < data.size(); at += data[at + 1])
    {
        const std::size_t left = data.size() - at;
        if (left < HEADER_SIZE || data[at + 1] < HEADER_SIZE || data[at + 1] > left)
        {
            return std::nullopt;
        }
    }
    return Options(data);
}

std::optional<Option> Options::Find(std::uint8_t type) const
{
    for (const Option option : *this)
    {
        if (option.type == type)
        {
            return option;
        }
    }
    return std::nullopt;
}

bool Options::Contains(const Option& wanted) const
{
    for (const Option option : *this)
    {
        if (option == wanted)
        {
            return true;
        }
    }
    return false;
}

void OptionList::Add(std::uint8_t type, ByteView value)
{
    const ByteView kept = value.Sub(0, MOST_VALUE);
    if (m_bytes.empty())
    {
        m_bytes.reserve(USUAL_SIZE);
    }
    Append8(m_bytes, type);
    Append8(m_bytes, static_cast<std::uint8_t>(HEADER_SIZE + kept.size()));
    Append(m_bytes, kept);
}

void OptionList::Add16(std::uint8_t type, std::uint16_t value)
{
    std::uint8_t bytes[2];
    Store16(bytes, value);
    Add(type, ByteView(bytes, sizeof bytes));
}

void OptionList::Add32(std::uint8_t type, std::uint32_t value)
{
    std::uint8_t bytes[4];
    Store32(bytes, value);
    Add(type, ByteView(bytes, sizeof bytes));
}

void OptionList::Set(std::uint8_t type, ByteView value)
{
    if (const std::optional<Option> option = View().Find(type))
    {
        const ByteView kept = value.Sub(0, MOST_VALUE);
        const std::ptrdiff_t at = option->data.data() - m_bytes.data();
        m_bytes[static_cast<std::size_t>(at - 1)] =
            static_cast<std::uint8_t>(HEADER_SIZE + kept.size());
        const auto first = m_bytes.begin() + at;
        const auto next = m_bytes.erase(first, first + std::ptrdiff_t(option->data.size()));
        m_bytes.insert(next, kept.begin(), kept.end());
    }
}

void OptionList::Set32(std::uint8_t type, std::uint32_t value)
{
    std::uint8_t bytes[4];
    Store32(bytes, value);
    Set(type, ByteView(bytes, sizeof bytes));
}

void OptionList::Remove(std::uint8_t type)
{
    if (const std::optional<Option> option = View().Find(type))
    {
        const std::ptrdiff_t end = option->data.end() - m_bytes.data();
        const auto size = std::ptrdiff_t(HEADER_SIZE + option->data.size());
        m_bytes.erase(m_bytes.begin() + (end - size), m_bytes.begin() + end);
    }
}

} // namespace nattlab::ppp

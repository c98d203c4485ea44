// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/registry.h"

#include <stdexcept>
#include <utility>

namespace nattlab::windows
{

namespace
{

constexpr std::size_t LONGEST_NAME = 255; // characters of a key or a value

/** Registry names are compared without regard to case; others than ASCII letters as they are. */
std::string
LowerCase(std::string_view text)
{
    std::string out{text};
    for (char& c : out)
    {
        if (c >= 'A' && c <= 'Z')
        {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return out;
}

std::vector<std::string_view>
SplitPath(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (true)
    {
        const std::size_t end = path.find('\\');
        parts.push_back(path.substr(0, end));
        if (end == std::string_view::npos)
        {
            return parts;
        }
        path.remove_prefix(end + 1);
    }
}

[[noreturn]] void
Complain(std::string_view path, const std::string& what)
{
    throw std::invalid_argument("registry path \"" + std::string{path} + "\": " + what);
}

} // namespace

std::string_view
TypeNameOf(const RegistryValue& value)
{
    return std::holds_alternative<std::uint32_t>(value) ? "REG_DWORD" : "REG_SZ";
}

std::string
ToText(const RegistryValue& value)
{
    const std::string type{TypeNameOf(value)};
    if (const auto* number = std::get_if<std::uint32_t>(&value))
    {
        return type + " " + std::to_string(*number);
    }
    return type + " \"" + std::get<std::string>(value) + "\"";
}

std::string
CanonicalRegistryPath(std::string_view path)
{
    const std::vector<std::string_view> parts = SplitPath(path);
    const std::string root = LowerCase(parts.front());
    if (root != "hklm" && root != "hkey_local_machine")
    {
        Complain(path, "expected to begin with HKLM or HKEY_LOCAL_MACHINE and a backslash");
    }
    if (parts.size() < 3)
    {
        Complain(path, "expected a key and the name of a value after the root");
    }
    std::string canonical = "hklm";
    for (auto part = parts.begin() + 1; part != parts.end(); ++part)
    {
        if (part->empty())
        {
            Complain(path, "a name between two backslashes, or the last one, is empty");
        }
        if (part->size() > LONGEST_NAME)
        {
            Complain(path, "a name is longer than 255 characters");
        }
        for (const char c : *part)
        {
            if (static_cast<unsigned char>(c) < 0x20)
            {
                Complain(path, "a name has a control character");
            }
        }
        canonical += '\\' + LowerCase(*part);
    }
    return canonical;
}

void
Registry::Set(std::string_view path, RegistryValue value)
{
    const auto [place, isNew] = m_places.try_emplace(CanonicalRegistryPath(path), m_values.size());
    if (isNew)
    {
        m_values.push_back({std::string{path}, std::move(value)});
        return;
    }
    m_values[place->second].value = std::move(value);
}

const RegistryValue*
Registry::Find(std::string_view path) const
{
    return FindCanonical(CanonicalRegistryPath(path));
}

const RegistryValue*
Registry::FindCanonical(std::string_view canonical) const
{
    const auto place = m_places.find(canonical);
    return place == m_places.end() ? nullptr : &m_values[place->second].value;
}

bool
Registry::Remove(std::string_view path)
{
    const auto found = m_places.find(CanonicalRegistryPath(path));
    if (found == m_places.end())
    {
        return false;
    }
    const std::size_t gone = found->second;
    m_places.erase(found);
    m_values.erase(m_values.begin() + static_cast<std::ptrdiff_t>(gone));
    for (auto& [canonical, place] : m_places)
    {
        place -= place > gone ? 1 : 0;
    }
    return true;
}

} // namespace nattlab::windows

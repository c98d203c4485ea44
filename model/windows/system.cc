// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/system.h"

#include <array>
#include <utility>

namespace nattlab::windows
{

namespace
{

constexpr std::array<std::pair<Release, std::string_view>, 6> NAMES{{
    {Release::Windows98, "windows-98"},
    {Release::Windows2000, "windows-2000"},
    {Release::WindowsXp, "windows-xp"},
    {Release::WindowsServer2003, "windows-server-2003"},
    {Release::WindowsVista, "windows-vista"},
    {Release::Windows7, "windows-7"},
}};

} // namespace

std::string_view
NameOf(Release release)
{
    for (const auto& [value, name] : NAMES)
    {
        if (value == release)
        {
            return name;
        }
    }
    return "?";
}

std::optional<Release>
ReleaseFromName(std::string_view wanted)
{
    for (const auto& [value, name] : NAMES)
    {
        if (name == wanted)
        {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace nattlab::windows

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_SYSTEM_H
#define NATTLAB_WINDOWS_SYSTEM_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace nattlab::windows
{

/** A release of Windows, as far as tools, registry and dialler differ. */
enum class Release : std::uint8_t
{
    Windows98, //!< Windows 98, ME and NT 4.0 with the add-on L2TP/IPsec client
    Windows2000,
    WindowsXp,
    WindowsServer2003,
    WindowsVista, //!< and Server 2008
    Windows7,
};

/** What is installed on a machine. */
struct System
{
    Release release{Release::WindowsXp};
    std::uint8_t servicePack{0};
    bool server{false};   //!< a server edition with Routing and Remote Access
    bool updated{false};  //!< KB818043's files are in place, or later ones that contain them
    bool newTools{false}; //!< ipseccmd or ipsecpol and the monitor are those of the update or later
};

/** \return "windows-xp" and so on: the text of a preset's `release`. */
std::string_view NameOf(Release release);

/** \return the release of this name. */
std::optional<Release> ReleaseFromName(std::string_view name);

} // namespace nattlab::windows

#endif

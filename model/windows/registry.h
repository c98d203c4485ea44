// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_REGISTRY_H
#define NATTLAB_WINDOWS_REGISTRY_H

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nattlab::windows
{

/** A REG_DWORD or a REG_SZ. */
using RegistryValue = std::variant<std::uint32_t, std::string>;

/** A value with its full path, in the spelling in which it was first written. */
struct RegistryEntry
{
    std::string path;
    RegistryValue value;
};

/** \return "REG_DWORD" or "REG_SZ". */
std::string_view TypeNameOf(const RegistryValue& value);

/** \return "REG_DWORD 1" or "REG_SZ \"text\"". */
std::string ToText(const RegistryValue& value);

/**
 * \return the form in which paths are compared: lower case, with the root "hklm".
 *
 * A path is HKLM or HKEY_LOCAL_MACHINE, one or more keys and the name of a value, with a backslash
 * between them.
 *
 * \throws std::invalid_argument when it is not.
 */
std::string CanonicalRegistryPath(std::string_view path);

/**
 * The registry of one host, as far as its values are written by an administrator. What was never
 * written is not there: a component that does not find its value takes its own default.
 */
class Registry
{
  public:
    /**
     * Write a value; one that is there keeps its place and its spelling.
     * \throws std::invalid_argument when the path is none.
     */
    void Set(std::string_view path, RegistryValue value);

    /**
     * \return the value, or null; valid until the registry changes.
     * \throws std::invalid_argument when the path is none.
     */
    const RegistryValue* Find(std::string_view path) const;

    /**
     * The same for a path in its canonical form, as components look for their values.
     * \return the value, or null; valid until the registry changes.
     */
    const RegistryValue* FindCanonical(std::string_view canonical) const;

    /**
     * Delete a value.
     * \return true when it was there.
     * \throws std::invalid_argument when the path is none.
     */
    bool Remove(std::string_view path);

    /** \return all values in the order in which they were first written. */
    const std::vector<RegistryEntry>& Values() const
    {
        return m_values;
    }

  private:
    std::vector<RegistryEntry> m_values;
    std::map<std::string, std::size_t, std::less<>> m_places; //!< in m_values, by canonical path
};

} // namespace nattlab::windows

#endif

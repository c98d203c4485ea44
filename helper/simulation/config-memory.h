// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_CONFIG_MEMORY_H
#define NATTLAB_SIMULATION_CONFIG_MEMORY_H

#include "helper/scenario/section.h"

#include "model/packet/shared.h"

#include <cstddef>
#include <unordered_map>

namespace nattlab
{

/**
 * What the functions of engine-config.h made of sections of late. Hosts of one preset share the
 * value of a section, and so do the runs of a sweep, so that each is read once.
 *
 * An entry keeps its section, so that no other value can come to stand at the same address.
 *
 * \tparam Config that is made of a section
 */
template <typename Config>
class ConfigMemory
{
  public:
    /** \return what \p make makes of the section. */
    Shared<Config> Of(const scenario::Section& section, Config (*make)(const scenario::Section&))
    {
        const scenario::Json* key = &section.Value();
        const auto known = m_entries.find(key);
        if (known != m_entries.end())
        {
            return known->second.config;
        }
        Shared<Config> config = make(section);
        if (m_entries.size() >= MOST)
        {
            m_entries.clear();
        }
        m_entries.emplace(key, Entry{section, config});
        return config;
    }

    /** \return the memory of this thread. */
    static ConfigMemory& OfThread()
    {
        thread_local ConfigMemory t_memory;
        return t_memory;
    }

  private:
    static constexpr std::size_t MOST = 256; // sections; a sweep has a few dozen

    struct Entry
    {
        scenario::Section section;
        Shared<Config> config;
    };

    std::unordered_map<const scenario::Json*, Entry> m_entries;
};

/** \return what \p make makes of the section, from memory where it can. */
template <typename Config>
Shared<Config>
Remember(const scenario::Section& section, Config (*make)(const scenario::Section&))
{
    return ConfigMemory<Config>::OfThread().Of(section, make);
}

} // namespace nattlab

#endif

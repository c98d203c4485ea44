// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_SECTION_CACHE_H
#define NATTLAB_SCENARIO_SECTION_CACHE_H

#include "helper/scenario/section.h"

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

namespace nattlab::scenario
{

/** What is known of parts of documents, by their place and their value. Forgets all when full. */
template <typename Value>
class SectionCache
{
  public:
    /** \param most entries that are kept */
    explicit SectionCache(std::size_t most)
        : m_most(most)
    {
    }

    /** \return what is known; null when there is nothing. Valid until the next Add(). */
    const Value* Find(const std::string& table, const std::string& name, const Json& raw) const
    {
        const auto [begin, end] = m_entries.equal_range(HashOf(table, name, raw));
        for (auto at = begin; at != end; ++at)
        {
            const Entry& entry = at->second;
            if (entry.table == table && entry.name == name && entry.raw == raw)
            {
                return &entry.value;
            }
        }
        return nullptr;
    }

    const Value&
    Add(const std::string& table, const std::string& name, const Json& raw, Value value)
    {
        if (m_entries.size() >= m_most)
        {
            m_entries.clear();
        }
        return m_entries
            .emplace(HashOf(table, name, raw), Entry{table, name, raw, std::move(value)})
            ->second.value;
    }

  private:
    struct Entry
    {
        std::string table;
        std::string name;
        Json raw;
        Value value;
    };

    static std::size_t HashOf(const std::string& table, const std::string& name, const Json& raw)
    {
        constexpr std::size_t ODD = 0x9e3779b97f4a7c15; // 2^64 divided by the golden ratio
        const std::hash<std::string> text;
        return (std::hash<Json>()(raw) * ODD + text(table)) * ODD + text(name);
    }

    std::size_t m_most;
    std::unordered_multimap<std::size_t, Entry> m_entries;
};

} // namespace nattlab::scenario

#endif

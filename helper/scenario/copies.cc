// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/copies.h"

#include "helper/scenario/copy-plan.h"
#include "helper/scenario/document.h"
#include "helper/scenario/step.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace nattlab::scenario
{

namespace
{

/** A key whose text, or whose texts, are names of items. */
struct ReferenceRow
{
    std::string_view key;
    std::string_view table;
};

constexpr std::array<ReferenceRow, 12> REFERENCES{{{"link", "/links"},
                                                   {"from", "/hosts"},
                                                   {"to", "/hosts"},
                                                   {"host", "/hosts"},
                                                   {"computer", "/hosts"},
                                                   {"box", "/boxes"},
                                                   {"box", "/hosts"},
                                                   {"box", "/links"},
                                                   {"connection", "/connections"},
                                                   {"issuer", "/certificates"},
                                                   {"certificates", "/certificates"},
                                                   {"trustedRoots", "/certificates"}}};

/** \return a new name for a copy. */
std::string
CopyName(const std::string& name, std::size_t number)
{
    return name + '-' + std::to_string(number);
}

/** Puts copies into one document. */
class Copier
{
  public:
    /** \param groups outlive this */
    Copier(Json& document, const std::vector<CopyGroup>& groups, std::vector<Problem>& problems)
        : m_document(document),
          m_groups(groups),
          m_problems(problems)
    {
    }

    CopyOrigins Expand();

  private:
    void Rename(Json& value, const CopyGroup& group, std::size_t number) const;
    std::optional<Json> Copy(const CopyGroup& group, std::size_t item, std::size_t number);
    void ExpandTable(const CopyGroup& group, std::size_t item);
    void ExpandTimetable();
    void Fail(const std::string& pointer, std::string message, std::string found = "");

    Json& m_document;
    const std::vector<CopyGroup>& m_groups;
    std::vector<Problem>& m_problems;
    CopyOrigins m_origins;
};

void
Copier::Fail(const std::string& pointer, std::string message, std::string found)
{
    Problem problem;
    problem.pointer = pointer;
    problem.message = std::move(message);
    problem.found = std::move(found);
    m_problems.push_back(std::move(problem));
}

/** Let references to other items of the group mean their copies. */
void
Copier::Rename(Json& value, const CopyGroup& group, std::size_t number) const
{
    const auto rename = [&](Json& text, const std::string& key)
    {
        if (!text.is_string())
        {
            return;
        }
        const auto& name = text.get_ref<const std::string&>();
        const bool copied = std::any_of(REFERENCES.begin(),
                                        REFERENCES.end(),
                                        [&](const ReferenceRow& row)
                                        {
                                            return row.key == key &&
                                                   std::any_of(group.items.begin(),
                                                               group.items.end(),
                                                               [&](const CopiedItem& item) {
                                                                   return item.table == row.table &&
                                                                          item.name == name;
                                                               });
                                        });
        if (copied)
        {
            text = CopyName(name, number);
        }
    };
    if (value.is_object())
    {
        for (auto& [key, member] : value.items())
        {
            rename(member, key);
            if (member.is_array())
            {
                for (auto& element : member)
                {
                    rename(element, key);
                }
            }
        }
    }
    if (value.is_structured())
    {
        for (auto& member : value)
        {
            Rename(member, group, number);
        }
    }
}

/** \return nothing, with a problem, when a step cannot be taken. */
std::optional<Json>
Copier::Copy(const CopyGroup& group, std::size_t item, std::size_t number)
{
    Json copy = group.items[item].value;
    Rename(copy, group, number);
    for (const CopyStep& step : group.steps)
    {
        if (step.item != item)
        {
            continue;
        }
        Json& value = copy.at(Json::json_pointer(step.below));
        const auto stepped = TakeSteps(value, step.amount, number - 1);
        if (!stepped.fault.empty())
        {
            Fail(step.pointer,
                 "copy " + std::to_string(number) + ": " + stepped.fault,
                 Describe(value));
            return std::nullopt;
        }
        value = stepped.value;
    }
    return copy;
}

void
Copier::ExpandTable(const CopyGroup& group, std::size_t index)
{
    const CopiedItem& item = group.items[index];
    Json& table = m_document.at(Json::json_pointer(item.table));
    for (std::size_t number = 1; number <= group.count; ++number)
    {
        const std::string name = CopyName(item.name, number);
        if (table.contains(name))
        {
            Fail(group.pointer, "the name of a copy is taken by " + Join(item.table, name));
            return;
        }
        auto copy = Copy(group, index, number);
        if (!copy)
        {
            return;
        }
        table[name] = std::move(*copy);
        m_origins.Add(Join(item.table, name), item.pointer);
    }
}

/** The copies of an entry stand where it stood. */
void
Copier::ExpandTimetable()
{
    Json* timetable = nullptr;
    if (m_document.contains("timetable") && m_document["timetable"].is_array())
    {
        timetable = &m_document["timetable"];
    }
    std::map<std::string, std::pair<const CopyGroup*, std::size_t>> copied; // by pointer
    for (const CopyGroup& group : m_groups)
    {
        for (std::size_t i = 0; i < group.items.size(); ++i)
        {
            copied.emplace(group.items[i].pointer, std::pair(&group, i));
        }
    }
    Json entries = Json::array();
    for (std::size_t i = 0; timetable && i < timetable->size(); ++i)
    {
        const std::string pointer = Join(std::string(TIMETABLE), i);
        const auto found = copied.find(pointer);
        const std::size_t count = found == copied.end() ? 1 : found->second.first->count;
        for (std::size_t number = 1; number <= count; ++number)
        {
            auto entry = found == copied.end()
                             ? std::optional(timetable->at(i))
                             : Copy(*found->second.first, found->second.second, number);
            if (!entry)
            {
                return;
            }
            m_origins.Add(Join(std::string(TIMETABLE), entries.size()), pointer);
            entries.push_back(std::move(*entry));
        }
    }
    if (timetable)
    {
        *timetable = std::move(entries);
    }
}

CopyOrigins
Copier::Expand()
{
    for (const CopyGroup& group : m_groups)
    {
        for (const CopiedItem& item : group.items)
        {
            if (item.table != TIMETABLE)
            {
                m_document.at(Json::json_pointer(item.table)).erase(item.name);
            }
        }
    }
    ExpandTimetable();
    for (const CopyGroup& group : m_groups)
    {
        for (std::size_t i = 0; i < group.items.size(); ++i)
        {
            if (group.items[i].table != TIMETABLE)
            {
                ExpandTable(group, i);
            }
        }
    }
    return std::move(m_origins);
}

} // namespace

void
CopyOrigins::Add(const std::string& copy, const std::string& original)
{
    m_originals.emplace(copy, original);
}

std::string
CopyOrigins::Of(const std::string& pointer) const
{
    std::string above = pointer;
    while (!m_originals.empty() && !above.empty())
    {
        const auto found = m_originals.find(above);
        if (found != m_originals.end())
        {
            return found->second + pointer.substr(above.size());
        }
        above.resize(above.rfind('/'));
    }
    return pointer;
}

CopyOrigins
ExpandCopies(Json& document, const Schema* schema, std::vector<Problem>& problems)
{
    const auto member = document.find("copies");
    if (member == document.end())
    {
        return {};
    }
    Json copies = Json::object(); // without members that are null
    copies["copies"] = Json::object();
    copies.merge_patch(Json{{"copies", std::move(*member)}});
    document.erase("copies");
    const std::size_t before = problems.size();
    if (schema)
    {
        Json alone{{"title", ""}, {"links", Json::object()}, {"hosts", Json::object()}};
        alone.update(copies);
        schema->Check(alone, "", problems);
    }
    if (problems.size() > before || !copies.contains("copies"))
    {
        return {};
    }
    const auto groups = ReadCopies(copies["copies"], document, problems);
    if (problems.size() > before)
    {
        return {};
    }
    Json expanded = document;
    auto origins = Copier(expanded, groups, problems).Expand();
    if (problems.size() > before)
    {
        return {}; // the items themselves are looked at, so that nothing else seems to be missing
    }
    document = std::move(expanded);
    return origins;
}

} // namespace nattlab::scenario

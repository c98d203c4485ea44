// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/copy-plan.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t MOST_ITEMS = 100000;

/** What holds items that can be copied. */
constexpr std::array<std::string_view, 9> TABLES{"/links",
                                                 "/hosts",
                                                 "/boxes",
                                                 "/certificates",
                                                 "/connections",
                                                 "/traffic",
                                                 "/expect/connections",
                                                 "/expect/traffic",
                                                 TIMETABLE};

/** \return table and name of an item that can be copied; nothing for another pointer. */
std::optional<CopiedItem>
ParseItem(const std::string& pointer)
{
    for (const auto table : TABLES)
    {
        const std::size_t name = table.size() + 1;
        if (pointer.size() > name && pointer.compare(0, name, std::string(table) + '/') == 0 &&
            pointer.find('/', name) == std::string::npos)
        {
            try
            {
                return CopiedItem{pointer,
                                  std::string(table),
                                  Json::json_pointer(pointer.substr(name - 1)).back(),
                                  Json()};
            }
            catch (const Json::exception&) // a "~" that is no escape
            {
                return std::nullopt;
            }
        }
    }
    return std::nullopt;
}

/** \return the value at \p pointer; null when there is none. */
const Json*
Find(const Json& document, const std::string& pointer)
{
    try
    {
        const Json::json_pointer place(pointer);
        return document.contains(place) ? &document.at(place) : nullptr;
    }
    catch (const Json::exception&)
    {
        return nullptr;
    }
}

/** Reads the groups one by one. */
class PlanReader
{
  public:
    PlanReader(const Json& document, std::vector<Problem>& problems)
        : m_document(document),
          m_problems(problems)
    {
    }

    std::vector<CopyGroup> Read(const Json& copies);

  private:
    void ReadItems(CopyGroup& group, const Json& pointers);
    void ReadSteps(CopyGroup& group, const Json& steps);
    void Fail(const std::string& pointer,
              const std::string& message,
              const std::string& expected = "",
              const std::string& found = "",
              const std::string& nearest = "");

    const Json& m_document;
    std::vector<Problem>& m_problems;
    std::set<std::string> m_taken;  //!< pointers of items in any group
    std::set<std::string> m_absent; //!< pointers of items that are not there
};

void
PlanReader::Fail(const std::string& pointer,
                 const std::string& message,
                 const std::string& expected,
                 const std::string& found,
                 const std::string& nearest)
{
    Problem problem;
    problem.pointer = pointer;
    problem.message = message;
    problem.expected = expected;
    problem.found = found;
    problem.nearest = nearest;
    m_problems.push_back(std::move(problem));
}

void
PlanReader::ReadItems(CopyGroup& group, const Json& pointers)
{
    for (std::size_t i = 0; i < pointers.size(); ++i)
    {
        const auto pointer = pointers[i].get<std::string>();
        const std::string place = Join(group.pointer + "/of", i);
        auto item = ParseItem(pointer);
        if (!item)
        {
            Fail(place,
                 "",
                 "the pointer of a link, host, box, certificate, connection, traffic, expectation "
                 "of one of these, or timetable entry, such as \"/hosts/client\"",
                 Describe(pointers[i]));
            continue;
        }
        const Json* table = Find(m_document, item->table);
        const Json* value = Find(m_document, pointer);
        const bool isTable =
            table && (item->table == TIMETABLE ? table->is_array() : table->is_object());
        if (!isTable || (value && value->is_null()))
        {
            m_absent.insert(pointer); // taken out on purpose, or no table at all
            continue;
        }
        if (!value)
        {
            std::vector<std::string> known;
            for (const auto& [name, ignored] : table->items())
            {
                known.push_back(Join(item->table, name));
            }
            Fail(place, "nothing stands there", "", Describe(pointers[i]), Nearest(pointer, known));
        }
        else if (!m_taken.insert(pointer).second)
        {
            Fail(place, "the item is copied already", "", Describe(pointers[i]));
        }
        else
        {
            item->value = *value;
            group.items.push_back(std::move(*item));
        }
    }
}

void
PlanReader::ReadSteps(CopyGroup& group, const Json& steps)
{
    for (const auto& [pointer, amount] : steps.items())
    {
        const std::string place = Join(group.pointer + "/step", pointer);
        const auto isIn = [&step = pointer](const std::string& item)
        { return step.compare(0, item.size() + 1, item + '/') == 0; };
        const auto item = std::find_if(group.items.begin(),
                                       group.items.end(),
                                       [&](const CopiedItem& one) { return isIn(one.pointer); });
        if (item == group.items.end())
        {
            if (std::none_of(m_absent.begin(), m_absent.end(), isIn))
            {
                Fail(place,
                     "",
                     "the pointer of a value in one of the copied items",
                     Describe(pointer));
            }
            continue;
        }
        const std::string below = pointer.substr(item->pointer.size());
        if (!Find(item->value, below))
        {
            Fail(place, "nothing stands there", "the pointer of a value that is given");
            continue;
        }
        group.steps.push_back(
            {static_cast<std::size_t>(item - group.items.begin()), below, amount, place});
    }
}

std::vector<CopyGroup>
PlanReader::Read(const Json& copies)
{
    std::vector<CopyGroup> groups;
    std::size_t items = 0;
    for (const auto& [name, copy] : copies.items())
    {
        CopyGroup group;
        group.pointer = Join("/copies", name);
        group.count = copy["count"].get<std::size_t>();
        const std::size_t before = m_problems.size();
        ReadItems(group, copy["of"]);
        if (m_problems.size() == before)
        {
            ReadSteps(group, copy.value("step", Json::object()));
        }
        items += group.count * group.items.size();
        if (items > MOST_ITEMS)
        {
            Fail(group.pointer + "/count",
                 "too many copies",
                 "at most " + std::to_string(MOST_ITEMS) + " items in all",
                 std::to_string(items));
            break;
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

} // namespace

std::vector<CopyGroup>
ReadCopies(const Json& copies, const Json& document, std::vector<Problem>& problems)
{
    return PlanReader(document, problems).Read(copies);
}

} // namespace nattlab::scenario

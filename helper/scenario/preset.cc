// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/preset.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace nattlab::scenario
{

namespace
{

struct Kind
{
    const char* folder;
    const char* definition; //!< in schema.json
    const char* article;    //!< in messages
};

constexpr std::array<Kind, 4> KINDS{{{"systems", "systemPreset", "a system preset"},
                                     {"nat", "natPreset", "a NAT preset"},
                                     {"firewalls", "firewallPreset", "a firewall preset"},
                                     {"links", "linkPreset", "a link preset"}}};

const Kind&
KindOf(const std::string& folder)
{
    return *std::find_if(
        KINDS.begin(), KINDS.end(), [&](const Kind& kind) { return kind.folder == folder; });
}

/** \return false for names that would leave the folder. */
bool
IsFileName(const std::string& name)
{
    return !name.empty() && name.front() != '.' &&
           name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

Problem
Unknown(const std::string& pointer,
        const std::string& kind,
        const std::string& name,
        const PresetShelf& shelf)
{
    Problem problem;
    problem.pointer = pointer;
    problem.expected = KindOf(kind).article;
    problem.found = Describe(Json(name));
    problem.nearest = Nearest(name, shelf.Names(kind));
    return problem;
}

/** Put the preset named by member \p key of \p section below the section. */
void
Underlay(Json& section,
         const std::string& key,
         const std::string& kind,
         const std::string& pointer,
         PresetShelf& shelf,
         std::vector<Problem>& problems)
{
    if (!section.is_object() || !section.contains(key) || !section[key].is_string())
    {
        return;
    }
    const auto name = section[key].get<std::string>();
    if (const Json* values = shelf.Find(kind, name))
    {
        Json merged = *values;
        merged.merge_patch(section);
        section = std::move(merged);
    }
    else if (!shelf.Has(kind, name))
    {
        problems.push_back(Unknown(Join(pointer, key), kind, name, shelf));
    }
}

/** Call \p visit with each object member of \p document's member \p key, and its pointer. */
template <typename Visit>
void
ForEach(Json& document, const std::string& key, Visit visit)
{
    if (!document.contains(key) || !document[key].is_structured())
    {
        return;
    }
    for (auto& [name, value] : document[key].items())
    {
        if (value.is_object())
        {
            visit(value, Join('/' + key, name));
        }
    }
}

/** \return the loaded firewall of the machine that a timetable entry is about. */
Json
FirewallOf(const Json& document, const Json& entry)
{
    for (const auto& [key, table] : {std::pair("box", "boxes"), std::pair("host", "hosts")})
    {
        if (entry.contains(key) && entry[key].is_string())
        {
            const Json::json_pointer place(
                Join(Join(Join("", table), entry[key].get<std::string>()), "firewall"));
            if (document.contains(place) && document.at(place).is_object())
            {
                return document.at(place);
            }
        }
    }
    return Json::object();
}

/** Complete each update of a host: its preset, the host's own keys, the update's own keys. */
void
ExpandUpdates(Json& host,
              const Json& own,
              const std::string& pointer,
              PresetShelf& shelf,
              std::vector<Problem>& problems)
{
    if (!host.contains("updates") || !host["updates"].is_object())
    {
        return;
    }
    for (auto& [name, update] : host["updates"].items())
    {
        if (!update.is_object() || !update.contains("system"))
        {
            continue;
        }
        Json merged = own;
        merged.erase("updates");
        merged.erase("description");
        merged.merge_patch(update);
        const std::string place = Join(Join(pointer, "updates"), name);
        Underlay(merged, "system", "systems", place, shelf, problems);
        if (merged.contains("firewall"))
        {
            Underlay(merged["firewall"],
                     "preset",
                     "firewalls",
                     Join(place, "firewall"),
                     shelf,
                     problems);
        }
        merged.erase("updates");
        update = std::move(merged);
    }
}

} // namespace

PresetShelf::PresetShelf(std::vector<std::string> directories,
                         const Schema& schema,
                         std::vector<Problem>& problems)
    : m_directories(std::move(directories)),
      m_schema(schema),
      m_problems(problems)
{
}

std::string
PresetShelf::FileOf(const std::string& kind, const std::string& name) const
{
    std::error_code error;
    for (const auto& directory : m_directories)
    {
        const std::string file = directory + '/' + kind + '/' + name + ".json";
        if (IsFileName(name) && std::filesystem::is_regular_file(file, error))
        {
            return file;
        }
    }
    return "";
}

bool
PresetShelf::Has(const std::string& kind, const std::string& name) const
{
    return !FileOf(kind, name).empty();
}

std::vector<std::string>
PresetShelf::Names(const std::string& kind) const
{
    std::set<std::string> names;
    for (const auto& directory : m_directories)
    {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(directory + '/' + kind, error))
        {
            if (entry.path().extension() == ".json")
            {
                names.insert(entry.path().stem().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

const Json*
PresetShelf::Find(const std::string& kind, const std::string& name)
{
    std::vector<std::string> children;
    if (!Has(kind, name))
    {
        return nullptr;
    }
    const auto& preset = Get(kind, name, children);
    return preset.values ? &*preset.values : nullptr;
}

const PresetShelf::Preset&
PresetShelf::Get(const std::string& kind,
                 const std::string& name,
                 std::vector<std::string>& children)
{
    const std::string id = kind + '/' + name;
    const auto known = m_presets.find(id);
    if (known != m_presets.end())
    {
        return known->second;
    }
    Preset preset;
    preset.info = {kind, name, "", "", FileOf(kind, name), {}};
    std::vector<Problem> problems;
    auto document = Document::Read(preset.info.file, problems);
    if (document)
    {
        Json checked = document->value;
        if (const auto values = checked.find("values"); values != checked.end())
        {
            Json withoutNulls = Json::object(); // null removes a parent's value
            withoutNulls.merge_patch(*values);
            *values = std::move(withoutNulls);
        }
        m_schema.Check(checked, KindOf(kind).definition, problems);
    }
    if (document && problems.empty())
    {
        preset.info.title = document->value["title"].get<std::string>();
        preset.info.extends = document->value.value("extends", "");
        if (const auto tags = document->value.find("tags");
            tags != document->value.end() && tags->is_array())
        {
            preset.info.tags = tags->get<std::vector<std::string>>();
        }
        preset.values = document->value["values"];
        if (preset.values->contains("preset"))
        {
            Problem problem;
            problem.pointer = "/values/preset";
            problem.message = "a preset names its parent by \"extends\"";
            problems.push_back(problem);
        }
        const std::string& parent = preset.info.extends;
        children.push_back(name);
        if (std::find(children.begin(), children.end(), parent) != children.end())
        {
            Problem problem;
            problem.pointer = "/extends";
            problem.message = "the preset extends itself";
            for (const auto& child : children)
            {
                problem.found += child + ", ";
            }
            problem.found += parent;
            problems.push_back(problem);
        }
        else if (!parent.empty() && !Has(kind, parent))
        {
            problems.push_back(Unknown("/extends", kind, parent, *this));
        }
        else if (!parent.empty())
        {
            const auto& below = Get(kind, parent, children).values;
            Json merged = below ? *below : Json::object();
            merged.merge_patch(*preset.values);
            preset.values = below ? std::optional(merged) : std::nullopt;
        }
        children.pop_back();
    }
    for (auto& problem : problems)
    {
        if (document && problem.line == 0)
        {
            document->Locate(problem);
        }
        m_problems.push_back(problem);
    }
    if (!problems.empty())
    {
        preset.values.reset();
    }
    return m_presets.emplace(id, std::move(preset)).first->second;
}

std::vector<PresetInfo>
PresetShelf::List()
{
    std::vector<PresetInfo> list;
    for (const auto& kind : KINDS)
    {
        for (const auto& name : Names(kind.folder))
        {
            std::vector<std::string> children;
            list.push_back(Get(kind.folder, name, children).info);
        }
    }
    return list;
}

void
ApplyPresets(Json& document, PresetShelf& shelf, std::vector<Problem>& problems)
{
    const auto underlay =
        [&](Json& owner, const char* member, const std::string& kind, const std::string& pointer)
    {
        if (owner.contains(member))
        {
            Underlay(owner[member], "preset", kind, Join(pointer, member), shelf, problems);
        }
    };
    ForEach(document,
            "links",
            [&](Json& link, const std::string& pointer)
            { Underlay(link, "preset", "links", pointer, shelf, problems); });
    ForEach(document,
            "hosts",
            [&](Json& host, const std::string& pointer)
            {
                const Json own = host;
                Underlay(host, "system", "systems", pointer, shelf, problems);
                ExpandUpdates(host, own, pointer, shelf, problems);
                underlay(host, "firewall", "firewalls", pointer);
            });
    ForEach(document,
            "boxes",
            [&](Json& box, const std::string& pointer)
            {
                underlay(box, "nat", "nat", pointer);
                underlay(box, "firewall", "firewalls", pointer);
            });
    ForEach(document,
            "timetable",
            [&](Json& entry, const std::string& pointer)
            {
                if (!entry.contains("firewall") || !entry["firewall"].is_object())
                {
                    return;
                }
                if (entry["firewall"].contains("preset"))
                {
                    underlay(entry, "firewall", "firewalls", pointer);
                    return;
                }
                Json merged = FirewallOf(document, entry);
                merged.merge_patch(entry["firewall"]);
                entry["firewall"] = std::move(merged);
            });
    Json withoutNulls = Json::object();
    withoutNulls.merge_patch(document);
    document = std::move(withoutNulls);
}

} // namespace nattlab::scenario

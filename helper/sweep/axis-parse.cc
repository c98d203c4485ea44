// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"
#include "helper/sweep/axis-files.h"
#include "helper/sweep/axis-quantity.h"
#include "helper/sweep/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Problem;
using scenario::Report;
namespace fs = std::filesystem;

/** An axis while it is read. */
struct Draft
{
    Axis axis;
    const OrderedJson& value;
    const AxisSource& source;
    Report& report;

    std::string Place(const std::string& key) const
    {
        return scenario::Join(axis.place, key);
    }

    /** Whether patches are for the whole scenario; a pointer may be a wrong one. */
    bool Whole() const
    {
        return !value.contains("pointer") && !value.contains("pointers");
    }
};

/** The keys that give an axis its values. */
constexpr std::array<const char*, 5> FORMS{"values", "range", "presets", "patches", "files"};

/** \return how a value of a list is shown and named. */
std::pair<store::AxisValue, std::string>
LabelOf(const Json& value)
{
    if (value.is_boolean())
    {
        return {value.get<bool>(), value.dump()};
    }
    if (value.is_number_integer() &&
        !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1} << 62))
    {
        return {value.get<std::int64_t>(), value.dump()};
    }
    if (value.is_number())
    {
        return {value.get<double>(), value.dump()};
    }
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    return {text, text};
}

/** \return whether the element at \p index is the first of its kind; else a problem. */
bool
IsNew(std::set<std::string>& seen,
      const std::string& text,
      const std::string& place,
      Report& report)
{
    if (seen.insert(text).second)
    {
        return true;
    }
    report.Add(place, "the value stands twice", "", scenario::Describe(Json(text)));
    return false;
}

/** Where all values are quantities of one kind, their labels are numbers in the first one's unit.
 */
void
LabelQuantities(Axis& axis)
{
    std::vector<double> numbers;
    for (const AxisEntry& entry : axis.entries)
    {
        const auto quantity =
            entry.value.is_string() ? ParseQuantity(entry.value.get<std::string>()) : std::nullopt;
        if (quantity && numbers.empty())
        {
            axis.unit = quantity->unit;
        }
        const auto number = quantity ? NumberIn(*quantity, axis.unit) : std::nullopt;
        if (!number)
        {
            axis.unit.clear();
            return;
        }
        numbers.push_back(*number);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i)
    {
        axis.entries[i].label = numbers[i];
    }
}

/** Where whole numbers and fractions stand together, all labels are fractions. */
void
LabelNumbers(Axis& axis)
{
    const bool numbers =
        std::all_of(axis.entries.begin(),
                    axis.entries.end(),
                    [](const AxisEntry& entry) { return entry.value.is_number(); });
    const bool fraction = std::any_of(axis.entries.begin(),
                                      axis.entries.end(),
                                      [](const AxisEntry& entry)
                                      { return std::holds_alternative<double>(entry.label); });
    for (AxisEntry& entry : axis.entries)
    {
        if (numbers && fraction)
        {
            entry.label = entry.value.get<double>();
        }
    }
}

/** Refuse values that results would show alike, such as "1 ms" and "1000 us". */
void
RefuseAlike(const Axis& axis, Report& report)
{
    constexpr double EXACT = 9007199254740992.0; // 2^53: whole doubles are exact up to there
    std::set<store::AxisValue> seen;
    for (const AxisEntry& entry : axis.entries)
    {
        const auto* real = std::get_if<double>(&entry.label);
        const bool whole = real && *real == std::floor(*real) && std::fabs(*real) < EXACT;
        if (!seen.insert(whole ? static_cast<std::int64_t>(*real) : entry.label).second)
        {
            report.Add(
                entry.place, "the value stands twice", "", scenario::Describe(Json(entry.text)));
        }
    }
}

void
AddValues(Draft& draft)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; i < draft.value["values"].size(); ++i)
    {
        const std::string place = scenario::Join(draft.Place("values"), i);
        Json value = draft.value["values"][i];
        auto [label, text] = LabelOf(value);
        RefuseCertificateFiles(value, draft.axis.paths, place, draft.report);
        if (IsNew(seen, text, place, draft.report))
        {
            draft.axis.entries.push_back({label, text, std::move(value), place});
        }
    }
    LabelNumbers(draft.axis);
    LabelQuantities(draft.axis);
    RefuseAlike(draft.axis, draft.report);
}

void
AddRange(Draft& draft)
{
    const std::string place = draft.Place("range");
    draft.axis.range = Range::Parse(Json(draft.value["range"]), place, draft.report);
    if (!draft.axis.range)
    {
        return;
    }
    const Range& range = *draft.axis.range;
    draft.axis.unit = range.Unit();
    for (const double number : range.Numbers())
    {
        Json value = range.Value(number);
        std::string text = value.is_string() ? value.get<std::string>() : NumberText(number);
        draft.axis.entries.push_back({range.Label(number), text, std::move(value), place});
    }
}

bool
HasTags(const scenario::PresetInfo& preset, const std::vector<std::string>& tags)
{
    return std::all_of(
        tags.begin(),
        tags.end(),
        [&](const std::string& tag)
        { return std::find(preset.tags.begin(), preset.tags.end(), tag) != preset.tags.end(); });
}

void
AddPresets(Draft& draft)
{
    const OrderedJson& choice = draft.value["presets"];
    const std::string place = draft.Place("presets");
    const auto kind = choice["kind"].get<std::string>();
    const auto tags = choice.value("tags", std::vector<std::string>());
    const auto except = choice.value("except", std::vector<std::string>());
    std::vector<std::string> names;
    std::set<std::string> known;
    for (const scenario::PresetInfo& preset : draft.source.presets)
    {
        if (preset.kind != kind)
        {
            continue;
        }
        names.push_back(preset.name);
        known.insert(preset.tags.begin(), preset.tags.end());
        if (HasTags(preset, tags) &&
            std::find(except.begin(), except.end(), preset.name) == except.end())
        {
            draft.axis.entries.push_back({preset.name, preset.name, preset.name, place});
        }
    }
    for (std::size_t i = 0; i < tags.size(); ++i)
    {
        if (known.count(tags[i]) == 0)
        {
            draft.report.Add(scenario::Join(scenario::Join(place, "tags"), i),
                             "",
                             "a tag of a preset in " + kind,
                             scenario::Describe(Json(tags[i])),
                             scenario::Nearest(tags[i], {known.begin(), known.end()}));
        }
    }
    for (std::size_t i = 0; i < except.size(); ++i)
    {
        if (std::find(names.begin(), names.end(), except[i]) == names.end())
        {
            draft.report.Add(scenario::Join(scenario::Join(place, "except"), i),
                             "",
                             "the name of a preset in " + kind,
                             scenario::Describe(Json(except[i])),
                             scenario::Nearest(except[i], names));
        }
    }
    const bool tagsKnown = std::all_of(
        tags.begin(), tags.end(), [&](const std::string& tag) { return known.count(tag) > 0; });
    if (draft.axis.entries.empty() && tagsKnown)
    {
        draft.report.Add(place, "no preset in " + kind + " has all of the tags");
    }
}

/** Check a patch from \p folder, and take in the certificates of one for the whole scenario. */
void
TakePatch(const Draft& draft,
          Json& patch,
          const std::string& folder,
          const std::string& place,
          std::vector<Problem>& problems)
{
    Report report(problems);
    if (draft.Whole())
    {
        TakeInCertificates(patch, folder, place, problems);
        RefuseOwnMembers(patch, place, report);
    }
    RefuseCertificateFiles(patch, draft.axis.paths, place, report);
}

void
AddPatches(Draft& draft)
{
    draft.axis.patches = true;
    for (const auto& [label, patch] : draft.value["patches"].items())
    {
        const std::string place = scenario::Join(draft.Place("patches"), label);
        Json value = patch;
        std::vector<Problem> problems;
        TakePatch(draft, value, draft.source.folder, place, problems);
        for (Problem& problem : problems)
        {
            draft.report.Add(std::move(problem));
        }
        draft.axis.entries.push_back({label, label, std::move(value), place});
    }
}

/** \return the files of the axis, each with where it stands. */
std::vector<std::pair<fs::path, std::string>>
FilesOf(const Draft& draft)
{
    const OrderedJson& named = draft.value["files"];
    const fs::path folder = draft.source.folder;
    const std::string place = draft.Place("files");
    std::vector<std::pair<fs::path, std::string>> files;
    const auto add = [&](const std::string& name, const std::string& where)
    {
        if (name.find('*') == std::string::npos)
        {
            files.emplace_back(folder / name, where);
            return;
        }
        const auto found = FilesLike(folder / name);
        for (const fs::path& file : found)
        {
            files.emplace_back(file, where);
        }
        if (found.empty())
        {
            draft.report.Add(where, "no such file", "", scenario::Describe(Json(name)));
        }
    };
    if (named.is_string())
    {
        add(named.get<std::string>(), place);
    }
    else if (named.empty())
    {
        draft.report.Add(place, "", "at least one file", "none");
    }
    for (std::size_t i = 0; named.is_array() && i < named.size(); ++i)
    {
        const std::string where = scenario::Join(place, i);
        if (named[i].is_string())
        {
            add(named[i].get<std::string>(), where);
        }
        else
        {
            draft.report.Add(where, "", "a file", scenario::Describe(Json(named[i])));
        }
    }
    return files;
}

void
AddFiles(Draft& draft)
{
    draft.axis.patches = true;
    std::set<std::string> seen;
    for (const auto& [file, place] : FilesOf(draft))
    {
        std::vector<Problem> problems;
        auto document = scenario::Document::Read(file.string(), problems);
        const std::string label = file.stem().string();
        if (document && IsNew(seen, label, place, draft.report))
        {
            document->value.erase("$schema");
            if (draft.Whole())
            {
                document->value.erase("expect");
            }
            TakePatch(draft, document->value, file.parent_path().string(), "", problems);
            for (Problem& problem : problems)
            {
                if (problem.file.empty())
                {
                    document->Locate(problem);
                }
            }
            draft.axis.entries.push_back({label, label, std::move(document->value), place});
        }
        for (Problem& problem : problems)
        {
            problem.message = "axis \"" + draft.axis.name + "\", value \"" + label + "\"" +
                              (problem.message.empty() ? "" : ": " + problem.message);
            draft.source.fileProblems.push_back(std::move(problem));
        }
    }
}

void
AddPaths(Draft& draft, bool needed)
{
    const auto add = [&](const OrderedJson& pointer, const std::string& place)
    {
        if (auto path = ParseTarget(pointer.get<std::string>(), place, draft.report))
        {
            draft.axis.paths.push_back(std::move(*path));
        }
    };
    if (draft.value.contains("pointer"))
    {
        add(draft.value["pointer"], draft.Place("pointer"));
    }
    if (draft.value.contains("pointers"))
    {
        for (std::size_t i = 0; i < draft.value["pointers"].size(); ++i)
        {
            add(draft.value["pointers"][i], scenario::Join(draft.Place("pointers"), i));
        }
    }
    const bool both = draft.value.contains("pointer") && draft.value.contains("pointers");
    if (both || (needed && draft.Whole()))
    {
        draft.report.Add(
            draft.axis.place, "", "`pointer` or `pointers`", both ? "both" : "neither");
    }
}

} // namespace

std::optional<Axis>
ParseAxis(const std::string& name,
          const OrderedJson& value,
          const AxisSource& source,
          Report& report)
{
    Draft draft{{}, value, source, report};
    draft.axis.name = name;
    draft.axis.place = scenario::Join("/axes", name);
    std::string forms;
    std::size_t count = 0;
    for (const char* form : FORMS)
    {
        if (value.contains(form))
        {
            forms += (count++ == 0 ? "`" : " and `") + std::string(form) + '`';
        }
    }
    if (count != 1)
    {
        report.Add(draft.axis.place,
                   "",
                   "one of `values`, `range`, `presets`, `patches`, `files`",
                   count == 0 ? "none of them" : forms);
        return std::nullopt;
    }
    AddPaths(draft, !value.contains("patches") && !value.contains("files"));
    if (value.contains("values"))
    {
        AddValues(draft);
    }
    else if (value.contains("range"))
    {
        AddRange(draft);
    }
    else if (value.contains("presets"))
    {
        AddPresets(draft);
    }
    else if (value.contains("patches"))
    {
        AddPatches(draft);
    }
    else
    {
        AddFiles(draft);
    }
    const bool usable = !draft.axis.entries.empty() || draft.axis.Continuous();
    return usable ? std::optional(std::move(draft.axis)) : std::nullopt;
}

} // namespace nattlab::sweep

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/sweep-file.h"

#include "helper/scenario/override.h"
#include "helper/scenario/schema.h"
#include "helper/scenario/unit.h"
#include "helper/sweep/axis-files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Document;
using scenario::Json;
using scenario::LoadOptions;
using scenario::Problem;
using scenario::Report;
using scenario::ScenarioErrors;

constexpr std::uint64_t LARGEST_SEED = 9007199254740991; //!< 2^53 - 1, as in a scenario

/** A sweep while it is read. */
struct Draft
{
    SweepFile sweep;
    OrderedJson ordered; //!< the same as the document, in the order of the file
    std::string folder;  //!< of the sweep file
    const LoadOptions& options;
    std::vector<Problem>& problems;     //!< without file: of the sweep file
    std::vector<Problem>& fileProblems; //!< of other files
    Report& report;

    const Json& Value() const
    {
        return sweep.document.value;
    }
};

/** \return the text of a sweep file, checked against the schema. */
Document
ParseChecked(const std::string& text, const std::string& file, const LoadOptions& options)
{
    std::vector<Problem> problems;
    auto document = Document::Parse(text, file, problems);
    if (!document || !problems.empty())
    {
        throw ScenarioErrors(problems);
    }
    const std::string data =
        options.dataDirectory.empty() ? scenario::FindDataDirectory(file) : options.dataDirectory;
    const auto* schema =
        data.empty() ? nullptr : scenario::Schema::Of(data, problems, "sweep-schema.json");
    if (data.empty())
    {
        Problem problem;
        problem.file = file;
        problem.message = "the folder with sweep-schema.json and presets/ cannot be found; set "
                          "NATTLAB_DATA to its path";
        problems.push_back(problem);
    }
    if (schema)
    {
        schema->Check(document->value, "", problems);
    }
    for (Problem& problem : problems)
    {
        if (problem.file.empty())
        {
            document->Locate(problem);
        }
    }
    if (!problems.empty())
    {
        throw ScenarioErrors(problems);
    }
    return std::move(*document);
}

void
TakeBase(Draft& draft)
{
    SweepFile& sweep = draft.sweep;
    const Json& base = draft.Value()["base"];
    std::optional<Document> document;
    sweep.baseIsInside = base.is_object();
    if (sweep.baseIsInside)
    {
        sweep.base = base;
        sweep.base.emplace("title", sweep.title);
        sweep.baseFile = sweep.document.file;
    }
    else
    {
        const auto path = std::filesystem::path(draft.folder) / base.get<std::string>();
        sweep.baseFile = path.lexically_normal().generic_string();
        document = Document::Read(sweep.baseFile, draft.fileProblems);
        sweep.base = document ? document->value : Json::object();
    }
    scenario::ApplyOverrides(sweep.base, draft.options.overrides, draft.fileProblems);
    std::vector<Problem> problems;
    TakeInCertificates(sweep.base,
                       std::filesystem::path(sweep.baseFile).parent_path().string(),
                       sweep.baseIsInside ? "/base" : "",
                       problems);
    for (Problem& problem : problems)
    {
        (document ? *document : sweep.document).Locate(problem);
        draft.fileProblems.push_back(std::move(problem));
    }
    sweep.base.erase("$schema");
    sweep.base.erase("expect");
}

void
TakeAxes(Draft& draft)
{
    const OrderedJson none = OrderedJson::object();
    const OrderedJson& axes = draft.ordered.contains("axes") ? draft.ordered["axes"] : none;
    AxisSource source{draft.folder, {}, draft.fileProblems};
    const bool presets = std::any_of(
        axes.begin(), axes.end(), [](const OrderedJson& axis) { return axis.contains("presets"); });
    if (presets)
    {
        LoadOptions options = draft.options;
        options.file = draft.sweep.document.file;
        try
        {
            source.presets = scenario::ListPresets(options);
        }
        catch (const ScenarioErrors& errors)
        {
            const auto& found = errors.Problems();
            draft.fileProblems.insert(draft.fileProblems.end(), found.begin(), found.end());
        }
    }
    for (const auto& [name, value] : axes.items())
    {
        CheckAxisName(name, draft.sweep.axes, draft.report);
        if (auto axis = ParseAxis(name, value, source, draft.report))
        {
            draft.sweep.axes.push_back(std::move(*axis));
        }
    }
}

/** Refuse an axis that would take away what an earlier one has set. */
void
CheckOrder(const std::vector<Axis>& axes, Report& report)
{
    for (std::size_t later = 1; later < axes.size(); ++later)
    {
        for (std::size_t earlier = 0; earlier < later; ++earlier)
        {
            for (const Path& path : axes[earlier].paths)
            {
                const auto& over = axes[later].paths;
                const bool hidden =
                    !axes[later].patches &&
                    std::any_of(over.begin(),
                                over.end(),
                                [&](const Path& one) { return one.Contains(path); });
                if (hidden)
                {
                    report.Add(axes[later].place,
                               "it replaces what axis \"" + axes[earlier].name + "\" sets at " +
                                   path.Pointer() +
                                   "; an axis that goes into another's value "
                                   "comes after it");
                }
            }
        }
    }
}

/** Try the pointers on the base. Patches may change where they lead: then points tell. */
void
CheckPointers(const SweepFile& sweep, Report& report)
{
    Json document = sweep.base;
    for (const Axis& axis : sweep.axes)
    {
        if (axis.patches)
        {
            return;
        }
        const Choice first{0, axis.Continuous() ? axis.range->From() : 0};
        if (const auto problem = axis.Apply(document, first))
        {
            report.Add(axis.place,
                       problem->pointer + ": " + problem->message,
                       problem->expected,
                       problem->found);
        }
    }
}

void
TakeSample(Draft& draft)
{
    Sampling& sampling = draft.sweep.sampling;
    const Json none = Json::object();
    const Json& sample = draft.Value().contains("sample") ? draft.Value()["sample"] : none;
    const auto kind = sample.value("kind", "cartesian");
    sampling.kind = kind == "random"            ? Sampling::Kind::Random
                    : kind == "latin-hypercube" ? Sampling::Kind::LatinHypercube
                                                : Sampling::Kind::Cartesian;
    sampling.points = sample.value("points", std::uint64_t{0});
    sampling.seed = sample.value("seed", std::uint64_t{1});
    if (sampling.kind != Sampling::Kind::Cartesian)
    {
        if (!sample.contains("points"))
        {
            draft.report.Add("/sample", "missing key \"points\"", "a whole number");
        }
        return;
    }
    for (const char* key : {"points", "seed"})
    {
        if (sample.contains(key))
        {
            draft.report.Add(scenario::Join("/sample", key),
                             "",
                             "`kind` \"random\" or \"latin-hypercube\" beside it",
                             "\"cartesian\", which takes all combinations");
        }
    }
    for (const Axis& axis : draft.sweep.axes)
    {
        if (axis.Continuous())
        {
            draft.report.Add(axis.place + "/range",
                             "",
                             "`step` or `count`: only a `sample` draws from a range without",
                             "neither");
        }
    }
}

/** \return the zipped group at \p pointer; an empty one when it cannot be. */
AxisGroup
TakeGroup(Draft& draft, const Json& names, const std::string& pointer, std::set<std::size_t>& taken)
{
    const auto& axes = draft.sweep.axes;
    AxisGroup group;
    for (std::size_t i = 0; i < names.size(); ++i)
    {
        const std::string place = scenario::Join(pointer, i);
        const auto axis = FindAxis(axes, names[i].get<std::string>(), place, draft.report);
        if (axis && !taken.insert(*axis).second)
        {
            draft.report.Add(place, "axis \"" + axes[*axis].name + "\" is zipped twice");
        }
        else if (axis)
        {
            group.push_back(*axis);
        }
    }
    if (group.size() != names.size())
    {
        return {};
    }
    std::string lengths;
    bool equal = true;
    for (const std::size_t axis : group)
    {
        const Axis& one = axes[axis];
        equal = equal && one.entries.size() == axes[group.front()].entries.size();
        lengths += (lengths.empty() ? "" : ", ") + ('"' + one.name + "\" has ") +
                   (one.Continuous() ? "any number" : std::to_string(one.entries.size()));
    }
    if (!equal)
    {
        draft.report.Add(pointer, "", "axes with equally many values", lengths);
        return {};
    }
    std::sort(group.begin(), group.end());
    return group;
}

void
TakeGroups(Draft& draft)
{
    std::set<std::size_t> taken;
    auto& groups = draft.sweep.groups;
    const Json& value = draft.Value();
    for (std::size_t i = 0; value.contains("zip") && i < value["zip"].size(); ++i)
    {
        auto group = TakeGroup(draft, value["zip"][i], scenario::Join("/zip", i), taken);
        if (!group.empty())
        {
            groups.push_back(std::move(group));
        }
    }
    for (std::size_t axis = 0; axis < draft.sweep.axes.size(); ++axis)
    {
        if (taken.count(axis) == 0)
        {
            groups.push_back({axis});
        }
    }
    std::sort(groups.begin(), groups.end());
}

void
TakeSeeds(Draft& draft)
{
    const Json& value = draft.Value();
    auto& seeds = draft.sweep.seeds;
    if (value.contains("seeds") && value.contains("replicates"))
    {
        draft.report.Add("/seeds", "", "`seeds` or `replicates`", "both");
    }
    if (value.contains("seeds"))
    {
        std::set<std::uint64_t> seen;
        for (std::size_t i = 0; i < value["seeds"].size(); ++i)
        {
            seeds.push_back(value["seeds"][i].get<std::uint64_t>());
            if (!seen.insert(seeds.back()).second)
            {
                draft.report.Add(scenario::Join("/seeds", i), "the seed stands twice");
            }
        }
        return;
    }
    const auto own = draft.sweep.base.find("seed");
    const auto first = own == draft.sweep.base.end() ? std::optional<std::uint64_t>(1)
                                                     : scenario::ParseWholeNumber(*own);
    const auto replicates = value.value("replicates", std::uint64_t{1});
    if (!first || *first > LARGEST_SEED - replicates)
    {
        draft.report.Add("/base", "the seed of the base is too large, or none");
        return;
    }
    for (std::uint64_t i = 0; i < replicates; ++i)
    {
        seeds.push_back(*first + i);
    }
}

/** Take in the certificates of derived patches, as those of axes. */
void
TakePatches(Draft& draft)
{
    Json& value = draft.sweep.document.value;
    for (std::size_t i = 0; value.contains("derive") && i < value["derive"].size(); ++i)
    {
        Json& element = value["derive"][i];
        if (!element.contains("patch") || element.contains("pointer"))
        {
            continue;
        }
        std::vector<Problem> problems;
        TakeInCertificates(element["patch"],
                           draft.folder,
                           scenario::Join(scenario::Join("/derive", i), "patch"),
                           problems);
        for (Problem& problem : problems)
        {
            draft.report.Add(std::move(problem));
        }
    }
}

void
TakeConditions(Draft& draft)
{
    const Json& value = draft.Value();
    if (value.contains("when"))
    {
        draft.sweep.when = Condition::Parse(value["when"], "/when", draft.sweep.axes, draft.report);
    }
    for (std::size_t i = 0; value.contains("derive") && i < value["derive"].size(); ++i)
    {
        auto derivation = Derivation::Parse(
            value["derive"][i], scenario::Join("/derive", i), draft.sweep.axes, draft.report);
        if (derivation)
        {
            draft.sweep.derivations.push_back(std::move(*derivation));
        }
    }
}

/** \return everything that the points depend on, and nothing else, in one text. */
std::string
Resolve(const Draft& draft)
{
    const SweepFile& sweep = draft.sweep;
    const Json& value = draft.Value();
    OrderedJson resolved = OrderedJson::object();
    resolved["title"] = sweep.title;
    resolved["base"] = OrderedJson(sweep.base);
    for (const Axis& axis : sweep.axes)
    {
        resolved["axes"][axis.name] = ResolvedAxis(axis, draft.ordered["axes"][axis.name]);
    }
    for (const char* key : {"zip", "sample", "replicates", "seeds", "when", "derive"})
    {
        if (value.contains(key))
        {
            resolved[key] = OrderedJson(value[key]);
        }
    }
    return resolved.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

/** Throw what was found, in the order of the file. */
void
ThrowProblems(const Draft& draft)
{
    std::vector<Problem> problems = draft.problems;
    for (Problem& problem : problems)
    {
        draft.sweep.document.Locate(problem);
    }
    std::stable_sort(problems.begin(),
                     problems.end(),
                     [](const Problem& a, const Problem& b)
                     { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
    problems.insert(problems.end(), draft.fileProblems.begin(), draft.fileProblems.end());
    if (!problems.empty())
    {
        throw ScenarioErrors(problems);
    }
}

} // namespace

SweepFile
ReadSweep(const std::string& text, const std::string& file, const LoadOptions& options)
{
    std::vector<Problem> problems;
    std::vector<Problem> fileProblems;
    Report report(problems);
    Draft draft{{ParseChecked(text, file, options), "", {}, "", false, {}, {}, {}, {}, {}, {}, ""},
                {},
                std::filesystem::path(file).parent_path().string(),
                options,
                problems,
                fileProblems,
                report};
    constexpr std::string_view BYTE_ORDER_MARK = "\xEF\xBB\xBF";
    const bool marked = text.compare(0, BYTE_ORDER_MARK.size(), BYTE_ORDER_MARK) == 0;
    draft.ordered = OrderedJson::parse(text.begin() + (marked ? 3 : 0), text.end());
    draft.sweep.title = draft.Value()["title"].get<std::string>();
    if (!scenario::IsLine(draft.sweep.title))
    {
        report.Add("/title", "", scenario::LINE, scenario::Describe(draft.Value()["title"]));
    }
    TakeBase(draft);
    TakeAxes(draft);
    const std::size_t axes = draft.Value().contains("axes") ? draft.Value()["axes"].size() : 0;
    if (draft.sweep.axes.size() == axes) // else what names a broken axis would be told, too
    {
        CheckOrder(draft.sweep.axes, report);
        CheckPointers(draft.sweep, report);
        TakeGroups(draft);
        TakePatches(draft);
        TakeConditions(draft);
        TakeSample(draft);
    }
    TakeSeeds(draft);
    draft.sweep.resolved = Resolve(draft);
    if (problems.empty() && fileProblems.empty() && !scenario::ParseValue(draft.sweep.resolved))
    {
        report.Add("",
                   "too deeply nested, or a certificate too long, to be kept with the results",
                   "texts of at most 10000 bytes, and 32 levels in all");
    }
    ThrowProblems(draft);
    return std::move(draft.sweep);
}

} // namespace nattlab::sweep

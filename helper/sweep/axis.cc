// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/axis.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"
#include "helper/sweep/axis-quantity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Problem;
using scenario::Report;

constexpr std::size_t LONGEST_NAME = 63;

/** Names that conditions, templates and results give a meaning of their own. */
const std::vector<std::string> RESERVED{"not", "any", "all", "seed", "replicate", "point"};

std::string
Lower(std::string text)
{
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

store::AxisValue
Axis::Label(const Choice& choice) const
{
    return Continuous() ? range->Label(choice.number) : entries[choice.index].label;
}

std::string
Axis::Text(const Choice& choice) const
{
    if (!Continuous())
    {
        return entries[choice.index].text;
    }
    const Json value = range->Value(choice.number);
    return value.is_string() ? value.get<std::string>() : NumberText(choice.number);
}

std::optional<double>
Axis::Number(const Choice& choice) const
{
    const store::AxisValue label = Label(choice);
    if (const auto* number = std::get_if<double>(&label))
    {
        return *number;
    }
    const auto* whole = std::get_if<std::int64_t>(&label);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

std::optional<Problem>
Axis::Apply(Json& document, const Choice& choice) const
{
    if (patches && paths.empty())
    {
        document.merge_patch(entries[choice.index].value);
        return std::nullopt;
    }
    for (const Path& path : paths)
    {
        auto problem = patches        ? path.Patch(document, entries[choice.index].value)
                       : Continuous() ? path.Set(document, range->Value(choice.number))
                                      : path.Set(document, entries[choice.index].value);
        if (problem)
        {
            return problem;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t>
Axis::Find(const std::string& text) const
{
    const auto entry = std::find_if(
        entries.begin(), entries.end(), [&](const AxisEntry& one) { return one.text == text; });
    return entry == entries.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(entry - entries.begin()));
}

std::vector<std::string>
Axis::Texts() const
{
    std::vector<std::string> texts;
    for (const AxisEntry& entry : entries)
    {
        texts.push_back(entry.text);
    }
    return texts;
}

void
CheckAxisName(const std::string& name, const std::vector<Axis>& axes, Report& report)
{
    const std::string pointer = scenario::Join("/axes", name);
    const bool letters =
        !name.empty() && name.size() <= LONGEST_NAME &&
        std::isalpha(static_cast<unsigned char>(name.front())) != 0 &&
        std::all_of(name.begin(),
                    name.end(),
                    [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
    if (!letters)
    {
        report.Add(pointer,
                   "not the name of an axis",
                   "up to 63 letters, digits, hyphens and underscores, the first one a letter",
                   scenario::Describe(Json(name)));
    }
    else if (std::find(RESERVED.begin(), RESERVED.end(), Lower(name)) != RESERVED.end())
    {
        report.Add(pointer, "the name \"" + name + "\" has a meaning of its own");
    }
    for (const Axis& axis : axes)
    {
        if (axis.name != name && Lower(axis.name) == Lower(name))
        {
            report.Add(pointer,
                       "the name is taken by axis \"" + axis.name +
                           "\": small and capital letters are the same in results");
        }
    }
}

OrderedJson
ResolvedAxis(const Axis& axis, const OrderedJson& value)
{
    OrderedJson resolved = OrderedJson::object();
    for (const char* key : {"pointer", "pointers"})
    {
        if (value.contains(key))
        {
            resolved[key] = value[key];
        }
    }
    if (axis.range)
    {
        resolved["range"] = value["range"];
        return resolved;
    }
    for (const AxisEntry& entry : axis.entries)
    {
        const OrderedJson written = OrderedJson(entry.value);
        if (axis.patches)
        {
            resolved["patches"][entry.text] = written;
        }
        else
        {
            resolved["values"].push_back(written);
        }
    }
    return resolved;
}

std::optional<std::size_t>
FindAxis(const std::vector<Axis>& axes,
         const std::string& name,
         const std::string& pointer,
         Report& report)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < axes.size(); ++i)
    {
        if (axes[i].name == name)
        {
            return i;
        }
        names.push_back(axes[i].name);
    }
    report.Add(pointer,
               "",
               "the name of an axis",
               scenario::Describe(Json(name)),
               scenario::Nearest(name, names));
    return std::nullopt;
}

} // namespace nattlab::sweep

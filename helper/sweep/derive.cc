// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/derive.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"
#include "helper/sweep/axis-files.h"
#include "helper/sweep/axis-quantity.h"

#include <array>
#include <cmath>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Report;

constexpr std::array<const char*, 4> FORMS{"patch", "value", "text", "of"};
constexpr int DIGITS = 12;                     //!< significant, so that 0.1 + 0.2 is 0.3
constexpr double LARGEST = 9007199254740992.0; //!< 2^53: whole doubles are exact up to there

bool
HasNumbers(const Axis& axis)
{
    for (std::size_t i = 0; i < axis.entries.size(); ++i)
    {
        if (!axis.Number({static_cast<std::uint32_t>(i), 0}))
        {
            return false;
        }
    }
    return true;
}

} // namespace

std::optional<Derivation>
Derivation::Parse(const Json& value,
                  const std::string& pointer,
                  const std::vector<Axis>& axes,
                  Report& report)
{
    Derivation derivation;
    derivation.m_place = pointer;
    std::size_t forms = 0;
    for (const char* form : FORMS)
    {
        forms += value.contains(form) ? 1 : 0;
    }
    if (forms != 1)
    {
        report.Add(pointer,
                   "",
                   "one of `patch`, `value`, `text`, `of`",
                   forms == 0 ? "none of them" : "several");
        return std::nullopt;
    }
    if (value.contains("when"))
    {
        derivation.m_when =
            Condition::Parse(value["when"], scenario::Join(pointer, "when"), axes, report);
    }
    if (!value.contains("of"))
    {
        for (const char* key : {"times", "plus", "unit", "map"})
        {
            if (value.contains(key))
            {
                report.Add(scenario::Join(pointer, key), "", "`of` beside it", "none");
            }
        }
    }
    if (value.contains("pointer"))
    {
        derivation.m_path = ParseTarget(
            value["pointer"].get<std::string>(), scenario::Join(pointer, "pointer"), report);
        if (!derivation.m_path)
        {
            return std::nullopt;
        }
    }
    else if (!value.contains("patch"))
    {
        report.Add(
            pointer, "", "a JSON Pointer below the root, such as \"/links/lan/delay\"", "none");
        return std::nullopt;
    }
    else
    {
        RefuseOwnMembers(value["patch"], scenario::Join(pointer, "patch"), report);
    }
    bool usable = true;
    if (value.contains("patch") || value.contains("value"))
    {
        const char* form = value.contains("patch") ? "patch" : "value";
        derivation.m_form = value.contains("patch") ? Form::Patch : Form::Value;
        derivation.m_value = value[form];
        if (derivation.m_path)
        {
            RefuseCertificateFiles(
                derivation.m_value, {*derivation.m_path}, scenario::Join(pointer, form), report);
        }
    }
    else if (value.contains("text"))
    {
        usable = derivation.ParseTemplate(
            value["text"].get<std::string>(), scenario::Join(pointer, "text"), axes, report);
    }
    else
    {
        usable = derivation.ParseOf(value, pointer, axes, report);
    }
    return usable ? std::optional(std::move(derivation)) : std::nullopt;
}

bool
Derivation::ParseTemplate(const std::string& text,
                          const std::string& pointer,
                          const std::vector<Axis>& axes,
                          Report& report)
{
    m_form = Form::Text;
    m_parts.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const bool brace = text[i] == '{' || text[i] == '}';
        if (!brace || (i + 1 < text.size() && text[i + 1] == text[i]))
        {
            m_parts.back().text += text[i];
            i += brace ? 1 : 0;
            continue;
        }
        const auto end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        if (end == std::string::npos)
        {
            report.Add(pointer,
                       "a brace without its other one",
                       "\"{AXIS}\", or \"{{\" and \"}}\" for the braces themselves",
                       scenario::Describe(Json(text)));
            return false;
        }
        const std::string name = text.substr(i + 1, end - i - 1);
        Part& part = m_parts.back();
        if (name == "seed" || name == "replicate")
        {
            part.what = name == "seed" ? Part::What::Seed : Part::What::Replicate;
        }
        else if (const auto axis = FindAxis(axes, name, pointer, report))
        {
            part.what = Part::What::Axis;
            part.axis = *axis;
        }
        else
        {
            return false;
        }
        m_parts.emplace_back();
        i = end;
    }
    return true;
}

bool
Derivation::ParseOf(const Json& value,
                    const std::string& pointer,
                    const std::vector<Axis>& axes,
                    Report& report)
{
    const auto found =
        FindAxis(axes, value["of"].get<std::string>(), scenario::Join(pointer, "of"), report);
    if (!found)
    {
        return false;
    }
    m_axis = *found;
    const Axis& axis = axes[m_axis];
    if (value.contains("map"))
    {
        m_form = Form::Map;
        const std::string place = scenario::Join(pointer, "map");
        for (const char* key : {"times", "plus", "unit"})
        {
            if (value.contains(key))
            {
                report.Add(scenario::Join(pointer, key), "`map` says all", "", "both");
            }
        }
        for (const auto& [text, result] : value["map"].items())
        {
            if (!axis.Find(text))
            {
                report.Add(scenario::Join(place, text),
                           "",
                           "a value of axis \"" + axis.name + '"',
                           scenario::Describe(Json(text)),
                           scenario::Nearest(text, axis.Texts()));
            }
            RefuseCertificateFiles(result, {*m_path}, scenario::Join(place, text), report);
            m_map.emplace(text, result);
        }
        return true;
    }
    m_form = Form::Number;
    m_unit = value.value("unit", axis.unit);
    for (const auto& [key, number] : {std::pair("times", &m_times), std::pair("plus", &m_plus)})
    {
        if (value.contains(key))
        {
            *number = value[key].get<double>();
            m_integer = m_integer && value[key].is_number_integer();
        }
    }
    if (!HasNumbers(axis))
    {
        report.Add(scenario::Join(pointer, "of"),
                   "",
                   "an axis of numbers, or `map` beside it",
                   "axis \"" + axis.name + '"');
        return false;
    }
    if (!m_unit.empty() && KindOf(m_unit).empty())
    {
        report.Add(scenario::Join(pointer, "unit"),
                   "",
                   "a unit such as \"ms\"",
                   scenario::Describe(Json(m_unit)));
        return false;
    }
    return true;
}

Json
Derivation::Number(const Axis& axis, const Choice& choice) const
{
    const Quantity quantity{axis.Number(choice).value_or(0), axis.unit};
    const double converted = NumberIn(quantity, m_unit).value_or(quantity.number);
    const double exact = converted * m_times + m_plus;
    const double number = IsWhole(m_unit) ? std::round(exact) : Rounded(exact, DIGITS);
    if (!m_unit.empty())
    {
        return NumberText(number) + ' ' + m_unit;
    }
    const bool integer = m_integer && number == std::floor(number) && std::fabs(number) < LARGEST &&
                         std::holds_alternative<std::int64_t>(axis.Label(choice));
    return integer ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

std::optional<scenario::Problem>
Derivation::Apply(Json& document,
                  const std::vector<Axis>& axes,
                  const std::vector<Choice>& choices,
                  std::uint64_t seed,
                  std::uint64_t replicate) const
{
    if (!m_when.Holds(choices))
    {
        return std::nullopt;
    }
    switch (m_form)
    {
    case Form::Patch:
        if (m_path)
        {
            return m_path->Patch(document, m_value);
        }
        document.merge_patch(m_value);
        return std::nullopt;
    case Form::Value:
        return m_path->Set(document, m_value);
    case Form::Number:
        return m_path->Set(document, Number(axes[m_axis], choices[m_axis]));
    case Form::Map:
    {
        const auto found = m_map.find(axes[m_axis].Text(choices[m_axis]));
        return found == m_map.end() ? std::nullopt : m_path->Set(document, found->second);
    }
    case Form::Text:
        break;
    }
    std::string text;
    for (const Part& part : m_parts)
    {
        text += part.text;
        text += part.what == Part::What::Axis        ? axes[part.axis].Text(choices[part.axis])
                : part.what == Part::What::Seed      ? std::to_string(seed)
                : part.what == Part::What::Replicate ? std::to_string(replicate)
                                                     : "";
    }
    return m_path->Set(document, text);
}

} // namespace nattlab::sweep

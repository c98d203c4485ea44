// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/sweep-notes.h"

#include <nlohmann/json.hpp>

namespace nattlab::figures
{

namespace
{

using Json = nlohmann::ordered_json;

/** \return what stands behind the number of "10 s"; nothing for other texts. */
std::string
UnitOf(const Json& value)
{
    if (!value.is_string())
    {
        return "";
    }
    const auto& text = value.get_ref<const std::string&>();
    const std::size_t number = text.find_first_not_of("+-.0123456789");
    if (number == 0 || number == std::string::npos)
    {
        return "";
    }
    const std::size_t unit = text.find_first_not_of(' ', number);
    const std::string found = unit == std::string::npos ? "" : text.substr(unit);
    return found == "byte" || found == "packet" ? found + "s" : found;
}

AxisNotes
NotesOf(const Json& axis)
{
    AxisNotes notes;
    if (axis.contains("range") && axis["range"].is_object())
    {
        const Json& range = axis["range"];
        notes.unit = range.contains("from") ? UnitOf(range["from"]) : "";
        notes.logarithmic = range.contains("scale") && range["scale"] == "log";
    }
    else if (axis.contains("values") && axis["values"].is_array() && !axis["values"].empty())
    {
        notes.unit = UnitOf(axis["values"].front());
        for (const Json& value : axis["values"])
        {
            notes.order.push_back(value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    else if (axis.contains("patches") && axis["patches"].is_object())
    {
        for (const auto& [name, patch] : axis["patches"].items())
        {
            notes.order.push_back(name);
        }
    }
    return notes;
}

} // namespace

std::vector<AxisNotes>
ReadNotes(const store::SweepIdentity& identity)
{
    std::vector<AxisNotes> notes(identity.axes.size());
    const Json document = Json::parse(identity.document, nullptr, false);
    if (!document.is_object() || !document.contains("axes") || !document["axes"].is_object())
    {
        return notes;
    }
    for (std::size_t i = 0; i < notes.size(); ++i)
    {
        const auto axis = document["axes"].find(identity.axes[i]);
        if (axis != document["axes"].end() && axis->is_object())
        {
            notes[i] = NotesOf(*axis);
        }
    }
    if (!document.contains("zip") || !document["zip"].is_array())
    {
        return notes;
    }
    std::size_t group = 0;
    for (const Json& names : document["zip"])
    {
        ++group;
        for (std::size_t i = 0; i < notes.size(); ++i)
        {
            for (const Json& name : names)
            {
                if (name == identity.axes[i])
                {
                    notes[i].group = group;
                }
            }
        }
    }
    return notes;
}

} // namespace nattlab::figures

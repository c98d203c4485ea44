// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_CHOICE_H
#define NATTLAB_SIMULATION_CHOICE_H

#include "helper/scenario/section.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace nattlab
{

/** A name of the file format, and what it means to an engine. */
template <typename Value>
using Choices = std::initializer_list<std::pair<std::string_view, Value>>;

/** \return the value that the text at \p key names; the fallback when the key is absent. */
template <typename Value>
Value
Choose(const scenario::Section& section,
       std::string_view key,
       Value fallback,
       const Choices<Value>& choices)
{
    if (!section.Has(key))
    {
        return fallback;
    }
    const std::string text = section.Text(key, "");
    std::string expected;
    for (const auto& [name, value] : choices)
    {
        if (name == text)
        {
            return value;
        }
        expected += (expected.empty() ? "" : ", ") + std::string(name);
    }
    section.Fail(key, "one of " + expected);
}

/** \return the value that one text of a list names. */
template <typename Value>
Value
ChooseItem(const scenario::Section& section,
           std::string_view key,
           const std::string& text,
           const Choices<Value>& choices)
{
    for (const auto& [name, value] : choices)
    {
        if (name == text)
        {
            return value;
        }
    }
    section.Fail(key, "known names, and not \"" + text + "\"");
}

/** Read a whole number into a field of any width. */
template <typename Integer>
void
ReadNumber(const scenario::Section& section, std::string_view key, Integer& field)
{
    field = static_cast<Integer>(section.Number(key, field));
}

} // namespace nattlab

#endif

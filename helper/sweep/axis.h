// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_AXIS_H
#define NATTLAB_SWEEP_AXIS_H

#include "helper/scenario/load.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"
#include "helper/store/rows.h"
#include "helper/sweep/axis-path.h"
#include "helper/sweep/axis-range.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** Keeps the order of the file, which is the order of axes and of labels. */
using OrderedJson = nlohmann::ordered_json;

/** One value of an axis. */
struct AxisEntry
{
    store::AxisValue label; //!< as results show it
    std::string text;       //!< as a template or a map names it: "10 s"
    scenario::Json value;   //!< as it is put into a scenario, or a JSON Merge Patch
    std::string place;      //!< where it stands in the sweep file
};

/** Which value an axis has at a point. */
struct Choice
{
    std::uint32_t index{0}; //!< of the entry
    double number{0};       //!< of a continuous axis
};

/** What varies: values, and where they go. */
struct Axis
{
    std::string name;
    std::string place;       //!< of the axis in the sweep file
    std::vector<Path> paths; //!< none: patches are for the whole scenario
    bool patches{false};
    std::string unit; //!< of numbers; empty: none
    std::vector<AxisEntry> entries;
    std::optional<Range> range; //!< of an axis that is given by one

    bool Continuous() const
    {
        return range && range->Continuous();
    }

    /** \return the value as results show it. */
    store::AxisValue Label(const Choice& choice) const;
    /** \return the value as a template names it. */
    std::string Text(const Choice& choice) const;
    /** \return the number of the value in `unit`; nothing for texts. */
    std::optional<double> Number(const Choice& choice) const;
    /** Put the value into a scenario. \return what is in the way. */
    std::optional<scenario::Problem> Apply(scenario::Json& document, const Choice& choice) const;
    /** \return the entry with that text; nothing when there is none. */
    std::optional<std::size_t> Find(const std::string& text) const;
    /** \return all texts. */
    std::vector<std::string> Texts() const;
};

/** What reading an axis needs beside the axis itself. */
struct AxisSource
{
    std::string folder;                           //!< what files of patches are relative to
    std::vector<scenario::PresetInfo> presets;    //!< all there are
    std::vector<scenario::Problem>& fileProblems; //!< of files of patches: they have own places
};

/**
 * \param name of the axis
 * \param value the axis, checked against the schema
 * \param source files and presets
 * \param report gets what is wrong
 * \return nothing when it has no usable values.
 */
std::optional<Axis> ParseAxis(const std::string& name,
                              const OrderedJson& value,
                              const AxisSource& source,
                              scenario::Report& report);

/** Refuse a name that is taken, reserved, or none for a column of results. */
void
CheckAxisName(const std::string& name, const std::vector<Axis>& axes, scenario::Report& report);

/** \return the axis with files, presets and descriptions written out. */
OrderedJson ResolvedAxis(const Axis& axis, const OrderedJson& value);

/** \return the axis with that name; nothing, and a problem at \p pointer, when there is none. */
std::optional<std::size_t> FindAxis(const std::vector<Axis>& axes,
                                    const std::string& name,
                                    const std::string& pointer,
                                    scenario::Report& report);

} // namespace nattlab::sweep

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_PLAN_H
#define NATTLAB_SWEEP_PLAN_H

#include "helper/scenario/load.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"
#include "helper/store/rows.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** One axis, as results and people see it. */
struct AxisInfo
{
    std::string name;
    std::string unit;                     //!< of the numbers in `labels`; empty: they have none
    std::vector<std::string> pointers;    //!< what it sets; empty: a patch on the whole scenario
    std::size_t values{0};                //!< how many it has; 0 when it is continuous
    bool continuous{false};               //!< any number between `first` and `last`
    store::AxisValue first;               //!< in the order of the file
    store::AxisValue last;                //!< in the order of the file
    std::vector<store::AxisValue> labels; //!< of all values; empty when it is continuous
};

/** One scenario of a sweep. */
struct Point
{
    store::PointId id{0};
    std::vector<store::AxisValue> values; //!< in the order of the axes
    std::uint64_t seed{0};                //!< of the scenario
    std::uint64_t replicate{0};           //!< from 1
};

/**
 * The points of a sweep file, numbered, and the scenario of each. A plan is made once, costs little
 * to copy, and is never changed: threads and forked processes share it.
 *
 * Points are in the order of the axes in the file, the last axis fastest, replicates fastest of
 * all; samples are in the order in which they are drawn.
 */
class Plan
{
  public:
    /**
     * Read a sweep file with all that it names: base, files, presets.
     * \param file the sweep file
     * \param options where presets are; its overrides go into the base scenario, its file is not
     * used
     * \throws scenario::ScenarioErrors with every problem found.
     */
    static Plan Read(const std::string& file, const scenario::LoadOptions& options);

    /** The same for a text in memory; \p file is its name in messages, and what the files that it
     * names are relative to. */
    static Plan ReadText(const std::string& text,
                         const std::string& file,
                         const scenario::LoadOptions& options);

    /**
     * Make the plan whose Document() was kept: the same points, the same scenarios.
     * \param resolved Document() of the other plan
     * \param options as for Read(); its file is BaseFile() of the new plan; it must have no
     * overrides, which the document has taken in
     * \throws scenario::ScenarioErrors when it is no such document.
     */
    static Plan FromDocument(const std::string& resolved, const scenario::LoadOptions& options);

    const std::string& Title() const;
    const std::vector<AxisInfo>& Axes() const;

    /** \return combinations of axis values, or samples, before filters. */
    std::uint64_t Combinations() const;
    /** \return those that the filters let through. */
    std::uint64_t Kept() const;
    /** \return how many seeds each of those is run with. */
    std::uint64_t Replicates() const;
    /** \return points: Kept() times Replicates(). */
    std::uint64_t Size() const;

    /** \return the point with the number \p id, 1 to Size(). \throws std::out_of_range */
    Point At(store::PointId id) const;

    /**
     * \return the scenario of a point of this plan, presets not applied, `seed` set.
     * \throws scenario::ScenarioErrors when a pointer leads nowhere in this combination.
     */
    scenario::Json DocumentOf(const Point& point) const;

    /** \return the sweep with base, files and presets by tag written out, in one line. */
    const std::string& Document() const;
    /** \return SHA-256 of Document(), hexadecimal. */
    const std::string& Hash() const;
    /** \return the sweep file, as messages name it. */
    const std::string& File() const;
    /** \return the base scenario's file; the sweep file where the base stands in it. */
    const std::string& BaseFile() const;

    /**
     * Load the base and, for each value of each axis, the first point that has it (of ranges only
     * the ends), and tell what is wrong with the names of axis and value. A problem is told once.
     * \return nothing when all is well.
     */
    std::vector<scenario::Problem> Validate() const;

    /** \return the plan for people: axes, filters, counts. Several lines. */
    std::string Describe() const;
    /** \return the same for programs; doc/sweeps.md names the members. */
    scenario::Json Summary() const;

  private:
    class Impl;
    explicit Plan(std::shared_ptr<const Impl> impl);

    std::shared_ptr<const Impl> m_impl;
};

/** \return plan.Describe(). */
std::string DescribePlan(const Plan& plan);

/** \return how people write a value: "10 s" for 10 with the unit "s". */
std::string ValueText(const store::AxisValue& value, const std::string& unit = "");

} // namespace nattlab::sweep

#endif

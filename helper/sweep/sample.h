// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_SAMPLE_H
#define NATTLAB_SWEEP_SAMPLE_H

#include "helper/sweep/axis.h"
#include "helper/sweep/condition.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** `sample` of a sweep file. */
struct Sampling
{
    enum class Kind
    {
        Cartesian,      //!< every combination, the last axis fastest
        Random,         //!< each value on its own
        LatinHypercube, //!< each axis in as many equal parts as points, one point in each
    };

    Kind kind{Kind::Cartesian};
    std::uint64_t points{0}; //!< of the other kinds
    std::uint64_t seed{1};
};

/** Axes that go together, by index; an axis alone is a group, too. In the order of the file. */
using AxisGroup = std::vector<std::size_t>;

/** The combinations of values that a sweep runs, numbered from 0. Held compactly. */
class Sample
{
  public:
    static constexpr std::uint64_t MOST_KEPT = 10'000'000;
    static constexpr std::uint64_t MOST_TRIED = 100'000'000; //!< combinations to be filtered

    Sample() = default;

    /**
     * \param axes that have values
     * \param groups each axis stands in one
     * \param sampling what to take of all combinations
     * \param when must hold; others are left out
     * \param refusal set to why there are too many, or none
     */
    Sample(const std::vector<Axis>& axes,
           std::vector<AxisGroup> groups,
           const Sampling& sampling,
           const Condition& when,
           std::string& refusal);

    std::uint64_t Combinations() const
    {
        return m_combinations;
    }

    std::uint64_t Size() const
    {
        return m_filtered ? m_kept.size() : m_combinations;
    }

    /** Set what each axis has in combination \p number. \param choices one for each axis */
    void Get(std::uint64_t number, std::vector<Choice>& choices) const;

    /** \return for each axis and value the first combination that has it; Size() for none. One list
     * with one element for a continuous axis. */
    std::vector<std::vector<std::uint64_t>> FirstUses(const std::vector<Axis>& axes) const;

  private:
    /** What was drawn for a group, one element for each point. */
    struct Column
    {
        std::vector<std::uint32_t> indexes; //!< of groups with values
        std::vector<double> places;         //!< of continuous groups, 0 to 1
    };

    void Draw(const std::vector<Axis>& axes, const Sampling& sampling);
    void Filter(const Condition& when, std::size_t axes, std::string& refusal);
    void GetAny(std::uint64_t number, std::vector<Choice>& choices) const;

    std::vector<AxisGroup> m_groups;
    std::vector<std::uint64_t> m_sizes; //!< of the groups; 0: continuous
    std::vector<Range> m_ranges;        //!< by axis; used of continuous ones
    std::vector<Column> m_columns;      //!< empty for all combinations
    std::vector<std::uint64_t> m_kept;  //!< of a filtered sample
    bool m_filtered{false};
    std::uint64_t m_combinations{0};
};

} // namespace nattlab::sweep

#endif

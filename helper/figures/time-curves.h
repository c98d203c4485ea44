// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Empirical distribution of the time to connect, with 95 % confidence bands.
 */
#ifndef NATTLAB_FIGURES_TIME_CURVES_H
#define NATTLAB_FIGURES_TIME_CURVES_H

#include "helper/figures/scale.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** Where the band comes from. */
enum class BandKind : std::uint8_t
{
    /** Percentiles at each time, of samples with replacement from the replicates. */
    Bootstrap,
    /** Dvoretzky-Kiefer-Wolfowitz with Massart's constant: the whole curve, over connections. */
    Dkw,
};

/** Share of all connections that were up after each of the times. */
struct TimeCurve
{
    std::string label;
    std::uint64_t connections{0};
    std::uint64_t connected{0};
    std::vector<double> share; //!< at each of TimeCurves::times
    std::vector<double> low;   //!< band
    std::vector<double> high;
};

struct TimeCurves
{
    Scale by;
    std::vector<double> times; //!< seconds, ascending
    bool thinned{false};       //!< there were more different times than `times`
    bool logarithmic{false};   //!< how the times are to be shown
    BandKind band{BandKind::Dkw};
    std::size_t replicates{0};     //!< GROUPS + 1: or more
    std::vector<TimeCurve> curves; //!< those that have connections
};

/** Half of the height of the band of Dvoretzky, Kiefer and Wolfowitz that holds 95 %. */
double DkwHalfWidth(std::uint64_t connections);

/** Collects times; 8 bytes for each connection that connects. */
class TimeCollector
{
  public:
    /** Times of which a curve shows each; more are shown at so many places. */
    static constexpr std::size_t MOST_TIMES = 400;

    /** Replicates from which the band is made of them; fewer tell too little of their spread. */
    static constexpr std::size_t ENOUGH_REPLICATES = 5;

    /** Of more replicates than this several go together, as one. */
    static constexpr std::size_t GROUPS = 100;

    /** Samples of the bootstrap; the band lies between their 25th and 975th. */
    static constexpr std::size_t RESAMPLES = 999;

    explicit TimeCollector(Scale by);

    void Add(const store::PointRow& point);

    /** \return the curves. Must be called once only: it uses up what was collected. */
    TimeCurves Curves();

  private:
    struct Group
    {
        std::uint64_t connections{0};
        std::vector<double> times;
    };

    using Groups = std::array<Group, GROUPS>; //!< by replicate

    std::vector<double> ChooseTimes(TimeCurves& result) const;
    static void Bootstrap(const Groups& groups, const std::vector<double>& times, TimeCurve& curve);

    Scale m_by;
    std::vector<Groups> m_curves;
    std::set<std::uint64_t> m_replicates; //!< up to GROUPS + 1 of them
};

} // namespace nattlab::figures

#endif

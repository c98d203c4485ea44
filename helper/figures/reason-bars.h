// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_REASON_BARS_H
#define NATTLAB_FIGURES_REASON_BARS_H

#include "helper/figures/scale.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** Shares of the ends that connections came to, by the values of an axis. */
struct ReasonBars
{
    Scale x;
    /** "connected", the most frequent ends, and "other" last where there are more. */
    std::vector<std::string> ends;
    std::vector<std::vector<std::uint64_t>> counts; //!< of each bar, of each end

    /** \return connections of a bar. */
    std::uint64_t Total(std::size_t bar) const;
};

/** \return what a figure calls the end of a connection: "nat.filtered (ike-main)". */
std::string EndOf(const store::ConnectionRow& connection);

/** Counts the ends of connections. */
class ReasonCounter
{
  public:
    explicit ReasonCounter(Scale x);

    void Add(const store::PointRow& point);

    /**
     * \param most ends with a name beside "connected"; one that would stand alone in "other" has
     * its name as well. Of equally frequent ends the first by name.
     */
    ReasonBars Bars(std::size_t most) const;

  private:
    Scale m_x;
    std::vector<std::map<std::string, std::uint64_t>> m_counts; //!< of each bar
};

} // namespace nattlab::figures

#endif

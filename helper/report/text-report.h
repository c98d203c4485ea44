// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_TEXT_REPORT_H
#define NATTLAB_REPORT_TEXT_REPORT_H

#include "helper/simulation/expectation.h"
#include "helper/simulation/simulation.h"

#include <cstddef>
#include <ostream>
#include <vector>

namespace nattlab
{

/** How a report for people looks. */
struct TextStyle
{
    bool color{false};                  //!< ANSI colours
    bool timeline{true};                //!< show the exchange of each connection
    std::size_t timelineRows{60};       //!< of each connection; 0: all
    std::size_t timelineMost{SIZE_MAX}; //!< connections; with more of them none is shown
    bool judged{true};                  //!< say whether the run is as expected
    std::size_t detailMost{8}; //!< connections; with more of them only failures have details
};

/** Write the report: a table of connections and traffic, the exchange, and what was expected. */
void WriteTextReport(const scenario::Scenario& scenario,
                     const RunResult& result,
                     const std::vector<Surprise>& surprises,
                     const TextStyle& style,
                     std::ostream& out);

} // namespace nattlab

#endif

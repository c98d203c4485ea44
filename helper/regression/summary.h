// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_SUMMARY_H
#define NATTLAB_REGRESSION_SUMMARY_H

#include "helper/regression/test-result.h"

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace nattlab::regression
{

/** \return "/expect/connections/vpn/outcome: expected connected, found failed". */
std::string ToString(const Surprise& difference);

/** \return the lines that say why a scenario is not as expected: differences, then verdicts. */
std::vector<std::string> Explain(const TestResult& result);

/** Write each scenario that is not as expected, and why; then how many came out how. */
void WriteSummary(const std::vector<TestResult>& results, bool color, std::ostream& out);

/** \return "81 scenarios: 80 as expected, 1 not as expected". */
std::string TotalsText(const std::vector<TestResult>& results);

/** A bar on a terminal that shows how many scenarios are done. */
class ProgressBar
{
  public:
    /** \param out a terminal; nothing is written to it before Done. */
    ProgressBar(std::size_t scenarios, std::ostream& out);

    void Done(const TestResult& result);

    /** Leave an empty line. */
    void Clear();

  private:
    std::size_t m_scenarios;
    std::size_t m_done{0};
    std::size_t m_bad{0};
    std::ostream& m_out;
};

} // namespace nattlab::regression

#endif

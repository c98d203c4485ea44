// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_ACCEPT_H
#define NATTLAB_REGRESSION_ACCEPT_H

#include "helper/regression/test-result.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nattlab::regression
{

/** What accepting the present verdicts does to a scenario file. */
struct Acceptance
{
    std::string text;                 //!< of the file afterwards
    std::vector<std::string> changes; //!< "/expect/connections/vpn/reason: "a" -> "b"", for people
    /** What an expectation of connections and traffic cannot say, or was not made by accepting. */
    std::vector<std::string> left;
};

/**
 * \return \p expect with the present verdicts. What holds stays as it is written. In place of what
 * does not, and for what has no expectation yet: of a connection `outcome`, and where it did not
 * come up `stage`, `reason`, `box`, `rule` and `error`; of traffic `delivered`, `reason`, `box` and
 * `rule`. Other keys of a connection are brought up to date, and stay absent where they are.
 */
nlohmann::ordered_json AcceptVerdicts(const nlohmann::ordered_json& expect,
                                      const TestResult& result);

/**
 * Work out what accepting does; writes nothing.
 * \param text of the scenario's file, which has been loaded
 */
Acceptance Accept(std::string_view text, const TestResult& result);

} // namespace nattlab::regression

#endif

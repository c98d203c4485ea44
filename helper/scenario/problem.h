// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_PROBLEM_H
#define NATTLAB_SCENARIO_PROBLEM_H

#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/** \return true for a character that is not shown: the end of a line, an order to a terminal... */
bool IsControl(char character);

/** One thing that is wrong with a scenario, a preset or an override, and where. */
struct Problem
{
    std::string file;      //!< the file, or "--set" for an override
    std::size_t line{0};   //!< from 1; 0 when the file has no such place
    std::size_t column{0}; //!< from 1; 0 when the file has no such place
    std::string pointer;   //!< JSON Pointer (RFC 6901) into the scenario; "" is its root
    std::string expected;  //!< what would be right; empty when `message` says it all
    std::string found;     //!< what stands there; empty when `message` says it all
    std::string nearest;   //!< the known name closest to the unknown one; empty when none is close
    std::string message;   //!< what is wrong, in one sentence without a full stop

    /**
     * \return "/pointer: message: expected ..., found ...; did you mean ...?": what is wrong, on
     * one line. Characters that would move a terminal's cursor are written as \\u001b is.
     */
    std::string Text() const;

    /** \return "FILE:LINE:COLUMN: " and Text(). */
    std::string ToString() const;
};

/** Everything that is wrong with the input of one Load(); never empty. */
class ScenarioErrors : public std::exception
{
  public:
    explicit ScenarioErrors(std::vector<Problem> problems);

    const std::vector<Problem>& Problems() const
    {
        return m_problems;
    }

    /** \return all problems, one a line. */
    const char* what() const noexcept override
    {
        return m_text.c_str();
    }

  private:
    std::vector<Problem> m_problems;
    std::string m_text;
};

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_TEXT_TABLE_H
#define NATTLAB_WINDOWS_TEXT_TABLE_H

#include <cstddef>
#include <string>
#include <vector>

namespace nattlab::windows
{

/** No line of a tool's page is longer. */
constexpr std::size_t PAGE_WIDTH = 100;

/**
 * \return aligned columns, two blanks apart and indented by two; an empty cell is written "-", and
 * a cell that would make the line too long is cut and ends with "..".
 *
 * \param rows the first holds the names of the columns; all have the same number of cells
 */
std::string TextTable(const std::vector<std::vector<std::string>>& rows);

/** \return a sentence cut at its blanks into lines of PAGE_WIDTH, from the second on indented. */
std::string WrappedText(const std::string& text);

/** \return "3 d 04:05:06.789" without days when there are none: the run's time for people. */
std::string ClockText(long long milliseconds);

} // namespace nattlab::windows

#endif

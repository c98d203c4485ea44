// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_CROSS_TABLE_H
#define NATTLAB_STORE_CROSS_TABLE_H

#include "helper/store/reader.h"

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace nattlab::store
{

/** The connections, or the traffic, that have some values of axes in common. */
struct Share
{
    std::uint64_t all{0};
    std::uint64_t good{0}; //!< came up, or arrived
    PointId example{0};    //!< the first point with one of them
};

/** How many connections come up, or how much traffic arrives, by the values of one axis or two. */
struct CrossTable
{
    Subject what{Subject::Connections};
    std::string rowAxis;
    std::string columnAxis;           //!< empty: one column
    std::vector<std::string> rows;    //!< values, in the order in which the sweep has them
    std::vector<std::string> columns; //!< the same; one empty text without a second axis
    std::vector<std::vector<Share>> cells;
};

/**
 * \param axes names of one axis or two
 * \throws FilterError for a name that is no axis, or for another number of names
 */
CrossTable MakeCrossTable(const Reader& reader,
                          Subject what,
                          const Filter& filter,
                          const std::vector<std::string>& axes);

/** Write percentages for people, in columns. */
void WriteText(const CrossTable& table, std::ostream& out);

/** Write percentages as a table of Markdown. */
void WriteMarkdown(const CrossTable& table, std::ostream& out);

/** Write one row for each cell: values, how many there are and succeed, share, example point. */
void WriteCsv(const CrossTable& table, std::ostream& out);

/** Write one JSON document with a row for each cell. */
void WriteJson(const CrossTable& table, std::ostream& out);

} // namespace nattlab::store

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The tables of an audit, before they are text.
 */
#ifndef NATTLAB_AUDIT_TABLE_H
#define NATTLAB_AUDIT_TABLE_H

#include "helper/audit/audit.h"

#include <ostream>
#include <string>
#include <vector>

namespace nattlab::audit
{

/** Lines of equally many cells; the first one is the head. */
using Table = std::vector<std::vector<std::string>>;

/** How much a cell tells. */
enum class Style : std::uint8_t
{
    Plain,    //!< the answer, and the point that shows why
    Markdown, //!< the answer, and all points behind it
};

/** A line for each statement, a column for each place. */
Table StatementTable(const Audit& audit, const Group& group, Style style);

/** A line for each policy, a column for each place. */
Table PolicyTable(const Audit& audit, const Group& group, Style style);

/** A line for each way in which runs did not connect. */
Table FailureTable(const Group& group);

/** Write in columns of equal width. */
void WriteAligned(const Table& table, std::ostream& out);

/** Write as Markdown. */
void WriteMarkdown(const Table& table, std::ostream& out);

} // namespace nattlab::audit

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Audits as text. It depends on the results alone: not on host, time or order.
 */
#ifndef NATTLAB_AUDIT_WRITE_H
#define NATTLAB_AUDIT_WRITE_H

#include "helper/audit/audit.h"

#include <ostream>
#include <string>

namespace nattlab::audit
{

/** Write for people. \param directory of the results, for the command that runs a point again */
void WriteText(const Audit& audit, const std::string& directory, std::ostream& out);

/**
 * Write a page that stands for itself, with all points behind each answer.
 * \param madeBy the command that made the results; empty: it is not told
 */
void WritePage(const Audit& audit, const std::string& madeBy, std::ostream& out);

/**
 * Write one line for each statement and one for each policy, in each place (RFC 4180). Columns: the
 * axes of groups, the axis of places, then those that doc/audit.md lists.
 */
void WriteCsv(const Audit& audit, std::ostream& out);

/** Write one JSON document; doc/audit.md describes it. */
void WriteJson(const Audit& audit, std::ostream& out);

} // namespace nattlab::audit

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Results as text for other programs. The text depends on the sweep and on nothing else: not on
 * order, workers, shards, interruptions, host or time.
 */
#ifndef NATTLAB_STORE_EXPORT_H
#define NATTLAB_STORE_EXPORT_H

#include "helper/store/reader.h"

#include <ostream>

namespace nattlab::store
{

/** What a row of an export is about. */
enum class ExportForm : std::uint8_t
{
    Connections, //!< a connection, or a point without any
    Points,
    Traffic, //!< a traffic source
};

/** Write one header and the rows (RFC 4180), in the order of points; absent values are empty. */
void ExportCsv(const Reader& reader,
               const Filter& filter,
               std::ostream& out,
               ExportForm form = ExportForm::Connections);

/**
 * Write one JSON object a row (JSON Lines), with the columns of ExportCsv as keys; absent values
 * are null, `drops` is an object.
 */
void ExportJsonLines(const Reader& reader,
                     const Filter& filter,
                     std::ostream& out,
                     ExportForm form = ExportForm::Connections);

} // namespace nattlab::store

#endif

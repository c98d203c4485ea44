// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_SUMMARY_H
#define NATTLAB_STORE_SUMMARY_H

#include "helper/store/reader.h"

#include <ostream>
#include <string>

namespace nattlab::store
{

/**
 * Write for people how a sweep came out: what it is, how far it is, how many connections came to
 * which end, and how to run one point again.
 * \param directory as it is to stand in the command that does so
 */
void WriteSummary(const Reader& reader,
                  const Filter& filter,
                  const std::string& directory,
                  std::ostream& out);

/** Write the same as one JSON document. */
void WriteSummaryJson(const Reader& reader, const Filter& filter, std::ostream& out);

} // namespace nattlab::store

#endif

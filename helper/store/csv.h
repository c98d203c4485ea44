// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_CSV_H
#define NATTLAB_STORE_CSV_H

#include <string>

namespace nattlab::store
{

/** \return \p text, in quotes where it could be taken for more than one field (RFC 4180, 2). */
std::string QuotedForCsv(const std::string& text);

} // namespace nattlab::store

#endif

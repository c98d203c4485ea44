// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_UTF8_H
#define NATTLAB_REGRESSION_UTF8_H

#include <string>
#include <string_view>

namespace nattlab::regression
{

/** \return \p text with U+FFFD in place of every byte that is no part of UTF-8 (RFC 3629). */
std::string ToValidUtf8(std::string_view text);

/**
 * \return \p text for the content or an attribute of XML 1.0: markup and line ends escaped, valid
 * UTF-8, and U+FFFD in place of characters that no XML document may hold (XML 1.0, 2.2)
 */
std::string ToXml(std::string_view text);

} // namespace nattlab::regression

#endif

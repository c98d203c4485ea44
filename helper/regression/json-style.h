// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_JSON_STYLE_H
#define NATTLAB_REGRESSION_JSON_STYLE_H

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace nattlab::regression
{

/**
 * Write JSON as the shipped scenarios are written: two spaces a level, and what is short on one
 * line of up to 100 columns. \param indent columns before the line on which the value begins \param
 * before columns that stand before the value on that line, indent aside: its key \param after
 * columns that follow the value on its line: a comma
 */
std::string FormatJson(const nlohmann::ordered_json& value,
                       std::size_t indent,
                       std::size_t before,
                       std::size_t after);

/**
 * Put a value into a member of the outermost object of a JSON text; the rest of the text stays
 * byte for byte. A member that is not there is added at the end.
 * \param text valid JSON whose root is an object
 */
std::string
ReplaceMember(std::string_view text, std::string_view key, const nlohmann::ordered_json& value);

} // namespace nattlab::regression

#endif

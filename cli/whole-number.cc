// SPDX-License-Identifier: GPL-2.0-only
#include "cli/whole-number.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace nattlab
{

CLI::Validator
WholeNumber()
{
    return CLI::Validator(
        [](std::string& text)
        {
            std::uint64_t number = 0;
            const char* const end = text.data() + text.size();
            const auto read = std::from_chars(text.data(), end, number);
            if (read.ec != std::errc{} || read.ptr != end)
            {
                return "expected a whole number, found \"" + text + "\"";
            }
            text = std::to_string(number);
            return std::string{};
        },
        "");
}

} // namespace nattlab

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/csv.h"

namespace nattlab::store
{

std::string
QuotedForCsv(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + "\"";
}

} // namespace nattlab::store

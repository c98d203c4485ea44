// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/write-file.h"

#include <fstream>
#include <stdexcept>

namespace nattlab
{

void
WriteFile(const std::string& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
    {
        throw std::runtime_error(path + ": cannot be written");
    }
}

} // namespace nattlab

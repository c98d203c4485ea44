// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_WRITE_FILE_H
#define NATTLAB_REPORT_WRITE_FILE_H

#include <string>

namespace nattlab
{

/**
 * Write a file, or replace it.
 * \throws std::runtime_error with its path when it cannot be written
 */
void WriteFile(const std::string& path, const std::string& text);

} // namespace nattlab

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_WRITE_FILE_H
#define NATTLAB_REPORT_WRITE_FILE_H

#include <string>

namespace nattlab
{

/**
 * Write a file, or replace it. A file that is there is replaced whole or, when the text cannot be
 * written, keeps its bytes: the text goes to a file beside it, PATH.tmp and the number of the
 * process, which then takes its name and mode. A symbolic link stays and leads to the new text.
 * Devices and pipes, and files in whose folder nothing can be made, are written as they are.
 * \throws std::runtime_error with its path and the reason when it cannot be written
 */
void WriteFile(const std::string& path, const std::string& text);

} // namespace nattlab

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_AXIS_FILES_H
#define NATTLAB_SWEEP_AXIS_FILES_H

#include "helper/scenario/problem.h"
#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"
#include "helper/sweep/axis-path.h"

#include <filesystem>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** \return the files that a name with "*" in its last part stands for, by name; hidden ones aside.
 */
std::vector<std::filesystem::path> FilesLike(const std::filesystem::path& pattern);

/** Put the content of certificate files, which are relative to \p folder, in the place of their
 * names; what cannot be read goes to \p problems with pointers below \p pointer. */
void TakeInCertificates(scenario::Json& scenario,
                        const std::string& folder,
                        const std::string& pointer,
                        std::vector<scenario::Problem>& problems);

/** Refuse names of certificate files in a value that goes to one of \p paths: only patches of the
 * whole scenario have them taken in. */
void RefuseCertificateFiles(const scenario::Json& value,
                            const std::vector<Path>& paths,
                            const std::string& place,
                            scenario::Report& report);

} // namespace nattlab::sweep

#endif

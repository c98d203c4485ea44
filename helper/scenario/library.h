// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_LIBRARY_H
#define NATTLAB_SCENARIO_LIBRARY_H

#include "helper/scenario/load.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/schema.h"
#include "helper/scenario/section.h"

#include <string>
#include <vector>

namespace nattlab::scenario
{

/** The folders and the schema that a load works with. */
struct Library
{
    const Schema* schema{nullptr}; //!< null, with a problem: the data folder cannot be read
    std::vector<std::string> presetDirectories;
};

Library OpenLibrary(const LoadOptions& options, std::vector<Problem>& problems);

/**
 * Put the content of certificate files in the place of their names.
 * \param document has presets merged in
 * \param file the scenario's; names are relative to it
 */
void ReadCertificateFiles(Json& document, const std::string& file, std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif

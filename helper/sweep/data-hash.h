// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_DATA_HASH_H
#define NATTLAB_SWEEP_DATA_HASH_H

#include "helper/scenario/load.h"

#include <string>

namespace nattlab::sweep
{

/**
 * \return SHA-256, hexadecimal, of schema.json and of the names and contents of all presets that a
 * scenario may name: results are comparable when it is the same.
 * \throws scenario::ScenarioErrors when they cannot be read
 */
std::string HashOfData(const scenario::LoadOptions& options);

} // namespace nattlab::sweep

#endif

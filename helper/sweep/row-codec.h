// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_ROW_CODEC_H
#define NATTLAB_SWEEP_ROW_CODEC_H

#include "helper/store/rows.h"

#include <string>
#include <vector>

namespace nattlab::sweep
{

/**
 * Pack what came of points, to go from a worker to its parent: same machine, same program. What the
 * parent knows itself is left out: `values`, `seed` and `replicate`.
 */
std::string Pack(const std::vector<store::PointRow>& rows);

/** \throws std::runtime_error when \p text is nothing that Pack made. */
std::vector<store::PointRow> Unpack(const std::string& text);

} // namespace nattlab::sweep

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_NATTLAB_VERSION_H
#define NATTLAB_SIMULATION_NATTLAB_VERSION_H

namespace nattlab
{

/** The version that stands in every result; results of two versions may differ. */
constexpr const char* VERSION = "0.1.0";

} // namespace nattlab

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_SWEEP_FILE_H
#define NATTLAB_SWEEP_SWEEP_FILE_H

#include "helper/scenario/document.h"
#include "helper/scenario/load.h"
#include "helper/scenario/section.h"
#include "helper/sweep/axis.h"
#include "helper/sweep/condition.h"
#include "helper/sweep/derive.h"
#include "helper/sweep/sample.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** What a sweep file says, with the files and presets that it names taken in. */
struct SweepFile
{
    scenario::Document document; //!< the text and its places
    std::string title;
    scenario::Json base; //!< with overrides, without `expect`
    std::string baseFile;
    bool baseIsInside{false}; //!< it stands in the sweep file
    std::vector<Axis> axes;
    std::vector<AxisGroup> groups; //!< in the order of their first axes
    Sampling sampling;
    std::vector<std::uint64_t> seeds; //!< of the replicates; at least one
    Condition when;
    std::vector<Derivation> derivations;
    std::string resolved; //!< all of this in one JSON text
};

/**
 * Read a sweep from its text.
 * \param text of the sweep file
 * \param file its name in messages, and what the files that it names are relative to
 * \param options where presets and schemas are; overrides for the base
 * \throws scenario::ScenarioErrors with every problem found.
 */
SweepFile
ReadSweep(const std::string& text, const std::string& file, const scenario::LoadOptions& options);

} // namespace nattlab::sweep

#endif

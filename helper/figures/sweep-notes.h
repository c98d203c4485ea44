// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_SWEEP_NOTES_H
#define NATTLAB_FIGURES_SWEEP_NOTES_H

#include "helper/store/rows.h"

#include <cstddef>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** What the document of a sweep says about an axis, beyond its name. */
struct AxisNotes
{
    std::string unit;               //!< of its numbers; empty: none
    std::vector<std::string> order; //!< texts, as the document lists them
    bool logarithmic{false};        //!< a range of equal ratios
    std::size_t group{0};           //!< axes of one group go together; 0: goes alone
};

/** \return the notes of each axis; empty ones for what the document does not say. */
std::vector<AxisNotes> ReadNotes(const store::SweepIdentity& identity);

} // namespace nattlab::figures

#endif

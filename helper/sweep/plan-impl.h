// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_PLAN_IMPL_H
#define NATTLAB_SWEEP_PLAN_IMPL_H

#include "helper/sweep/plan.h"
#include "helper/sweep/sample.h"
#include "helper/sweep/sweep-file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** A plan's own; never changed once it is made. */
class Plan::Impl
{
  public:
    Impl(SweepFile file, scenario::LoadOptions loadOptions);

    /** \return what each axis has in the combination \p number. */
    std::vector<Choice> Choices(std::uint64_t number) const;
    /** \return the scenario of some choices. */
    scenario::Json
    Build(const std::vector<Choice>& choices, std::uint64_t seed, std::uint64_t replicate) const;

    SweepFile sweep;
    scenario::LoadOptions options; //!< for a load of a point
    Sample sample;
    std::vector<AxisInfo> axes;
    std::string hash;
};

} // namespace nattlab::sweep

#endif

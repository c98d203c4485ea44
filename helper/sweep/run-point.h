// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_RUN_POINT_H
#define NATTLAB_SWEEP_RUN_POINT_H

#include "helper/scenario/batch.h"
#include "helper/simulation/simulation.h"
#include "helper/store/rows.h"
#include "helper/sweep/plan.h"

namespace nattlab::sweep
{

/** Runs points of a plan, one after the other, in this process. */
class PointRunner
{
  public:
    /** \throws scenario::ScenarioErrors when schema or presets cannot be read */
    PointRunner(const Plan& plan, const scenario::LoadOptions& options);

    /**
     * Load and run one point. What goes wrong is told by the row's status. The row lacks what the
     * plan knows: `values`, `seed` and `replicate`.
     */
    store::PointRow Run(store::PointId id);

  private:
    const Plan& m_plan;
    scenario::BatchLoader m_loader;
};

/** Put what the plan knows of a point into its row. */
void Complete(store::PointRow& row, const Plan& plan);

/** \return what a run leaves in a row; without what the plan knows, see Complete. */
store::PointRow MakeRow(store::PointId id, const RunResult& run);

} // namespace nattlab::sweep

#endif

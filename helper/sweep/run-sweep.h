// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_RUN_SWEEP_H
#define NATTLAB_SWEEP_RUN_SWEEP_H

#include "helper/scenario/load.h"
#include "helper/store/rows.h"
#include "helper/sweep/plan.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::sweep
{

struct SweepOptions
{
    std::string directory; //!< of the results
    std::size_t workers{1};
    bool resume{false};     //!< go on with what is there
    std::uint64_t shard{1}; //!< which part, from 1
    std::uint64_t shards{1};
    std::optional<std::uint64_t> shuffle; //!< run the points in another order
    std::string command;                  //!< as it was typed
};

/** How far a sweep has come. */
struct Progress
{
    std::uint64_t points{0};                       //!< of this part of the sweep
    std::uint64_t done{0};                         //!< of those, earlier uses included
    std::uint64_t invalid{0};                      //!< of those that are done
    std::uint64_t faults{0};                       //!< of those that are done
    std::uint64_t ran{0};                          //!< by this use, as the rest
    std::map<std::string, std::uint64_t> verdicts; //!< of connections
    std::map<std::string, std::uint64_t> reasons;  //!< of those that are not connected
    double seconds{0};                             //!< since the first point was begun
    bool stopped{false};                           //!< there is more to do
    /** Points whose workers were killed from outside again and again: a resume tries them. */
    std::vector<store::PointId> abandoned;
};

/**
 * Run what is not yet done of a sweep, and store it. Work is handed out in small portions to
 * whoever is free; nothing of the results depends on the order.
 * \param listener told at least five times a second
 * \param stop asked as often; true: finish what is begun, store it, and return
 * \throws store::Refusal when results are there that do not go with these, and when schema or
 * presets change meanwhile
 * \throws store::StoreError, scenario::ScenarioErrors, std::system_error
 */
Progress RunSweep(const Plan& plan,
                  const scenario::LoadOptions& load,
                  const SweepOptions& options,
                  const std::function<void(const Progress&)>& listener = {},
                  const std::function<bool()>& stop = {});

} // namespace nattlab::sweep

#endif

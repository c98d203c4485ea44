// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_BATCH_H
#define NATTLAB_SCENARIO_BATCH_H

#include "helper/scenario/load.h"
#include "helper/scenario/scenario.h"
#include "helper/scenario/section.h"

#include <memory>

namespace nattlab::scenario
{

/**
 * Loads many scenarios that have much in common: each preset is read once, and each link, host, box
 * and so on that stood in an earlier document in the same form is not looked at again. What comes
 * out is what LoadText() makes of the document's text. Not thread-safe; its scenarios are as
 * independent of it and of each other as any.
 */
class BatchLoader
{
  public:
    /**
     * \param options `file` is the name in messages, and certificate files are relative to it
     * \throws ScenarioErrors when schema.json cannot be read
     */
    explicit BatchLoader(const LoadOptions& options);
    ~BatchLoader();
    BatchLoader(BatchLoader&&) noexcept;
    BatchLoader& operator=(BatchLoader&&) noexcept;

    /**
     * \param document a scenario, without overrides and presets merged in
     * \throws ScenarioErrors with every problem, as LoadText() does; lines and columns are those
     * of the compact text of \p document
     */
    Scenario Load(const Json& document);

    /** \return how many documents were loaded without the ordinary loader. */
    std::size_t FastLoads() const;

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_DATA_HASH_H
#define NATTLAB_SWEEP_DATA_HASH_H

#include "helper/scenario/load.h"

#include <string>
#include <vector>

namespace nattlab::sweep
{

/**
 * \return SHA-256, hexadecimal, of schema.json and of the names and contents of all presets that a
 * scenario may name: results are comparable when it is the same.
 * \throws scenario::ScenarioErrors when they cannot be read
 */
std::string HashOfData(const scenario::LoadOptions& options);

/** Sees whether schema or presets change while a sweep runs. */
class DataWatch
{
  public:
    /** \throws scenario::ScenarioErrors when they cannot be read */
    explicit DataWatch(scenario::LoadOptions options);

    /** \return HashOfData at the beginning. */
    const std::string& Hash() const
    {
        return m_hash;
    }

    /**
     * Cheap while no file is touched.
     * \return whether HashOfData is still what it was
     */
    bool IsSame();

  private:
    std::string Look() const;

    scenario::LoadOptions m_options;
    std::vector<std::string> m_paths; //!< of the files, and of the folders of presets
    std::string m_seen;               //!< sizes and times of those when the hash was right
    std::string m_hash;
};

} // namespace nattlab::sweep

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_SCHEMA_H
#define NATTLAB_SCENARIO_SCHEMA_H

#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"

#include <memory>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/** scenarios/schema.json or its like, checked by valijson and explained in our own words. */
class Schema
{
  public:
    ~Schema();

    /**
     * A schema of a data directory, read once per process.
     * \param dataDirectory holds it
     * \param problems gets why it cannot be read
     * \param name of its file
     * \return null, with a problem, when it cannot be read.
     */
    static const Schema* Of(const std::string& dataDirectory,
                            std::vector<Problem>& problems,
                            const std::string& name = "schema.json");

    /**
     * Check a value.
     * \param value is checked
     * \param definition name of a definition such as "natPreset"; empty: the whole schema
     * \param problems gets what is wrong, with pointer but without file
     */
    void
    Check(const Json& value, const std::string& definition, std::vector<Problem>& problems) const;

  private:
    class Impl;
    explicit Schema(Json document);

    std::unique_ptr<Impl> m_impl;
};

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_COPIES_H
#define NATTLAB_SCENARIO_COPIES_H

#include "helper/scenario/problem.h"
#include "helper/scenario/schema.h"
#include "helper/scenario/section.h"

#include <map>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/** Where the items of an expanded document come from. */
class CopyOrigins
{
  public:
    /** Note that the item at \p copy was made from the one at \p original. */
    void Add(const std::string& copy, const std::string& original);

    bool Empty() const
    {
        return m_originals.empty();
    }

    /** \return where \p pointer stood before copies were made. */
    std::string Of(const std::string& pointer) const;

  private:
    std::map<std::string, std::string> m_originals; //!< by pointer of the copy
};

/**
 * Take "copies" out of a document and put copies in the place of the items that it names: copy k of
 * "client" is "client-k", and what the copied items say of each other is said of the copies with
 * the same number.
 * \param document an object
 * \param schema checks "copies" first; null: it fits the schema, as is known already
 * \param problems gets what is wrong with "copies"; nothing is copied then
 */
CopyOrigins ExpandCopies(Json& document, const Schema* schema, std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_MERGED_H
#define NATTLAB_SCENARIO_MERGED_H

#include "helper/scenario/section.h"

#include <memory>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/**
 * A scenario's document with overrides, copies and presets merged in. Large parts are shared by
 * many documents, so that a copy is cheap; the whole is put together when it is asked for.
 */
class MergedDocument
{
  public:
    /** A member of a table of the document: "hosts", "client". */
    struct Member
    {
        std::string table;
        std::string name;
        std::shared_ptr<const std::string> text; //!< its value as compact JSON
    };

    MergedDocument() = default;
    explicit MergedDocument(Json whole);
    /**
     * \param rest the document without the shared members; their tables are there, and empty
     * \param shared those of a table stand together, in the order of their names
     */
    MergedDocument(Json rest, std::vector<Member> shared);

    /** \return the document as one value. */
    Json Whole() const;
    /** \return the compact text of Whole(). */
    std::string Dump() const;

    /** \return what is not shared. */
    const Json& Rest() const;

  private:
    std::shared_ptr<const Json> m_rest;                  //!< null: an empty object
    std::shared_ptr<const std::vector<Member>> m_shared; //!< null: none
};

bool operator==(const MergedDocument& a, const MergedDocument& b);

} // namespace nattlab::scenario

#endif

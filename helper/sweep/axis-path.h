// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_AXIS_PATH_H
#define NATTLAB_SWEEP_AXIS_PATH_H

#include "helper/scenario/problem.h"
#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"

#include <optional>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** A JSON Pointer (RFC 6901) taken apart once, to be followed for many points. */
class Path
{
  public:
    /** \return nothing for a text that is no pointer below the root. */
    static std::optional<Path> Parse(const std::string& pointer);

    const std::string& Pointer() const
    {
        return m_pointer;
    }

    /** \return whether this leads to \p other, or to something around it. */
    bool Contains(const Path& other) const;

    /**
     * Put a value into a document. Objects that are missing on the way are made. A null stays as
     * one, so that it removes a preset's value, too; inside of an array it removes the member.
     * \return what is in the way.
     */
    std::optional<scenario::Problem> Set(scenario::Json& document,
                                         const scenario::Json& value) const;

    /** Put a JSON Merge Patch (RFC 7396) onto what stands there. \return what is in the way. */
    std::optional<scenario::Problem> Patch(scenario::Json& document,
                                           const scenario::Json& patch) const;

  private:
    struct Way
    {
        scenario::Json* owner{nullptr}; //!< of the last token; null: there is none
        bool inArray{false};
        std::optional<scenario::Problem> problem;
    };

    Way Follow(scenario::Json& document) const;

    std::string m_pointer;
    std::vector<std::string> m_tokens; //!< never empty
};

/** What is said of names of certificate files elsewhere: only there they are taken in. */
constexpr const char* CERTIFICATE_FILES =
    "certificate files are named in `patches` or `files` without a pointer";

/** \return where a sweep may put a value; nothing, and a problem at \p place, for what is no
 * pointer, for what a sweep sets itself, and for names of certificate files. */
std::optional<Path>
ParseTarget(const std::string& pointer, const std::string& place, scenario::Report& report);

/** Refuse what a sweep sets itself in a patch of the whole scenario. */
void
RefuseOwnMembers(const scenario::Json& patch, const std::string& place, scenario::Report& report);

} // namespace nattlab::sweep

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_DOCUMENT_H
#define NATTLAB_SCENARIO_DOCUMENT_H

#include "helper/scenario/place.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::scenario
{

/** \return \p pointer with one more reference token (RFC 6901 3: "~" and "/" are escaped). */
std::string Join(const std::string& pointer, std::string_view key);
std::string Join(const std::string& pointer, std::size_t index);

/** A JSON text with the place of every value in it. */
class Document
{
  public:
    /**
     * Parse \p text. Syntax errors, a root that is no object, duplicate keys, deep nesting and
     * huge texts go to \p problems.
     * \return nothing when there is no usable value.
     */
    static std::optional<Document>
    Parse(std::string_view text, const std::string& file, std::vector<Problem>& problems);
    /** Parse the file \p file. */
    static std::optional<Document> Read(const std::string& file, std::vector<Problem>& problems);

    /** Fill in file, line and column of \p problem from its pointer: of the nearest ancestor that
     * the text has. */
    void Locate(Problem& problem) const;

    Json value;
    std::string file;

  private:
    std::map<std::string, Place> m_places; //!< by JSON Pointer
};

/** \return the content of a regular file; nothing, with a problem, when it cannot be read. */
std::optional<std::string> ReadText(const std::string& file, std::vector<Problem>& problems);

/** Parse one JSON value without places; nothing when it is not JSON or nested too deeply. */
std::optional<Json> ParseValue(std::string_view text);

/** \return "number 5", "text \"x\"", "an object": how messages show what stands there. */
std::string Describe(const Json& value);

} // namespace nattlab::scenario

#endif

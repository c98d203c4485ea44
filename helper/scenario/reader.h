// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_READER_H
#define NATTLAB_SCENARIO_READER_H

#include "helper/scenario/problem.h"
#include "helper/scenario/scenario.h"
#include "helper/scenario/unit.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nattlab::scenario
{

/** Gathers problems; one place is complained about once. */
class Report
{
  public:
    /** \param problems what the schema found; gets what else is found */
    explicit Report(std::vector<Problem>& problems);

    void Add(Problem problem);
    void Add(const std::string& pointer,
             std::string message,
             std::string expected = "",
             std::string found = "",
             std::string nearest = "");

  private:
    std::vector<Problem>& m_problems;
    std::set<std::string> m_pointers;
};

/** What a text that people are shown has to be: see IsLine. */
constexpr const char* LINE = "one line without control characters";

/** \return true when a text has no control characters, neither ends of lines nor others. */
bool IsLine(std::string_view text);

/**
 * Reads the members of one object into typed values. The schema has spoken about members that are
 * missing or have the wrong type or form, so those are just absent here; a text in the right form
 * with an impossible value, such as 192.0.2.300, is reported.
 */
class Reader
{
  public:
    Reader(const Json& value, std::string pointer, Report& report);

    const std::string& Pointer() const
    {
        return m_pointer;
    }

    std::string PointerTo(const std::string& key) const;
    bool Has(const std::string& key) const;
    std::string Text(const std::string& key, const std::string& fallback = "") const;
    std::optional<std::string> OptionalText(const std::string& key) const;
    /** \return a text that is shown to people; one that could steer their terminal is reported. */
    std::string Line(const std::string& key) const;
    /** \return the same, of an array. */
    std::vector<std::string> Lines(const std::string& key) const;
    std::vector<std::string> Texts(const std::string& key) const;
    bool Bool(const std::string& key, bool fallback) const;
    std::uint64_t Number(const std::string& key, std::uint64_t fallback) const;
    std::optional<std::uint64_t> OptionalNumber(const std::string& key) const;
    std::optional<Duration> Time(const std::string& key) const;
    std::optional<std::int64_t> Date(const std::string& key) const; //!< seconds since 1970, UTC
    std::optional<double> Rate(const std::string& key) const;       //!< bit/s; zero is reported
    double Share(const std::string& key, double fallback) const;
    std::uint64_t Packets(const std::string& key, std::uint64_t fallback) const;
    /** \return bytes; what lies outside \p least to \p most is reported. */
    std::uint64_t Bytes(const std::string& key,
                        std::uint64_t fallback,
                        std::uint64_t least,
                        std::uint64_t most) const;
    std::optional<Ipv4Address> Address(const std::string& key) const;
    std::vector<Ipv4Address> Addresses(const std::string& key) const;
    std::optional<Ipv4Prefix> Prefix(const std::string& key) const;
    std::optional<AddressRange> Range(const std::string& key) const;
    std::vector<AddressRange> Ranges(const std::string& key) const;
    std::optional<std::uint8_t> Protocol(const std::string& key) const;
    /** \return the elements of the array \p key; none when there is no such array. */
    const Json& Array(const std::string& key) const;

    /** \return the member as an object; an empty one when it is absent or none. */
    Reader Object(const std::string& key) const;
    /** \return the objects in the object \p key, by name. */
    std::vector<std::pair<std::string, Reader>> Members(const std::string& key) const;
    /** \return the keys of the object \p key; none when it is absent or none. */
    std::vector<std::string> Keys(const std::string& key) const;
    /** \return the value of \p member in the object \p key, which has it. */
    const Json& At(const std::string& key, const std::string& member) const;
    /** \return the value of \p key; null when it is absent. */
    const Json& Raw(const std::string& key) const;
    /** \return the objects in the array \p key. */
    std::vector<Reader> Items(const std::string& key) const;
    /** \return the member as a section for the simulation; nothing when it is absent or none. */
    std::optional<Section> AsSection(const std::string& key, const std::string& file) const;

    /** Report a member, or this object with an empty key. */
    void Fail(const std::string& key,
              const std::string& message,
              const std::string& expected = "",
              const std::string& nearest = "") const;
    /** Report an element of the array \p key. */
    void FailElement(const std::string& key,
                     std::size_t index,
                     const std::string& message,
                     const std::string& expected = "") const;
    /** Report members that stand there and must not. */
    void Refuse(const std::vector<std::string>& keys, const std::string& why) const;
    /** Report members that are missing; \return true when all are there. */
    bool Require(const std::vector<std::string>& keys, const std::string& why) const;

  private:
    const Json* Find(const std::string& key) const;
    template <typename Value>
    std::optional<Value> Parsed(const std::string& key,
                                std::optional<Value> (*parse)(std::string_view),
                                const char* expected) const;

    const Json* m_value;
    std::string m_pointer;
    Report* m_report;
};

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_SECTION_H
#define NATTLAB_SCENARIO_SECTION_H

#include "model/packet/address.h"
#include "model/packet/time.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nattlab::scenario
{

using Json = nlohmann::json;

/**
 * A part of the scenario that maps one to one onto an engine's configuration: presets applied,
 * checked against the schema, units still in their text form.
 *
 * The readers take a key ("timeout") or a relative JSON Pointer ("/udp/timeout"), and return the
 * fallback when the key is absent. A value that cannot be read raises ScenarioErrors with its
 * place, so that a section built by hand fails as clearly as a file does.
 *
 * Copies, and the sections inside, share one value that never changes.
 */
class Section
{
  public:
    Section() = default;
    /** \param value an object */
    Section(Json value, std::string pointer, std::string file);

    /** \return the whole object. */
    const Json& Value() const;

    /** \return the value at \p path, or null when it is absent. */
    const Json* Find(std::string_view path) const;
    bool Has(std::string_view path) const;
    bool Bool(std::string_view path, bool fallback) const;
    std::uint64_t Number(std::string_view path, std::uint64_t fallback) const;
    Duration Time(std::string_view path, Duration fallback) const;
    std::optional<Duration> OptionalTime(std::string_view path) const;        //!< absent: none
    std::uint64_t Bytes(std::string_view path, std::uint64_t fallback) const; //!< "250000 KB"
    double Percent(std::string_view path, double fallback) const;             //!< 0 to 1
    double Rate(std::string_view path, double fallback) const;                //!< bit/s
    std::string Text(std::string_view path, std::string_view fallback) const;
    std::vector<std::string> Texts(std::string_view path) const; //!< empty when absent
    std::vector<Duration> Times(std::string_view path) const;    //!< empty when absent
    std::optional<Ipv4Address> Address(std::string_view path) const;
    /** \return the number of an IP protocol that is given by number or name; none when absent. */
    std::optional<std::uint8_t> Protocol(std::string_view path) const;
    std::vector<Ipv4Prefix> Prefixes(std::string_view path) const; //!< empty when absent
    /** \return first and last port of each element: 500 or "1024-65535"; empty when absent. */
    std::vector<std::pair<std::uint16_t, std::uint16_t>> Ports(std::string_view path) const;
    /** \return the object at \p path as a section; an empty one when it is absent. */
    Section Sub(std::string_view path) const;
    /** \return the objects of the array at \p path; empty when it is absent. */
    std::vector<Section> Items(std::string_view path) const;
    /** Raise ScenarioErrors for the value at \p path. */
    [[noreturn]] void Fail(std::string_view path, std::string expected) const;

    std::string pointer; //!< where it stands in the scenario
    std::string file;    //!< the scenario's file

  private:
    Section(std::shared_ptr<const Json> value, std::string pointer, std::string file);

    std::shared_ptr<const Json> m_value; //!< null: an empty object
};

} // namespace nattlab::scenario

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Quantities as people write them: a number, a space, a unit. "20 s", "30 ms", "10 Mbit/s", "5 %".
 */
#ifndef NATTLAB_SCENARIO_UNIT_H
#define NATTLAB_SCENARIO_UNIT_H

#include "helper/scenario/scenario.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace nattlab::scenario
{

/** "20 s": ns, us, ms, s, min, h, d; not negative; up to 1000 days. */
std::optional<Duration> ParseDuration(std::string_view text);
/** \return bit/s of "10 Mbit/s": bit/s, kbit/s, Mbit/s, Gbit/s (powers of 1000). */
std::optional<double> ParseRate(std::string_view text);
/** \return bytes of "1400 bytes": bytes, KB, MB, GB (powers of 1024, as IKE lifetimes count). */
std::optional<std::uint64_t> ParseBytes(std::string_view text);
/** \return 0.05 for "5 %"; 0 to 100 %. */
std::optional<double> ParsePercent(std::string_view text);
/** \return packets of "100 packets". */
std::optional<std::uint64_t> ParsePackets(std::string_view text);
/** "10.0.0.5-10.0.0.9", or one address. */
std::optional<AddressRange> ParseRange(std::string_view text);

/** \return "2003-06-01 08:00:00" (UTC) as seconds since 1970; nothing for a day that is none. */
std::optional<std::int64_t> ParseDate(std::string_view text);

/** \return a number without sign and fraction, however the library holds it. */
std::optional<std::uint64_t> ParseWholeNumber(const Json& value);
/** \return the number of an IP protocol given as 50 or "esp". */
std::optional<std::uint8_t> ParseProtocol(const Json& value);
/** \return first and last port of 500 or "1024-65535". */
std::optional<std::pair<std::uint16_t, std::uint16_t>> ParsePorts(const Json& value);

} // namespace nattlab::scenario

#endif

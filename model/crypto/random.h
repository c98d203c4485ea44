// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CRYPTO_RANDOM_H
#define NATTLAB_CRYPTO_RANDOM_H

#include "model/packet/bytes.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace nattlab
{

/**
 * A deterministic stream of random numbers, named after the scenario's seed, a device and a
 * purpose: "ike.cookie" of "alice" draws the same numbers whatever else happens in the run.
 *
 * xoshiro256** seeded with SHA-256 of the name. Not for use outside of a simulation.
 */
class RandomStream
{
  public:
    RandomStream(std::uint64_t seed, std::string_view device, std::string_view purpose);

    /** \return 64 uniform bits. */
    std::uint64_t Next();

    /** \return a uniform number in [0, bound); \p bound must not be 0. */
    std::uint64_t Below(std::uint64_t bound);

    /** \return a uniform number in [0, 1). */
    double Uniform();

    void Fill(std::uint8_t* data, std::size_t size);

    Bytes Take(std::size_t size);

    /** \return a uniform non-zero 32-bit number. */
    std::uint32_t NonZero32();

  private:
    std::array<std::uint64_t, 4> m_state;
};

} // namespace nattlab

#endif

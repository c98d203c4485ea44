// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Pairs of security associations for two ends, "here" and "there".
 */
#ifndef NATTLAB_TEST_ESP_PAIRS_H
#define NATTLAB_TEST_ESP_PAIRS_H

#include "model/crypto/random.h"
#include "model/esp/sad.h"
#include "model/packet/ipv4.h"

namespace nattlab::esp
{

inline SaPair
PairHere(crypto::CipherAlgorithm cipher = crypto::CipherAlgorithm::TripleDesCbc,
         Integrity integrity = Integrity::HmacSha1_96,
         std::uint32_t spi = 0x1000)
{
    RandomStream keys(spi, "test", "keys");
    SaPair pair;
    pair.inboundSpi = spi;
    pair.outboundSpi = spi + 0x10000000;
    pair.cipher = cipher;
    pair.integrity = integrity;
    pair.inboundCipherKey = keys.Take(crypto::DefaultKeySize(cipher));
    pair.inboundAuthKey = keys.Take(KeySize(integrity));
    pair.outboundCipherKey = keys.Take(crypto::DefaultKeySize(cipher));
    pair.outboundAuthKey = keys.Take(KeySize(integrity));
    pair.local = {Ipv4Address{0xc0a80102}, 4500};
    pair.remote = {Ipv4Address{0xc6336401}, 4500};
    pair.selector.protocol = IP_UDP;
    return pair;
}

/** The same pair as the other end has it. */
inline SaPair
PairThere(const SaPair& here)
{
    SaPair pair = here;
    std::swap(pair.inboundSpi, pair.outboundSpi);
    std::swap(pair.inboundCipherKey, pair.outboundCipherKey);
    std::swap(pair.inboundAuthKey, pair.outboundAuthKey);
    std::swap(pair.local, pair.remote);
    return pair;
}

inline RandomStream
IvStream(std::string_view device = "here")
{
    return RandomStream(1, device, "esp.iv");
}

/** Two ends with one pair between them. */
struct TwoEnds
{
    explicit TwoEnds(const SaPair& pair = PairHere(), SadConfig config = {})
        : here(config, IvStream("here"), nullptr),
          there(config, IvStream("there"), nullptr),
          pairHere(here.Install(pair, Instant{})),
          pairThere(there.Install(PairThere(pair), Instant{}))
    {
    }

    /** A packet from here to there. */
    Bytes Send(ByteView segment, Instant now = Instant{})
    {
        return here.Protect(pairHere, IP_UDP, segment, now).packet;
    }

    Sad here;
    Sad there;
    PairId pairHere;
    PairId pairThere;
};

} // namespace nattlab::esp

#endif

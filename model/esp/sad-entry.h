// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the two halves of Sad share: the database (sad.cc) and packet processing (esp-packet.cc).
 */
#ifndef NATTLAB_ESP_SAD_ENTRY_H
#define NATTLAB_ESP_SAD_ENTRY_H

#include "model/crypto/cipher.h"
#include "model/crypto/hash.h"
#include "model/esp/replay-window.h"
#include "model/esp/sad.h"

#include <utility>

namespace nattlab::esp
{

/** One installed pair with all that lasts as long as it. */
struct Sad::Entry
{
    Entry(PairId number, SaPair pair, std::size_t replayWindow, Instant now)
        : id(number),
          window(replayWindow),
          inboundHmac(HashOf(pair.integrity), pair.inboundAuthKey),
          outboundHmac(HashOf(pair.integrity), pair.outboundAuthKey),
          inboundCipher(pair.cipher, pair.inboundCipherKey),
          outboundCipher(pair.cipher, pair.outboundCipherKey),
          sa(std::move(pair))
    {
        counters.installed = now;
        counters.lastUsed = now;
    }

    PairId id;
    bool softDue{false};       //!< the soft limit was reached or is about to be reported
    bool hardDue{false};       //!< the same for the hard limit
    bool idleTold{false};      //!< the idle limit was reported and no packet came since
    std::uint32_t sequence{0}; //!< the last one sent
    ReplayWindow window;
    PairCounters counters;
    crypto::Hmac inboundHmac;
    crypto::Hmac outboundHmac;
    crypto::CbcCipher inboundCipher;
    crypto::CbcCipher outboundCipher;
    SaPair sa;

    bool IsExpired(Instant now) const
    {
        return hardDue ||
               (sa.hardLifetime > Duration::zero() && now - counters.installed >= sa.hardLifetime);
    }
};

} // namespace nattlab::esp

#endif

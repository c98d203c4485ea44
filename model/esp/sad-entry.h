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
          sa(std::move(pair)),
          inboundCipher(sa.cipher, sa.inboundCipherKey),
          outboundCipher(sa.cipher, sa.outboundCipherKey),
          inboundHmac(HashOf(sa.integrity), sa.inboundAuthKey),
          outboundHmac(HashOf(sa.integrity), sa.outboundAuthKey),
          window(replayWindow)
    {
        counters.installed = now;
        counters.lastUsed = now;
    }

    PairId id;
    SaPair sa;
    crypto::CbcCipher inboundCipher;
    crypto::CbcCipher outboundCipher;
    crypto::Hmac inboundHmac;
    crypto::Hmac outboundHmac;
    ReplayWindow window;
    std::uint32_t sequence{0}; //!< the last one sent
    PairCounters counters;
    bool softDue{false};  //!< the soft limit was reached or is about to be reported
    bool hardDue{false};  //!< the same for the hard limit
    bool idleTold{false}; //!< the idle limit was reported and no packet came since

    bool IsExpired(Instant now) const
    {
        return hardDue ||
               (sa.hardLifetime > Duration::zero() && now - counters.installed >= sa.hardLifetime);
    }
};

} // namespace nattlab::esp

#endif

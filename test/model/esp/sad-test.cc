// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/sad.h"

#include "test/model/esp/esp-test-pairs.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <tuple>

using namespace nattlab;
using namespace nattlab::esp;
using crypto::CipherAlgorithm;
using Kind = Sad::Expiry::Kind;

namespace
{

Instant
At(int s)
{
    return Instant{seconds{s}};
}

/** What Expire says, as pairs and letters. */
std::string
Told(Sad& sad, Instant now)
{
    std::string text;
    for (const Sad::Expiry& expiry : sad.Expire(now))
    {
        text += std::to_string(expiry.pair) + "SHI"[static_cast<int>(expiry.kind)];
    }
    return text;
}

Sad
EmptySad(KeyLog* keys = nullptr)
{
    return Sad({}, IvStream(), keys);
}

SaPair
PairWithSpi(std::uint32_t spi)
{
    return PairHere(CipherAlgorithm::Null, Integrity::HmacMd5_96, spi);
}

} // namespace

TEST(Sad, FindsPairsByNumberAndByBothSpis)
{
    Sad sad = EmptySad();
    const PairId first = sad.Install(PairWithSpi(0x100), At(1));
    const PairId second = sad.Install(PairWithSpi(0x200), At(2));
    EXPECT_NE(first, 0u);
    EXPECT_NE(first, second);
    EXPECT_EQ(sad.Pairs(), (std::vector<PairId>{first, second}));
    ASSERT_NE(sad.Find(second), nullptr);
    EXPECT_EQ(sad.Find(second)->inboundSpi, 0x200u);
    EXPECT_EQ(sad.Find(99), nullptr);
    EXPECT_EQ(sad.FindByInboundSpi(0x100), first);
    EXPECT_EQ(sad.FindByInboundSpi(0x10000100), std::nullopt);
    const Endpoint remote = PairWithSpi(0x100).remote;
    EXPECT_EQ(sad.FindByOutboundSpi(remote, 0x10000100), first);
    EXPECT_EQ(sad.FindByOutboundSpi(remote, 0x100), std::nullopt);
    EXPECT_EQ(sad.CountersOf(first)->installed, At(1));
}

TEST(Sad, RemovedPairsAreGone)
{
    Sad sad = EmptySad();
    SaPair pair = PairWithSpi(0x100);
    pair.hardLifetime = pair.softLifetime = pair.idleTimeout = seconds{1};
    const PairId id = sad.Install(pair, At(0));
    EXPECT_TRUE(sad.Remove(id));
    EXPECT_FALSE(sad.Remove(id));
    EXPECT_EQ(sad.Find(id), nullptr);
    EXPECT_EQ(sad.CountersOf(id), nullptr);
    EXPECT_EQ(sad.FindByInboundSpi(0x100), std::nullopt);
    EXPECT_EQ(sad.FindByOutboundSpi(pair.remote, pair.outboundSpi), std::nullopt);
    EXPECT_EQ(sad.Deadline(), std::nullopt);
    EXPECT_EQ(Told(sad, At(100)), "");
    EXPECT_EQ(sad.Protect(id, IP_UDP, Bytes(8), At(0)).reason, Reason::EspUnknownSpi);
    EXPECT_EQ(sad.Size(), 0u);
    EXPECT_EQ(sad.Counters().installed, 1u);
    EXPECT_EQ(sad.Counters().removed, 1u);
    EXPECT_NE(sad.Install(pair, At(5)), id); // the SPI is free again, the number is not
}

TEST(Sad, RefusesReservedAndUsedSpisAndWrongKeys)
{
    Sad sad = EmptySad();
    EXPECT_THROW(sad.Install(PairWithSpi(0), At(0)), std::invalid_argument);
    EXPECT_THROW(sad.Install(PairWithSpi(255), At(0)), std::invalid_argument);
    sad.Install(PairWithSpi(256), At(0));
    EXPECT_THROW(sad.Install(PairWithSpi(256), At(0)), std::invalid_argument);
    SaPair shortAuth = PairHere();
    shortAuth.inboundAuthKey.pop_back();
    EXPECT_THROW(sad.Install(shortAuth, At(0)), std::invalid_argument);
    SaPair shortKey = PairHere();
    shortKey.outboundCipherKey.pop_back();
    EXPECT_THROW(sad.Install(shortKey, At(0)), std::invalid_argument);
    EXPECT_EQ(sad.Size(), 1u);
    EXPECT_EQ(sad.FindByInboundSpi(PairHere().inboundSpi), std::nullopt);
}

TEST(Sad, RekeyedPairStandsBesideItsPredecessor)
{
    const SaPair oldPair = PairHere(CipherAlgorithm::AesCbc, Integrity::HmacSha1_96, 0x1000);
    const SaPair newPair = PairHere(CipherAlgorithm::AesCbc, Integrity::HmacSha1_96, 0x2000);
    TwoEnds ends(oldPair);
    const Bytes onTheWay = ends.Send(Bytes(20, 1));
    const PairId newHere = ends.here.Install(newPair, At(1));
    const PairId newThere = ends.there.Install(PairThere(newPair), At(1));
    const Bytes newPacket = ends.here.Protect(newHere, IP_UDP, Bytes(20, 2), At(1)).packet;
    EXPECT_EQ(Load32(newPacket.data() + 4), 1u); // a new SA counts from 1
    EXPECT_EQ(ends.there.Unprotect(newPacket, At(2)).pair, newThere);
    const auto late = ends.there.Unprotect(onTheWay, At(2));
    EXPECT_EQ(late.pair, ends.pairThere);
    EXPECT_EQ(late.sa, ends.there.Find(ends.pairThere));
    ends.there.Remove(ends.pairThere);
    EXPECT_EQ(ends.there.Unprotect(ends.Send(Bytes(20)), At(3)).reason, Reason::EspUnknownSpi);
}

TEST(Sad, TwoClientsBehindOneAddressMayChooseTheSameSpi)
{
    Sad sad = EmptySad();
    SaPair one = PairWithSpi(0x100);
    SaPair two = PairWithSpi(0x200);
    one.encapsulation = two.encapsulation = Encapsulation::UdpTransport;
    one.remote.port = 40001;
    two.remote.port = 40002;
    two.outboundSpi = one.outboundSpi;
    const PairId first = sad.Install(one, At(0));
    const PairId second = sad.Install(two, At(0));
    EXPECT_EQ(sad.FindByOutboundSpi(one.remote, one.outboundSpi), first);
    EXPECT_EQ(sad.FindByOutboundSpi(two.remote, one.outboundSpi), second);
}

TEST(Sad, PortsNameNobodyWithoutUdpEncapsulation)
{
    Sad sad = EmptySad();
    SaPair pair = PairWithSpi(0x100);
    pair.encapsulation = Encapsulation::Transport;
    pair.remote.port = 500;
    const PairId id = sad.Install(pair, At(0));
    EXPECT_EQ(sad.FindByOutboundSpi({pair.remote.address, 500}, pair.outboundSpi), id);
    EXPECT_EQ(sad.FindByOutboundSpi({pair.remote.address, 0}, pair.outboundSpi), id);
    EXPECT_EQ(sad.FindByOutboundSpi({pair.local.address, 500}, pair.outboundSpi), std::nullopt);
}

TEST(Sad, OutboundSpiTakenOverByALaterPairStaysWithIt)
{
    Sad sad = EmptySad();
    const SaPair one = PairWithSpi(0x100);
    SaPair two = PairWithSpi(0x200);
    two.outboundSpi = one.outboundSpi;
    const PairId first = sad.Install(one, At(0));
    const PairId second = sad.Install(two, At(0));
    sad.Remove(first);
    EXPECT_EQ(sad.FindByOutboundSpi(one.remote, one.outboundSpi), second);
}

TEST(Sad, MovedPeerIsFoundAtItsNewPlace)
{
    Sad sad = EmptySad();
    SaPair pair = PairWithSpi(0x100);
    pair.encapsulation = Encapsulation::UdpTransport;
    const PairId id = sad.Install(pair, At(0));
    const Endpoint moved{Ipv4Address{0xcb007109}, 61000};
    sad.MoveRemote(id, moved);
    EXPECT_EQ(sad.Find(id)->remote, moved);
    EXPECT_EQ(sad.FindByOutboundSpi(moved, pair.outboundSpi), id);
    EXPECT_EQ(sad.FindByOutboundSpi(pair.remote, pair.outboundSpi), std::nullopt);
    sad.MoveRemote(77, moved); // nobody
    EXPECT_TRUE(sad.Remove(id));
    EXPECT_EQ(sad.FindByOutboundSpi(moved, pair.outboundSpi), std::nullopt);
}

TEST(Sad, WritesBothKeysDownInWiresharksWords)
{
    for (const auto& [cipher, cipherName] :
         {std::pair{CipherAlgorithm::Null, "NULL"},
          std::pair{CipherAlgorithm::DesCbc, "DES-CBC [RFC2405]"},
          std::pair{CipherAlgorithm::TripleDesCbc, "TripleDES-CBC [RFC2451]"},
          std::pair{CipherAlgorithm::AesCbc, "AES-CBC [RFC3602]"}})
    {
        for (const auto& [integrity, integrityName] :
             {std::pair{Integrity::HmacMd5_96, "HMAC-MD5-96 [RFC2403]"},
              std::pair{Integrity::HmacSha1_96, "HMAC-SHA-1-96 [RFC2404]"}})
        {
            KeyLog keys;
            Sad sad = EmptySad(&keys);
            const SaPair pair = PairHere(cipher, integrity);
            sad.Install(pair, At(0));
            ASSERT_EQ(keys.esp.size(), 2u);
            const KeyLog::Esp& in = keys.esp[0];
            const KeyLog::Esp& out = keys.esp[1];
            EXPECT_EQ(std::tie(in.source, in.destination, in.spi),
                      std::tie(pair.remote.address, pair.local.address, pair.inboundSpi));
            EXPECT_EQ(std::tie(out.source, out.destination, out.spi),
                      std::tie(pair.local.address, pair.remote.address, pair.outboundSpi));
            EXPECT_EQ(in.encryptionKey, pair.inboundCipherKey);
            EXPECT_EQ(in.authenticationKey, pair.inboundAuthKey);
            EXPECT_EQ(out.encryptionKey, pair.outboundCipherKey);
            EXPECT_EQ(out.authenticationKey, pair.outboundAuthKey);
            for (const KeyLog::Esp& row : keys.esp)
            {
                EXPECT_EQ(row.encryption, cipherName);
                EXPECT_EQ(row.authentication, integrityName);
            }
        }
    }
}

TEST(Sad, CountsPacketsAndBytesThatTheCipherSaw)
{
    TwoEnds ends(PairHere(CipherAlgorithm::AesCbc));
    const Bytes packet = ends.Send(Bytes(40), At(3));
    ends.Send(Bytes(1), At(4));
    ends.there.Unprotect(packet, At(5));
    const PairCounters* here = ends.here.CountersOf(ends.pairHere);
    EXPECT_EQ(here->outbound.packets, 2u);
    EXPECT_EQ(here->outbound.bytes, 48u + 16); // with padding, RFC 2401 4.4.3
    EXPECT_EQ(here->inbound.packets, 0u);
    EXPECT_EQ(here->lastUsed, At(4));
    const PairCounters* there = ends.there.CountersOf(ends.pairThere);
    EXPECT_EQ(there->inbound.packets, 1u);
    EXPECT_EQ(there->inbound.bytes, 48u);
    EXPECT_EQ(there->lastUsed, At(5));
}

TEST(Sad, SoftAndHardLifetimeComeOnceEach)
{
    SaPair pair = PairHere();
    pair.softLifetime = seconds{90};
    pair.hardLifetime = seconds{100};
    Sad sad = EmptySad();
    const PairId id = sad.Install(pair, At(10));
    EXPECT_EQ(sad.Deadline(), At(100));
    EXPECT_EQ(Told(sad, At(99)), "");
    EXPECT_EQ(Told(sad, At(100)), "1S");
    EXPECT_EQ(Told(sad, At(100)), "");
    EXPECT_EQ(sad.Deadline(), At(110));
    EXPECT_EQ(sad.Protect(id, IP_UDP, Bytes(8), At(109)).reason, Reason::None);
    EXPECT_EQ(Told(sad, At(110)), "1H");
    EXPECT_EQ(sad.Deadline(), std::nullopt);
    EXPECT_EQ(sad.Protect(id, IP_UDP, Bytes(8), At(110)).reason, Reason::EspSaExpired);
    EXPECT_NE(sad.Find(id), nullptr); // until its owner removes it
}

TEST(Sad, NoPacketPassesAfterTheHardLifetimeEvenBeforeItIsReported)
{
    SaPair pair = PairHere();
    pair.hardLifetime = seconds{100};
    TwoEnds ends(pair);
    const Bytes packet = ends.Send(Bytes(8), At(99));
    const auto late = ends.there.Unprotect(packet, At(100));
    EXPECT_EQ(late.reason, Reason::EspSaExpired);
    EXPECT_EQ(late.pair, ends.pairThere);
    EXPECT_EQ(ends.here.Protect(ends.pairHere, IP_UDP, Bytes(8), At(100)).reason,
              Reason::EspSaExpired);
    EXPECT_EQ(ends.there.CountersOf(ends.pairThere)->inbound.refused, 1u);
    EXPECT_EQ(ends.here.CountersOf(ends.pairHere)->outbound.refused, 1u);
}

TEST(Sad, ZeroMeansNoLimit)
{
    Sad sad = EmptySad();
    const PairId id = sad.Install(PairHere(), At(0));
    EXPECT_EQ(sad.Deadline(), std::nullopt);
    const Instant late{hours{24 * 365}};
    EXPECT_EQ(sad.Protect(id, IP_UDP, Bytes(1000), late).reason, Reason::None);
    EXPECT_EQ(Told(sad, late), "");
}

TEST(Sad, LifetimeBeyondTheEndOfTimeNeverComes)
{
    SaPair pair = PairHere();
    pair.softLifetime = pair.hardLifetime = pair.idleTimeout = Duration::max();
    Sad sad = EmptySad();
    const PairId id = sad.Install(pair, At(1));
    EXPECT_EQ(sad.Deadline(), std::nullopt);
    EXPECT_EQ(sad.Protect(id, IP_UDP, Bytes(8), At(2)).reason, Reason::None);
}

TEST(Sad, VolumeLimitsAreReportedAtOnceAndOnce)
{
    SaPair pair = PairHere(CipherAlgorithm::AesCbc);
    pair.softBytes = 100;
    pair.hardBytes = 160;
    pair.softLifetime = seconds{500};
    TwoEnds ends(pair);
    Sad& sad = ends.here;
    const auto send = [&](int s)
    {
        return sad.Protect(ends.pairHere, IP_UDP, Bytes(30), At(s)).reason; // 32 bytes
    };
    EXPECT_EQ(send(1), Reason::None);
    EXPECT_EQ(send(2), Reason::None);
    EXPECT_EQ(send(3), Reason::None);
    EXPECT_EQ(sad.Deadline(), At(500));
    EXPECT_EQ(send(4), Reason::None); // 128
    EXPECT_EQ(sad.Deadline(), At(4));
    EXPECT_EQ(Told(sad, At(4)), "1S");
    EXPECT_EQ(send(5), Reason::None); // 160: the last one
    EXPECT_EQ(sad.Deadline(), At(5));
    EXPECT_EQ(send(6), Reason::EspSaExpired);
    EXPECT_EQ(Told(sad, At(6)), "1H");
    EXPECT_EQ(Told(sad, At(1000)), ""); // the time limit does not report again
    EXPECT_EQ(sad.Deadline(), std::nullopt);
}

TEST(Sad, EachDirectionHasTheWholeVolume)
{
    SaPair pair = PairHere(CipherAlgorithm::AesCbc);
    pair.softBytes = 100;
    TwoEnds ends(pair);
    for (int i = 0; i < 3; ++i) // 96 bytes each way
    {
        ends.there.Unprotect(ends.Send(Bytes(30)), At(1));
        ends.there.Protect(ends.pairThere, IP_UDP, Bytes(30), At(1));
    }
    EXPECT_EQ(Told(ends.there, At(1)), "");
    ends.there.Unprotect(ends.Send(Bytes(30)), At(2));
    EXPECT_EQ(Told(ends.there, At(2)), "1S");
}

TEST(Sad, SoftVolumeAfterSoftTimeIsNotReportedAgain)
{
    SaPair pair = PairHere();
    pair.softBytes = 10;
    pair.softLifetime = seconds{1};
    Sad sad = EmptySad();
    const PairId id = sad.Install(pair, At(0));
    EXPECT_EQ(Told(sad, At(1)), "1S");
    sad.Protect(id, IP_UDP, Bytes(30), At(2));
    EXPECT_EQ(Told(sad, At(2)), "");
}

TEST(Sad, IdleTimeCountsFromTheLastPacket)
{
    SaPair pair = PairHere();
    pair.idleTimeout = seconds{300};
    TwoEnds ends(pair);
    Sad& sad = ends.there;
    sad.Unprotect(ends.Send(Bytes(8), At(100)), At(100));
    EXPECT_EQ(Told(sad, At(300)), "");
    EXPECT_EQ(sad.Deadline(), At(400));
    sad.Protect(ends.pairThere, IP_UDP, Bytes(8), At(399));
    EXPECT_EQ(Told(sad, At(400)), "");
    EXPECT_EQ(Told(sad, At(698)), "");
    EXPECT_EQ(Told(sad, At(699)), "1I");
    EXPECT_EQ(sad.Deadline(), std::nullopt);
    sad.Unprotect(ends.Send(Bytes(8), At(800)), At(800));
    EXPECT_EQ(sad.Deadline(), At(1100)); // its owner left it alone, and it lives on
    EXPECT_EQ(Told(sad, At(1100)), "1I");
}

TEST(Sad, RefusedPacketsDoNotKeepAPairFromIdling)
{
    SaPair pair = PairHere();
    pair.idleTimeout = seconds{300};
    TwoEnds ends(pair);
    Bytes packet = ends.Send(Bytes(8));
    packet.back() ^= 1;
    ends.there.Unprotect(packet, At(200));
    EXPECT_EQ(Told(ends.there, At(300)), "1I");
}

TEST(Sad, HardLimitEndsAllOtherTimers)
{
    SaPair pair = PairHere();
    pair.softLifetime = seconds{20};
    pair.hardLifetime = seconds{10};
    pair.idleTimeout = seconds{15};
    Sad sad = EmptySad();
    sad.Install(pair, At(0));
    EXPECT_EQ(Told(sad, At(10)), "1H");
    EXPECT_EQ(sad.Deadline(), std::nullopt);
}

TEST(Sad, LimitsOfManyPairsComeInOrderOfTimeThenPair)
{
    Sad sad = EmptySad();
    for (std::uint32_t i = 0; i < 3; ++i)
    {
        SaPair pair = PairWithSpi(0x100 + i);
        pair.softLifetime = seconds{i == 0 ? 30 : 20};
        pair.hardLifetime = seconds{30};
        sad.Install(pair, At(0));
    }
    EXPECT_EQ(Told(sad, At(30)), "2S3S1S1H2H3H");
}

TEST(Sad, TenThousandPairsLiveAndExpireOneByOne)
{
    constexpr std::uint32_t COUNT = 10000;
    Sad sad = EmptySad();
    for (std::uint32_t i = 0; i < COUNT; ++i)
    {
        SaPair pair = PairWithSpi(0x1000 + i);
        pair.hardLifetime = seconds{1 + (i * 7919) % COUNT}; // a permutation
        pair.idleTimeout = hours{24};
        sad.Install(pair, At(0));
    }
    std::uint32_t expired = 0;
    while (const auto deadline = sad.Deadline())
    {
        for (const Sad::Expiry& expiry : sad.Expire(*deadline))
        {
            ASSERT_EQ(expiry.kind, Kind::Hard);
            ++expired;
            ASSERT_EQ(*deadline, At(static_cast<int>(expired)));
            ASSERT_TRUE(sad.Remove(expiry.pair));
        }
    }
    EXPECT_EQ(expired, COUNT);
    EXPECT_EQ(sad.Size(), 0u);
}

TEST(Sad, MovesWithItsPairs)
{
    TwoEnds ends;
    Sad moved = std::move(ends.there);
    EXPECT_EQ(moved.Unprotect(ends.Send(Bytes(8)), At(0)).reason, Reason::None);
}

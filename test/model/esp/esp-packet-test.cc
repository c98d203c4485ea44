// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/esp/esp-test-pairs.h"

#include "model/esp/sad.h"

#include <gtest/gtest.h>
#include <string>

using namespace nattlab;
using namespace nattlab::esp;
using crypto::CipherAlgorithm;

namespace
{

constexpr CipherAlgorithm CIPHERS[] = {CipherAlgorithm::Null,
                                       CipherAlgorithm::DesCbc,
                                       CipherAlgorithm::TripleDesCbc,
                                       CipherAlgorithm::AesCbc};
constexpr Integrity INTEGRITIES[] = {Integrity::HmacMd5_96, Integrity::HmacSha1_96};

/** A sample packet of RFC 3602 4; they have no integrity check value. */
struct SamplePacket
{
    std::string key;
    std::uint32_t spi;
    std::uint32_t sequence;
    std::string iv;
    std::string content; //!< the segment
    std::string padding;
    std::uint8_t protocol;
    std::string encrypted;
};

const SamplePacket SAMPLES[] = {
    {"90d382b410eeba7ad938c46cec1a82bf",
     0x4321,
     1,
     "e96e8c08ab465763fd098d45dd3ff893",
     "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f1011121314151617"
     "18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637",
     "0102030405060708090a0b0c0d0e0e",
     1,
     "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856"
     "a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a"
     "a269add047ad2d5913ac19b7cfbad4a6"},
    {"90d382b410eeba7ad938c46cec1a82bf",
     0x4321,
     8,
     "69d08df7d203329db093fc4924e5bd80",
     "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777",
     "010202",
     1,
     "f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75"},
    {"0123456789abcdef0123456789abcdef",
     0x8765,
     2,
     "f4e765244f6407adf13dc1380f673f37",
     "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d"
     "02a2040008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
     "2425262728292a2b2c2d2e2f3031323334353637",
     "0102030405060708090a0a",
     4,
     "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8"
     "e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5"
     "c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d"},
    {"0123456789abcdef0123456789abcdef",
     0x8765,
     5,
     "85d47224b5f3dd5d2101d4ea8dffab22",
     "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083d"
     "a3de0300ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ffffffff",
     "0102030405060708090a0a",
     4,
     "15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb5"
     "0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3"
     "d2726d9b5ef6affc6d17a0decbb13892"},
};

/** Put an integrity check value behind the rest of a packet. */
Bytes
Authenticate(Bytes packet, const SaPair& receiver)
{
    Bytes icv = crypto::HmacDigest(HashOf(receiver.integrity), receiver.inboundAuthKey, {packet});
    icv.resize(ICV_SIZE);
    Append(packet, icv);
    return packet;
}

/** Make a packet by hand from a content with its trailer, for the NULL cipher. */
Bytes
NullPacket(const SaPair& receiver, std::uint32_t sequence, ByteView content)
{
    Bytes packet;
    Append32(packet, receiver.inboundSpi);
    Append32(packet, sequence);
    Append(packet, content);
    return Authenticate(packet, receiver);
}

} // namespace

TEST(EspPacket, OpensTheSamplePacketsOfRfc3602)
{
    for (const SamplePacket& sample : SAMPLES)
    {
        for (const Integrity integrity : INTEGRITIES)
        {
            SaPair pair = PairHere(CipherAlgorithm::AesCbc, integrity, sample.spi);
            pair.inboundCipherKey = FromHex(sample.key);
            Bytes packet;
            Append32(packet, sample.spi);
            Append32(packet, sample.sequence);
            Append(packet, FromHex(sample.iv));
            Append(packet, FromHex(sample.encrypted));
            packet = Authenticate(packet, pair);

            Sad sad({}, IvStream(), nullptr);
            const PairId id = sad.Install(pair, Instant{});
            const Sad::Unprotected result = sad.Unprotect(packet, Instant{});
            EXPECT_EQ(result.reason, Reason::None);
            EXPECT_EQ(result.pair, id);
            EXPECT_EQ(result.protocol, sample.protocol);
            EXPECT_EQ(ToHex(result.segment), ToHex(FromHex(sample.content)));
        }
    }
}

TEST(EspPacket, PadsAndEncryptsAsTheSamplePacketsOfRfc3602Do)
{
    for (const SamplePacket& sample : SAMPLES)
    {
        SaPair pair = PairHere(CipherAlgorithm::AesCbc);
        pair.outboundCipherKey = FromHex(sample.key);
        Sad sad({}, IvStream(), nullptr);
        const PairId id = sad.Install(pair, Instant{});
        const Bytes segment = FromHex(sample.content);
        const Bytes packet = sad.Protect(id, sample.protocol, segment, Instant{}).packet;

        // The IV is our own, so the content is compared in the clear and then encrypted again
        // under the sample's IV.
        const ByteView view{packet};
        Bytes content = view.Sub(24, packet.size() - 24 - ICV_SIZE).ToBytes();
        crypto::CbcCipher cipher(CipherAlgorithm::AesCbc, pair.outboundCipherKey);
        cipher.Decrypt(view.Sub(8, 16), content.data(), content.size());
        Bytes expected = Concat({segment, FromHex(sample.padding)});
        Append8(expected, sample.protocol);
        EXPECT_EQ(ToHex(content), ToHex(expected));
        cipher.Encrypt(FromHex(sample.iv), content.data(), content.size());
        EXPECT_EQ(ToHex(content), sample.encrypted);
    }
}

TEST(EspPacket, NullCipherLeavesTheTextOfRfc2410Readable)
{
    const std::string_view text = "Network Security People Have A Strange Sense Of Humor";
    TwoEnds ends(PairHere(CipherAlgorithm::Null));
    const Bytes packet = ends.Send(ByteView{text});
    // 53 bytes of text, 1 of padding and 2 of trailer are whole words of 4 bytes.
    ASSERT_EQ(packet.size(), 8u + 56 + ICV_SIZE);
    EXPECT_EQ(ToHex(ByteView{packet}.Sub(8, 56)), ToHex(ByteView{text}) + "01" + "01" + "11");
    const auto result = ends.there.Unprotect(packet, Instant{});
    EXPECT_EQ(result.reason, Reason::None);
    EXPECT_EQ(ToHex(result.segment), ToHex(ByteView{text}));
}

TEST(EspPacket, HasTheLayoutOfRfc2406)
{
    const SaPair pair = PairHere(CipherAlgorithm::TripleDesCbc, Integrity::HmacSha1_96);
    TwoEnds ends(pair);
    const Bytes first = ends.Send(Bytes(10, 0xab));
    EXPECT_EQ(first.size(), 8u + 8 + 16 + ICV_SIZE);
    EXPECT_EQ(Load32(first.data()), pair.outboundSpi);
    EXPECT_EQ(Load32(first.data() + 4), 1u);
    const ByteView covered = ByteView{first}.Sub(0, first.size() - ICV_SIZE);
    const Bytes hmac =
        crypto::HmacDigest(crypto::HashAlgorithm::Sha1, pair.outboundAuthKey, {covered});
    EXPECT_EQ(ByteView{first}.Sub(covered.size()), ByteView{hmac}.Sub(0, ICV_SIZE));
    EXPECT_EQ(Load32(ends.Send(Bytes(10)).data() + 4), 2u);
}

// The sizes of an L2TP/IPsec data packet of 40 to 1400 bytes: what the tunnel costs.
TEST(EspPacket, OverheadIsThatOfTheRfcs)
{
    struct Row
    {
        std::size_t inner;
        std::size_t tripleDes;
        std::size_t aes;
    };

    for (const Row& row :
         {Row{40, 112, 120}, Row{576, 648, 664}, Row{1360, 1432, 1448}, Row{1400, 1472, 1480}})
    {
        const std::size_t segment = 8 + 8 + 2 + row.inner; // UDP, L2TP, PPP
        for (const Integrity integrity : INTEGRITIES)
        {
            TwoEnds tripleDes(PairHere(CipherAlgorithm::TripleDesCbc, integrity));
            TwoEnds aes(PairHere(CipherAlgorithm::AesCbc, integrity));
            EXPECT_EQ(20 + tripleDes.Send(Bytes(segment)).size(), row.tripleDes);
            EXPECT_EQ(20 + aes.Send(Bytes(segment)).size(), row.aes);
        }
    }
}

TEST(EspPacket, ComesBackWithEveryAlgorithmAtEveryLength)
{
    RandomStream random(1, "test", "segments");
    for (const CipherAlgorithm cipher : CIPHERS)
    {
        for (const Integrity integrity : INTEGRITIES)
        {
            TwoEnds ends(PairHere(cipher, integrity));
            for (std::size_t length = 0; length <= 200; ++length)
            {
                const Bytes segment = random.Take(length);
                const auto protocol = static_cast<std::uint8_t>(length);
                const auto sent = ends.here.Protect(ends.pairHere, protocol, segment, Instant{});
                ASSERT_EQ(sent.reason, Reason::None);
                const auto result = ends.there.Unprotect(sent.packet, Instant{});
                ASSERT_EQ(result.reason, Reason::None) << length;
                ASSERT_EQ(result.pair, ends.pairThere);
                ASSERT_EQ(result.protocol, protocol);
                ASSERT_EQ(result.segment, segment);
            }
        }
    }
}

TEST(EspPacket, EqualSegmentsGiveDifferentCiphertextsFromTheIvStream)
{
    TwoEnds one;
    TwoEnds two;
    const Bytes first = one.Send(Bytes(64));
    const Bytes second = one.Send(Bytes(64));
    EXPECT_NE(ByteView{first}.Sub(8, 72), ByteView{second}.Sub(8, 72));
    RandomStream ivs = IvStream("here");
    EXPECT_EQ(ByteView{first}.Sub(8, 8), ByteView{ivs.Take(8)});
    EXPECT_EQ(two.Send(Bytes(64)), first); // the same run again
    EXPECT_EQ(two.Send(Bytes(64)), second);
}

TEST(EspPacket, AnyChangedByteIsRefusedWithItsReason)
{
    for (const CipherAlgorithm cipher : CIPHERS)
    {
        for (const Integrity integrity : INTEGRITIES)
        {
            TwoEnds ends(PairHere(cipher, integrity));
            Bytes packet;
            for (int i = 0; i < 5; ++i)
            {
                packet = ends.Send(Bytes(40, 0x5a));
            }
            for (std::size_t at = 0; at < packet.size(); ++at)
            {
                for (int bit = 0; bit < 8; ++bit)
                {
                    Bytes changed = packet;
                    changed[at] ^= static_cast<std::uint8_t>(1 << bit);
                    const auto result = ends.there.Unprotect(changed, Instant{});
                    ASSERT_EQ(result.reason,
                              at < 4 ? Reason::EspUnknownSpi : Reason::EspAuthentication)
                        << "byte " << at;
                    ASSERT_TRUE(result.segment.empty());
                    ASSERT_EQ(result.pair, at < 4 ? 0 : ends.pairThere);
                }
            }
            // None of them moved the replay window.
            EXPECT_EQ(ends.there.Unprotect(packet, Instant{}).reason, Reason::None);
            const PairCounters* counters = ends.there.CountersOf(ends.pairThere);
            EXPECT_EQ(counters->inbound.notAuthentic, (packet.size() - 4) * 8);
            EXPECT_EQ(counters->inbound.packets, 1u);
            EXPECT_EQ(ends.there.Counters().unknownSpi, 32u);
        }
    }
}

TEST(EspPacket, CutPacketsAreMalformedOrNotAuthentic)
{
    for (const CipherAlgorithm cipher : CIPHERS)
    {
        TwoEnds ends(PairHere(cipher));
        const Bytes packet = ends.Send(Bytes(40, 0x5a));
        const std::size_t block = std::max<std::size_t>(crypto::BlockSize(cipher), 4);
        const std::size_t around = 8 + crypto::IvSize(cipher) + ICV_SIZE;
        for (std::size_t size = 0; size < packet.size(); ++size)
        {
            const bool wellFormed = size > around && (size - around) % block == 0;
            const auto result = ends.there.Unprotect(ByteView{packet}.Sub(0, size), Instant{});
            ASSERT_EQ(result.reason, wellFormed ? Reason::EspAuthentication : Reason::EspMalformed)
                << "size " << size;
        }
        EXPECT_EQ(ends.there.Counters().malformed, 8u);
    }
}

TEST(EspPacket, TrailerMustFitAndPaddingMustCount)
{
    const SaPair pair = PairHere(CipherAlgorithm::Null);
    Sad sad({}, IvStream(), nullptr);
    const PairId id = sad.Install(pair, Instant{});

    struct Row
    {
        const char* content;
        Reason reason;
        const char* segment;
    };

    std::uint32_t sequence = 0;
    for (const Row& row : {Row{"aabb 00 11", Reason::None, "aabb"},
                           Row{"aabbcc 01 01 11 0000", Reason::None, "aabbcc0101 11"},
                           Row{"01020304 0506 06 11", Reason::None, ""},
                           Row{"0102 02 11", Reason::None, ""},
                           Row{"0102 03 11", Reason::EspPadding, ""}, // longer than the packet
                           Row{"0102 ff 11", Reason::EspPadding, ""},
                           Row{"0000 02 11", Reason::EspPadding, ""}, // RFC 2406 2.4: 1, 2, 3...
                           Row{"0103 02 11", Reason::EspPadding, ""},
                           Row{"aa00 01 11", Reason::EspPadding, ""}})
    {
        const auto result =
            sad.Unprotect(NullPacket(pair, ++sequence, FromHex(row.content)), Instant{});
        EXPECT_EQ(result.reason, row.reason) << row.content;
        EXPECT_EQ(ToHex(result.segment), ToHex(FromHex(row.segment))) << row.content;
    }
    EXPECT_EQ(sad.CountersOf(id)->inbound.badPadding, 5u);
    EXPECT_EQ(sad.CountersOf(id)->inbound.packets, 4u);
}

TEST(EspPacket, ReplayedAndLatePacketsAreRefusedBeforeTheIntegrityCheck)
{
    TwoEnds ends;
    std::vector<Bytes> packets;
    for (int i = 0; i < 80; ++i)
    {
        packets.push_back(ends.Send(Bytes(20)));
    }
    const auto reasonOf = [&ends](const Bytes& packet)
    { return ends.there.Unprotect(packet, Instant{}).reason; };
    EXPECT_EQ(reasonOf(packets[9]), Reason::None);
    EXPECT_EQ(reasonOf(packets[9]), Reason::EspReplay);
    EXPECT_EQ(reasonOf(packets[8]), Reason::None);  // reordered
    EXPECT_EQ(reasonOf(packets[79]), Reason::None); // number 80: the window is 17 to 80
    EXPECT_EQ(reasonOf(packets[15]), Reason::EspReplay);
    EXPECT_EQ(reasonOf(packets[16]), Reason::None);
    Bytes forged = packets[79];
    forged.back() ^= 1;
    EXPECT_EQ(reasonOf(forged), Reason::EspReplay);
    EXPECT_EQ(ends.there.CountersOf(ends.pairThere)->inbound.replayed, 3u);
}

TEST(EspPacket, WindowSizeIsConfigured)
{
    SadConfig config;
    config.replayWindow = 0;
    TwoEnds ends(PairHere(), config);
    const Bytes packet = ends.Send(Bytes(20));
    EXPECT_EQ(ends.there.Unprotect(packet, Instant{}).reason, Reason::None);
    EXPECT_EQ(ends.there.Unprotect(packet, Instant{}).reason, Reason::None);
}

TEST(EspPacket, SequenceNumbersDoNotWrap)
{
    SadConfig config;
    config.lastSequence = 3;
    TwoEnds ends(PairHere(), config);
    for (std::uint32_t i = 1; i <= 3; ++i)
    {
        EXPECT_EQ(Load32(ends.Send(Bytes(20)).data() + 4), i);
    }
    const auto result = ends.here.Protect(ends.pairHere, IP_UDP, Bytes(20), Instant{});
    EXPECT_EQ(result.reason, Reason::EspSequenceExhausted);
    EXPECT_TRUE(result.packet.empty());
    EXPECT_EQ(ends.here.CountersOf(ends.pairHere)->outbound.refused, 1u);
    EXPECT_EQ(SadConfig{}.lastSequence, 0xffffffffu);
}

TEST(EspPacket, RandomBytesAreRefused)
{
    RandomStream random(1, "test", "noise");
    for (const CipherAlgorithm cipher : CIPHERS)
    {
        TwoEnds ends(PairHere(cipher));
        const Bytes good = ends.Send(Bytes(60));
        for (int i = 0; i < 5000; ++i)
        {
            Bytes noise = random.Take(random.Below(150));
            if (i % 2 == 0) // half of them get as far as the integrity check
            {
                std::copy_n(good.begin(), std::min<std::size_t>(noise.size(), 8), noise.begin());
            }
            const auto result = ends.there.Unprotect(noise, Instant{});
            ASSERT_NE(result.reason, Reason::None);
            ASSERT_TRUE(result.segment.empty());
        }
    }
}

// Whoever has the keys can still send nonsense.
TEST(EspPacket, AuthenticRandomContentNeverOverruns)
{
    RandomStream random(1, "test", "authentic noise");
    for (const CipherAlgorithm cipher : CIPHERS)
    {
        const SaPair pair = PairHere(cipher);
        Sad sad({}, IvStream(), nullptr);
        sad.Install(pair, Instant{});
        const std::size_t block = std::max<std::size_t>(crypto::BlockSize(cipher), 4);
        int good = 0;
        for (std::uint32_t i = 1; i <= 3000; ++i)
        {
            const std::size_t content = block * (1 + random.Below(12));
            const Bytes body = random.Take(crypto::IvSize(cipher) + content);
            const auto result = sad.Unprotect(NullPacket(pair, i, body), Instant{});
            ASSERT_TRUE(result.reason == Reason::None || result.reason == Reason::EspPadding);
            ASSERT_LE(result.segment.size() + 2, content);
            good += result.reason == Reason::None;
        }
        EXPECT_GT(good, 0); // about 1 in 256 has no padding
        EXPECT_LT(good, 60);
    }
}

// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "model/l2tp/avp.h"
#include "model/l2tp/compose.h"
#include "model/l2tp/header.h"
#include "model/l2tp/message.h"
#include "test/model/l2tp/avps.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

/** A message with a second attribute written by hand, as hexadecimal. */
Bytes
HelloWith(const std::string& avp)
{
    return Concat({FromHex("8008 0000 0000 0006"), FromHex(avp)});
}

Draft
Full(MessageType type)
{
    Draft message(type);
    for (const AvpInfo& info : AllAvpInfos())
    {
        if (info.type != AvpType::MessageType && info.type != AvpType::RandomVector)
        {
            message.Add(
                info.type,
                Bytes(std::max<std::size_t>(info.minSize, 1) * (info.maxSize == 0 ? 0 : 1), 0x41));
        }
    }
    return message;
}

} // namespace

TEST(L2tpHeader, AZlbIsTwelveBytesThatBeginWithC802)
{
    Header header;
    header.control = true;
    header.tunnel = 0x1234;
    header.ns = 2;
    header.nr = 5;
    EXPECT_EQ(ToHex(header.Build({})), "c802000c1234000000020005");
}

TEST(L2tpHeader, ADataMessageWithLengthHasEightBytesAndWithoutItSix)
{
    Header header;
    header.tunnel = 1;
    header.session = 2;
    const Bytes frame = FromHex("ff03c021");
    EXPECT_EQ(ToHex(header.Build(frame)), "4002000c00010002ff03c021");
    header.hasLength = false;
    EXPECT_EQ(ToHex(header.Build(frame)), "000200010002ff03c021");
    header.sequenced = true;
    header.ns = 9;
    EXPECT_EQ(ToHex(header.Build(frame)), "08020001000200090000ff03c021");
}

TEST(L2tpHeader, EveryCombinationOfBitsComesBack)
{
    for (unsigned bits = 0; bits < 16; ++bits)
    {
        Header header;
        header.hasLength = bits & 1;
        header.sequenced = bits & 2;
        header.priority = bits & 4;
        if (bits & 8)
        {
            header.offset = 3;
        }
        header.tunnel = 0xfedc;
        header.session = 0xba98;
        header.ns = header.sequenced ? 77 : 0;
        const Bytes frame = FromHex("c021 0101 0004");
        const Bytes wire = header.Build(frame);
        const auto parsed = Header::Parse(wire, false);
        ASSERT_TRUE(parsed) << bits;
        EXPECT_EQ(parsed->payload, ByteView(frame)) << bits;
        EXPECT_EQ(parsed->header.Build(parsed->payload), wire) << bits;
        const bool onlyLengthAndSequence = !header.priority && !header.offset;
        EXPECT_EQ(Header::Parse(wire, true).has_value(), onlyLengthAndSequence) << bits;
    }
}

TEST(L2tpHeader, RefusesOtherVersionsAndControlMessagesWithoutLengthOrNumbers)
{
    EXPECT_TRUE(Header::Parse(FromHex("c802000c 0001 0000 0000 0000"), true));
    EXPECT_FALSE(Header::Parse(FromHex("c801000c 0001 0000 0000 0000"), false)) << "L2F";
    EXPECT_FALSE(Header::Parse(FromHex("c803000c 0001 0000 0000 0000"), false)) << "L2TPv3";
    EXPECT_FALSE(Header::Parse(FromHex("8802 0001 0000 0000 0000 0000"), false)) << "no L";
    EXPECT_FALSE(Header::Parse(FromHex("c002000c 0001 0000 0000 0000"), false)) << "no S";
    EXPECT_FALSE(Header::Parse(FromHex("ca02000e 0001 0000 0000 0000 0000"), false)) << "O";
    EXPECT_FALSE(Header::Parse(FromHex("c902000c 0001 0000 0000 0000"), false)) << "P";
}

TEST(L2tpHeader, ReservedBitsAreIgnoredByTheRfcAndDropTheMessageOnWindows)
{
    const Bytes wire = FromHex("d802000c 0001 0000 0000 0000");
    EXPECT_TRUE(Header::Parse(wire, false));
    EXPECT_FALSE(Header::Parse(wire, true));
}

TEST(L2tpHeader, TheLengthMustLieBetweenHeaderAndData)
{
    EXPECT_FALSE(Header::Parse(FromHex("c802000b 0001 0000 0000 0000"), false));
    EXPECT_FALSE(Header::Parse(FromHex("c802000d 0001 0000 0000 0000"), false));
    const auto padded = Header::Parse(FromHex("c802000c 0001 0000 0000 0000 ffff"), false);
    ASSERT_TRUE(padded);
    EXPECT_TRUE(padded->payload.empty()) << "bytes behind the length do not count";
}

TEST(L2tpAvp, TheTableIsInOrderAndFindsEveryTypeOfTheRfc)
{
    std::size_t found = 0;
    for (unsigned type = 0; type < 100; ++type)
    {
        const AvpInfo* info = FindAvpInfo(static_cast<std::uint16_t>(type));
        found += info ? 1 : 0;
        EXPECT_EQ(info != nullptr, type <= 39 && type != 20) << type;
        EXPECT_TRUE(!info || static_cast<unsigned>(info->type) == type) << type;
    }
    EXPECT_EQ(found, AllAvpInfos().size());
}

TEST(L2tpAvp, IsWrittenWithMandatoryBitAndTenBitLength)
{
    Avp avp;
    avp.mandatory = true;
    avp.type = 9;
    const Bytes value = FromHex("0001");
    avp.value = value;
    Bytes wire;
    AppendAvp(wire, avp);
    EXPECT_EQ(ToHex(wire), "8008000000090001");
    const Bytes tooLong(2000, 'x');
    avp.value = tooLong;
    wire.clear();
    AppendAvp(wire, avp);
    EXPECT_EQ(wire.size(), 1023u);
    EXPECT_EQ(Load16(wire.data()), 0x83ff);
}

TEST(L2tpAvp, LengthsUnderSixOrOverTheEndAreRefused)
{
    EXPECT_TRUE(AreWellFormed(FromHex("8006 0000 0027")));
    EXPECT_FALSE(AreWellFormed(FromHex("8005 0000 0027")));
    EXPECT_FALSE(AreWellFormed(FromHex("8007 0000 0027")));
    EXPECT_FALSE(AreWellFormed(FromHex("8006 0000 00")));
}

TEST(L2tpMessage, SccrqOfAWindowsClientIsByteForByteAsDescribed)
{
    Config config;
    config.hostName = "alice.example";
    config.firmwareRevision = 0x0600;
    const Bytes body = ComposeSccrq(config, 1, {}).body;
    EXPECT_EQ(ToHex(body),
              "8008000000000001"                       // message type 1
              "8008000000020100"                       // protocol version 1.0
              "800a0000000300000001"                   // framing: synchronous
              "800a0000000400000000"                   // bearer: none
              "0008000000060600"                       // firmware
              "801300000007616c6963652e6578616d706c65" // host name
              "000f000000084d6963726f736f6674"         // vendor name
              "8008000000090001"                       // assigned tunnel
              "80080000000a0008");                     // window 8
}

TEST(L2tpMessage, HangUpMessagesCarryResultAndErrorWithoutText)
{
    EXPECT_EQ(ToHex(ComposeCdn(3, {CDN_ADMINISTRATIVE, 0, ""}).body),
              "800800000000000e"
              "80080000000e0003"
              "800a0000000100030000");
    EXPECT_EQ(ToHex(ComposeStopCcn(2, {STOP_GENERAL, 0, ""}).body),
              "8008000000000004"
              "8008000000090002"
              "800a0000000100010000");
}

TEST(L2tpMessage, VistaAddsACorrelationIdentifierOfTwentyTwoBytes)
{
    Config config;
    const Draft message = ComposeIcrq(config, 1, 1, Bytes(16, 0xaa));
    const Avp last = AvpsIn(message.body).back();
    EXPECT_EQ(last.vendor, 0x137);
    EXPECT_EQ(last.type, 1);
    EXPECT_FALSE(last.mandatory);
    EXPECT_EQ(last.value.size() + Avp::HEADER_SIZE, 22u);
    EXPECT_FALSE(DecodeMessage(message.body, {}).fault);
}

TEST(L2tpMessage, EveryTypeWithEveryAttributeComesBack)
{
    for (const unsigned type : {1u, 2u, 3u, 4u, 6u, 7u, 8u, 9u, 10u, 11u, 12u, 14u, 15u, 16u})
    {
        const Draft message = Full(MessageType{static_cast<std::uint16_t>(type)});
        std::vector<Avp> written = AvpsIn(message.body);
        written.erase(written.begin()); // the message type
        const Decoded decoded = DecodeMessage(message.body, {});
        ASSERT_FALSE(decoded.fault) << type << " " << decoded.fault->detail;
        EXPECT_EQ(decoded.message.type, message.type);
        ASSERT_EQ(decoded.message.avps.size(), written.size());
        for (std::size_t i = 0; i < written.size(); ++i)
        {
            EXPECT_EQ(decoded.message.avps[i].type, written[i].type);
            EXPECT_EQ(decoded.message.avps[i].value, written[i].value);
            EXPECT_EQ(decoded.message.avps[i].mandatory, written[i].mandatory);
        }
    }
}

TEST(L2tpMessage, EveryRequiredAttributeIsMissedWhenItIsNotThere)
{
    const std::pair<MessageType, AvpType> required[] = {
        {MessageType::Sccrq, AvpType::ProtocolVersion},
        {MessageType::Sccrq, AvpType::HostName},
        {MessageType::Sccrq, AvpType::FramingCapabilities},
        {MessageType::Sccrq, AvpType::AssignedTunnelId},
        {MessageType::Sccrp, AvpType::AssignedTunnelId},
        {MessageType::StopCcn, AvpType::ResultCode},
        {MessageType::StopCcn, AvpType::AssignedTunnelId},
        {MessageType::Icrq, AvpType::AssignedSessionId},
        {MessageType::Icrq, AvpType::CallSerialNumber},
        {MessageType::Icrp, AvpType::AssignedSessionId},
        {MessageType::Iccn, AvpType::TxConnectSpeed},
        {MessageType::Iccn, AvpType::FramingType},
        {MessageType::Cdn, AvpType::ResultCode},
        {MessageType::Cdn, AvpType::AssignedSessionId},
        {MessageType::Ocrq, AvpType::CalledNumber},
    };
    for (const auto& [type, missing] : required)
    {
        const Draft message = Full(type);
        Bytes without;
        for (const Avp& avp : AvpsIn(message.body))
        {
            if (!avp.Is(missing))
            {
                AppendAvp(without, avp);
            }
        }
        const Decoded decoded = DecodeMessage(without, {});
        ASSERT_TRUE(decoded.fault) << NameOf(type);
        EXPECT_EQ(decoded.fault->reason, Reason::L2tpMalformed);
    }
    DecodeRules lenient;
    lenient.speedRequired = false;
    Draft iccn(MessageType::Iccn);
    iccn.Add32(AvpType::FramingType, 1);
    EXPECT_FALSE(DecodeMessage(iccn.body, lenient).fault) << "Windows: 9600 bit/s then";
}

TEST(L2tpMessage, AnUnknownAttributeIsAFaultOnlyWithTheMandatoryBit)
{
    for (const char* avp : {"8008 0000 0063 0001", "8008 0009 0001 0001", "8008 0000 0014 0001"})
    {
        const Decoded decoded = DecodeMessage(HelloWith(avp), {});
        ASSERT_TRUE(decoded.fault) << avp;
        EXPECT_EQ(decoded.fault->reason, Reason::L2tpMandatoryAvp);
        EXPECT_EQ(decoded.fault->resultCode, 2);
        EXPECT_EQ(decoded.fault->errorCode, 8);
    }
    EXPECT_FALSE(DecodeMessage(HelloWith("0008 0000 0063 0001"), {}).fault);
    EXPECT_FALSE(DecodeMessage(HelloWith("0008 0009 0001 0001"), {}).fault);
}

TEST(L2tpMessage, AReservedBitMakesAnAttributeUnknown)
{
    const Bytes body = HelloWith("0408 0000 000a 0004"); // receive window, M bit off
    DecodeRules rfc;
    DecodeRules windows;
    windows.strictAvpBits = true;
    EXPECT_FALSE(DecodeMessage(body, rfc).fault);
    EXPECT_FALSE(DecodeMessage(body, rfc).message.Find(AvpType::ReceiveWindowSize));
    ASSERT_TRUE(DecodeMessage(body, windows).fault);
    EXPECT_EQ(DecodeMessage(body, windows).fault->reason, Reason::L2tpMandatoryAvp);
    EXPECT_TRUE(DecodeMessage(HelloWith("8408 0000 000a 0004"), rfc).fault) << "M bit on";
}

TEST(L2tpMessage, AMalformedAttributeWithoutMandatoryBitIsAsIfNotThere)
{
    // RFC 2661 7.1: Rx Connect Speed, type 38, with two bytes instead of four.
    const Decoded recoverable = DecodeMessage(HelloWith("0008 0000 0026 2580"), {});
    EXPECT_FALSE(recoverable.fault);
    EXPECT_TRUE(recoverable.message.avps.empty());
    const Decoded fatal = DecodeMessage(HelloWith("8008 0000 0003 0001"), {});
    ASSERT_TRUE(fatal.fault);
    EXPECT_EQ(fatal.fault->errorCode, ERROR_LENGTH);
}

TEST(L2tpMessage, IdentifiersAndWindowMustNotBeZero)
{
    for (const char* avp : {"8008 0000 0009 0000", "8008 0000 000e 0000", "8008 0000 000a 0000"})
    {
        const Decoded decoded = DecodeMessage(HelloWith(avp), {});
        ASSERT_TRUE(decoded.fault) << avp;
        EXPECT_EQ(decoded.fault->errorCode, ERROR_VALUE);
    }
}

TEST(L2tpMessage, TheMessageTypeMustComeFirstAndInClear)
{
    for (const char* body : {"8008 0000 0009 0001 8008 0000 0000 0006", // second
                             "c008 0000 0000 0006",                     // hidden
                             "8009 0000 0000 000600",                   // too long
                             "8006 0000 0000",                          // empty
                             "8008 0001 0000 0006",                     // another vendor's
                             "8008 0000 0000 0006 8003"})               // then nonsense
    {
        const Decoded decoded = DecodeMessage(FromHex(body), {});
        ASSERT_TRUE(decoded.fault) << body;
        EXPECT_EQ(decoded.fault->reason, Reason::L2tpMalformed) << body;
    }
}

TEST(L2tpMessage, AnUnknownTypeIsIgnoredWithoutTheMandatoryBitAndFatalWithIt)
{
    const Decoded optional = DecodeMessage(FromHex("0008 0000 0000 0063"), {});
    EXPECT_TRUE(optional.ignore);
    EXPECT_FALSE(optional.fault);
    const Decoded mandatory = DecodeMessage(FromHex("8008 0000 0000 0063"), {});
    EXPECT_FALSE(mandatory.ignore);
    ASSERT_TRUE(mandatory.fault);
    EXPECT_EQ(mandatory.fault->reason, Reason::L2tpMandatoryAvp);
    EXPECT_EQ(PeekName(FromHex("8008 0000 0000 0063")), "type 99");
}

TEST(L2tpMessage, ResultCodesComeBackWithAndWithoutErrorAndText)
{
    const ResultCode full = ResultCode::Parse(ResultCode{2, 8, "attribute 99"}.Build());
    EXPECT_EQ(full.result, 2);
    EXPECT_EQ(full.error, 8);
    EXPECT_EQ(full.text, "attribute 99");
    const ResultCode bare = ResultCode::Parse(FromHex("0003"));
    EXPECT_EQ(bare.result, 3);
    EXPECT_EQ(bare.error, 0);
    EXPECT_EQ(ResultCode::Parse(FromHex("0003 00")).error, 0) << "half an error code";
}

TEST(L2tpMessage, NoBytesCrashTheDecoder)
{
    RandomStream random(1, "test", "codec");
    const std::string secret = "secret";
    DecodeRules rules;
    rules.secret = &secret;
    rules.strictAvpBits = true;
    const Bytes good = Full(MessageType::Sccrq).body;
    for (std::size_t size = 0; size <= good.size(); ++size)
    {
        DecodeMessage(ByteView(good).Sub(0, size), rules);
        PeekName(ByteView(good).Sub(0, size));
    }
    std::size_t faults = 0;
    for (int round = 0; round < 20000; ++round)
    {
        Bytes body = round % 2 == 0 ? good : random.Take(random.Below(80));
        for (int flips = 0; flips < 3 && !body.empty(); ++flips)
        {
            body[random.Below(body.size())] ^= static_cast<std::uint8_t>(1u << random.Below(8));
        }
        faults += DecodeMessage(body, rules).fault ? 1 : 0;
        Header::Parse(body, false);
    }
    EXPECT_GT(faults, 10000u);
}

// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/der.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

using namespace nattlab;
using namespace nattlab::pki;

namespace
{

std::string
TimeText(std::int64_t unixTime)
{
    const Bytes element = der::Time(unixTime);
    return (element[0] == der::UTC_TIME ? "U" : "G") +
           std::string(element.begin() + 2, element.end());
}

} // namespace

TEST(Der, WritesLengthsInAsFewBytesAsTheyTake)
{
    EXPECT_EQ(ToHex(der::Element(der::OCTET_STRING, {})), "0400");
    EXPECT_EQ(ToHex(ByteView(der::Element(der::OCTET_STRING, {Bytes(127)})).Sub(0, 2)), "047f");
    EXPECT_EQ(ToHex(ByteView(der::Element(der::OCTET_STRING, {Bytes(128)})).Sub(0, 3)), "048180");
    EXPECT_EQ(ToHex(ByteView(der::Element(der::OCTET_STRING, {Bytes(256)})).Sub(0, 4)), "04820100");
}

// X.690 8.19.5 has {2 100 3}; the other is RSA's, RFC 8017 A.
TEST(Der, WritesObjectIdentifiers)
{
    EXPECT_EQ(ToHex(der::ObjectIdentifier("2.100.3")), "0603813403");
    EXPECT_EQ(ToHex(der::ObjectIdentifier("1.2.840.113549")), "06062a864886f70d");
    for (const char* wrong : {"", "1", "1.", "1..2", "3.1", "1.40", "1.2.x", "1.2.4294967296"})
    {
        EXPECT_THROW(der::ObjectIdentifier(wrong), std::invalid_argument) << wrong;
    }
}

TEST(Der, WritesUnsignedNumbersSoThatTheyDoNotReadAsNegative)
{
    EXPECT_EQ(ToHex(der::Unsigned({})), "020100");
    EXPECT_EQ(ToHex(der::Unsigned(FromHex("0000"))), "020100");
    EXPECT_EQ(ToHex(der::Unsigned(FromHex("7f"))), "02017f");
    EXPECT_EQ(ToHex(der::Unsigned(FromHex("80"))), "02020080");
    EXPECT_EQ(ToHex(der::Unsigned(FromHex("000100"))), "02020100");
}

// The expected texts are those of "date -u".
TEST(Der, WritesTimesOfAllCenturies)
{
    EXPECT_EQ(TimeText(0), "U700101000000Z");
    EXPECT_EQ(TimeText(951782399), "U000228235959Z");
    EXPECT_EQ(TimeText(951782400), "U000229000000Z");
    EXPECT_EQ(TimeText(1086048000), "U040601000000Z");
    EXPECT_EQ(TimeText(1104537599), "U041231235959Z");
    EXPECT_EQ(TimeText(-631152000), "U500101000000Z");
    EXPECT_EQ(TimeText(-631152001), "G19491231235959Z");
    EXPECT_EQ(TimeText(2524607999), "U491231235959Z");
    EXPECT_EQ(TimeText(2524608000), "G20500101000000Z");
    EXPECT_EQ(TimeText(4107542400), "G21000301000000Z");
    EXPECT_EQ(TimeText(253402300799), "G99991231235959Z");
    EXPECT_THROW(der::Time(253402300800), std::invalid_argument);
    EXPECT_THROW(der::Time(-62167219201), std::invalid_argument);
}

TEST(Der, FindsTheFirstElementAndNothingInWhatIsCutOff)
{
    const Bytes two = Concat({der::Element(der::SEQUENCE, {Bytes(300, 7)}), der::Boolean(true)});
    const auto first = der::First(two);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->tag, der::SEQUENCE);
    EXPECT_EQ(first->whole.size(), 304u);
    EXPECT_EQ(first->contents, ByteView(Bytes(300, 7)));
    for (std::size_t size = 0; size < 304; ++size)
    {
        EXPECT_FALSE(der::First(ByteView(two).Sub(0, size))) << size;
    }
    EXPECT_FALSE(der::First(FromHex("3080 0000")));            // indefinite
    EXPECT_FALSE(der::First(FromHex("3085 0000000001 00")));   // 5 bytes of length
    EXPECT_FALSE(der::First(FromHex("3f81 00")));              // long tag
    EXPECT_FALSE(der::First(FromHex("3084 ffffffff 000000"))); // far too long
}

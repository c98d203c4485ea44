// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/pem.h"

#include "model/crypto/random.h"
#include "test/model/pki/fixtures.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

using namespace nattlab;
using namespace nattlab::pki;

// RFC 4648 10
TEST(Pem, WritesAndReadsTheBase64OfTheStandard)
{
    const char* const rows[][2] = {
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& row : rows)
    {
        const std::string text = WritePem("X", ByteView{std::string_view{row[0]}});
        EXPECT_EQ(text, std::string("-----BEGIN X-----\n") + row[1] + "\n-----END X-----\n");
        const auto blocks = ReadPem(ByteView{std::string_view{text}});
        ASSERT_EQ(blocks.size(), 1u);
        EXPECT_EQ(blocks[0].label, "X");
        EXPECT_EQ(std::string(blocks[0].der.begin(), blocks[0].der.end()), row[0]);
    }
}

TEST(Pem, WritesWhatAnotherToolWrote)
{
    for (const char* text : {fixture::ROOT, fixture::LEAF, fixture::KEY_512, fixture::CHAIN_PKCS7})
    {
        const auto blocks = ReadPem(ByteView{std::string_view{text}});
        ASSERT_EQ(blocks.size(), 1u);
        EXPECT_EQ(WritePem(blocks[0].label, blocks[0].der), text);
    }
}

TEST(Pem, ReadsSeveralBlocksAndPassesOverTheTextAround)
{
    const std::string file =
        std::string("subject=/CN=x\r\n") + fixture::LEAF + "and\n" + fixture::KEY_512 + "end";
    const auto blocks = ReadPem(ByteView{std::string_view{file}});
    ASSERT_EQ(blocks.size(), 2u);
    EXPECT_EQ(blocks[0].label, "CERTIFICATE");
    EXPECT_EQ(blocks[1].label, "RSA PRIVATE KEY");
    EXPECT_TRUE(ReadPem(ByteView{std::string_view{"no block"}}).empty());
}

TEST(Pem, RefusesWhatIsBroken)
{
    for (const char* text : {"-----BEGIN X-----\nZm9v\n",
                             "-----BEGIN X",
                             "-----BEGIN X-----\nZm9v\n-----END Y-----\n",
                             "-----BEGIN X-----\nZm9\n-----END X-----\n",
                             "-----BEGIN X-----\nZ===\n-----END X-----\n",
                             "-----BEGIN X-----\nZg==Zg==\n-----END X-----\n",
                             "-----BEGIN X-----\nZ?==\n-----END X-----\n"})
    {
        EXPECT_THROW(ReadPem(ByteView{std::string_view{text}}), std::invalid_argument) << text;
    }
}

TEST(Pem, NeverCrashesOnDamagedText)
{
    RandomStream random(1, "test", "pem");
    const std::string good = std::string(fixture::LEAF) + fixture::KEY_512;
    for (int i = 0; i < 2000; ++i)
    {
        std::string text = good.substr(0, random.Below(good.size()));
        for (int j = 0; j < 3 && !text.empty(); ++j)
        {
            text[random.Below(text.size())] = "-=A\n\xff"[random.Below(5)];
        }
        try
        {
            EXPECT_LE(ReadPem(ByteView{std::string_view{text}}).size(), 2u);
        }
        catch (const std::invalid_argument&)
        {
        }
    }
}

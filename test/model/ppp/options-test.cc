// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/options.h"

#include "model/ppp/packet.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;

namespace
{

/** MRU 1400, magic number and protocol field compression. */
OptionList Usual()
{
    OptionList options;
    options.Add16(LCP_MRU, 1400);
    options.Add32(LCP_MAGIC_NUMBER, 0x01020304);
    options.Add(LCP_PROTOCOL_COMPRESSION);
    return options;
}

} // namespace

TEST(Options, SurviveWritingAndReading)
{
    const OptionList options = Usual();
    EXPECT_EQ(ToHex(options.Wire()),
              "01040578050601020304"
              "0702");
    const auto read = Options::Parse(options.Wire());
    ASSERT_TRUE(read);
    std::string types;
    for (const Option option : *read)
    {
        types += std::to_string(option.type) + ":" + ToHex(option.data) + " ";
    }
    EXPECT_EQ(types, "1:0578 5:01020304 7: ");
}

TEST(Options, WithALengthOutsideOfItsBoundsAreRefused)
{
    for (const char* hex : {"01", "0100", "0101", "0104", "010405", "0104057805"})
    {
        EXPECT_FALSE(Options::Parse(FromHex(hex))) << hex;
    }
    EXPECT_TRUE(Options::Parse({}));
}

TEST(Options, AreFoundByTypeAndByValue)
{
    const OptionList options = Usual();
    ASSERT_TRUE(options.View().Find(LCP_MAGIC_NUMBER));
    EXPECT_EQ(ToHex(options.View().Find(LCP_MAGIC_NUMBER)->data), "01020304");
    EXPECT_FALSE(options.View().Find(LCP_CALLBACK));
    const Bytes other = FromHex("0577");
    EXPECT_TRUE(options.View().Contains({LCP_PROTOCOL_COMPRESSION, {}}));
    EXPECT_FALSE(options.View().Contains({LCP_MRU, other}));
}

TEST(OptionList, GivesAnOptionAValueOfAnyLength)
{
    OptionList options = Usual();
    options.Set32(LCP_MAGIC_NUMBER, 5);
    options.Set(LCP_MRU, FromHex("aabbcc"));
    options.Set(LCP_CALLBACK, FromHex("06"));
    EXPECT_EQ(ToHex(options.Wire()), "0105aabbcc0506000000050702") << "callback is not there";
    options.Set(LCP_MRU, {});
    options.Set(LCP_PROTOCOL_COMPRESSION, FromHex("11"));
    EXPECT_EQ(ToHex(options.Wire()),
              "01020506000000050703"
              "11");
}

TEST(OptionList, LosesTheOptionThatIsRemoved)
{
    OptionList options = Usual();
    options.Remove(LCP_MAGIC_NUMBER);
    options.Remove(LCP_CALLBACK);
    EXPECT_EQ(ToHex(options.Wire()), "010405780702");
    options.Remove(LCP_PROTOCOL_COMPRESSION);
    options.Remove(LCP_MRU);
    EXPECT_TRUE(options.Empty());
}

TEST(OptionList, CutsAValueThatItsLengthCannotSay)
{
    OptionList options;
    options.Add(LCP_MRU, Bytes(300, 1));
    EXPECT_EQ(options.Wire().size(), 255u);
    EXPECT_TRUE(Options::Parse(options.Wire()));
    options.Set(LCP_MRU, Bytes(400, 2));
    EXPECT_EQ(options.Wire().size(), 255u);
    EXPECT_TRUE(Options::Parse(options.Wire()));
}

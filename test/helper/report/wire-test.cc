// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Gives the captures of shipped scenarios to tshark, with the keys that were written beside them.
 */
#include "test/helper/report/shipped.h"

#include "helper/report/capture.h"

#include "model/packet/ipv4.h"
#include "model/trace/key-log.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace nattlab;
using nattlab::test::LoadShipped;
using nattlab::test::ShippedScenarios;

namespace
{

/** Run a command. \return what it prints, line by line. */
std::vector<std::string>
LinesOf(const std::string& command)
{
    std::vector<std::string> lines;
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> part;
    while (pipe && std::fgets(part.data(), part.size(), pipe))
    {
        text += part.data();
    }
    EXPECT_EQ(pipe ? ::pclose(pipe) : -1, 0) << command;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
    {
        lines.push_back(line);
    }
    return lines;
}

/** The packets of a capture in the host's byte order, as nattlab writes them. */
std::vector<Bytes>
ReadCapture(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> all{std::istreambuf_iterator<char>(file), {}};
    std::vector<Bytes> packets;
    for (std::size_t at = 24; at + 16 <= all.size();)
    {
        std::uint32_t size = 0;
        std::memcpy(&size, &all[at + 8], 4);
        packets.emplace_back(all.begin() + at + 16, all.begin() + at + 16 + size);
        at += 16 + size;
    }
    return packets;
}

/**
 * Frames (from 1) whose UDP payload stood in the capture before. Wireshark advances the CBC chain
 * of an IKE exchange with each copy of a message, so it decrypts only the first one.
 */
std::set<std::string>
RepeatedFrames(const std::vector<Bytes>& packets)
{
    std::set<Bytes> seen;
    std::set<std::string> repeated;
    for (std::size_t i = 0; i < packets.size(); ++i)
    {
        const ByteView segment = ip::Payload(packets[i]);
        if (ip::Protocol(packets[i]) == IP_UDP && segment.size() > UdpHeader::SIZE &&
            !seen.insert(segment.Sub(UdpHeader::SIZE).ToBytes()).second)
        {
            repeated.insert(std::to_string(i + 1));
        }
    }
    return repeated;
}

/** A run's captures in a folder of their own. */
class Captures
{
  public:
    explicit Captures(const std::string& name)
        : m_scenario(LoadShipped(name)),
          m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-wire-" + std::to_string(::getpid())))
    {
        Simulation simulation(m_scenario);
        CaptureWriter writer(simulation, m_scenario, m_folder.string());
        m_keys = simulation.Run().keys;
        writer.Finish(m_keys);
    }

    ~Captures()
    {
        std::filesystem::remove_all(m_folder);
    }

    std::filesystem::path File(const std::string& link) const
    {
        return m_folder / (link + ".pcap");
    }

    /** \return frame number and SPI, tab between, of the frames that a display filter shows. */
    std::vector<std::string> Frames(const std::string& link, const std::string& filter) const
    {
        const std::string folder = m_folder.string();
        return LinesOf("WIRESHARK_CONFIG_DIR='" + folder + "' tshark -r '" + File(link).string() +
                       "' -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE"
                       " -o tcp.check_checksum:TRUE -Y '" +
                       filter + "' -T fields -e frame.number -e esp.spi 2>/dev/null");
    }

    const scenario::Scenario& Scenario() const
    {
        return m_scenario;
    }

    bool HasKey(const std::string& spi) const
    {
        for (const KeyLog::Esp& row : m_keys.esp)
        {
            Bytes bytes;
            Append32(bytes, row.spi);
            if (spi == "0x" + ToHex(bytes))
            {
                return true;
            }
        }
        return false;
    }

  private:
    scenario::Scenario m_scenario;
    std::filesystem::path m_folder;
    KeyLog m_keys;
};

class Wire : public ::testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(Wire, IsWellFormedAndDecryptedByTshark)
{
    const Captures captures(GetParam());
    for (const scenario::Link& link : captures.Scenario().links)
    {
        const std::set<std::string> repeated =
            RepeatedFrames(ReadCapture(captures.File(link.name)));
        // The checksum of a segment inside ESP is that of the addresses before translation.
        for (const std::string& line : captures.Frames(
                 link.name,
                 "_ws.malformed || (isakmp.flag_e == 1 && !isakmp.hash) || (esp && !l2tp) ||"
                 " ((ip.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\" ||"
                 " tcp.checksum.status == \"Bad\" || icmp.checksum.status == \"Bad\") && !esp)"))
        {
            const std::size_t tab = line.find('\t');
            const bool foreign =
                tab + 1 < line.size() && !captures.HasKey(line.substr(tab + 1)); // a probe's
            EXPECT_TRUE(foreign || repeated.count(line.substr(0, tab)) != 0)
                << link.name << ".pcap, frame " << line;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Scenarios,
                         Wire,
                         ::testing::ValuesIn(ShippedScenarios()),
                         [](const auto& shipped)
                         { return nattlab::test::TestName(shipped.param); });

TEST(WireContent, ShowsEveryLayerOfAConnectionThroughNat)
{
    const Captures captures("article/xp-behind-home-nat");
    for (const char* filter : {"isakmp.flag_e == 1 && isakmp.exchangetype == 2 && isakmp.id.type",
                               "isakmp.exchangetype == 32 && isakmp.hash",
                               "esp && l2tp.type == 1",
                               "esp && lcp",
                               "esp && chap",
                               "esp && ipcp",
                               "esp && icmp.type == 8",
                               "udpencap.nat_keepalive"})
    {
        EXPECT_FALSE(captures.Frames("access", filter).empty()) << filter;
    }
}

TEST(WireContent, ATestThatLooksForMalformedFramesFindsThem)
{
    const Captures captures("article/no-nat");
    const std::string link = captures.Scenario().links[0].name;
    // Cut an ISAKMP message short and write the capture again: the filter above must see it.
    std::ifstream in(captures.File(link), std::ios::binary);
    std::vector<char> all{std::istreambuf_iterator<char>(in), {}};
    in.close();
    ASSERT_GT(all.size(), 24u + 16 + 20 + 8 + 28 + 3);
    all[24 + 16 + 20 + 8 + 28 + 2] = 0x7f; // length of the first payload
    std::ofstream(captures.File(link), std::ios::binary)
        .write(all.data(), static_cast<std::streamsize>(all.size()));
    EXPECT_FALSE(captures.Frames(link, "_ws.malformed || udp.checksum.status == \"Bad\"").empty());
}

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
#include <map>
#include <optional>
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

/** Puts IP fragments and IKE fragments (payload 132) of a capture together, in order of arrival. */
class Joiner
{
  public:
    /** \return the whole UDP payload, or nothing while pieces are missing. */
    std::optional<Bytes> Join(const Bytes& packet)
    {
        const auto header = Ipv4Header::Parse(packet);
        if (!header || header->protocol != IP_UDP)
        {
            return std::nullopt;
        }
        Bytes& datagram = m_datagrams[{header->source.value, header->identification}];
        const Bytes piece = ip::Payload(packet).ToBytes();
        datagram.insert(datagram.end(), piece.begin(), piece.end());
        if (header->moreFragments || datagram.size() <= UdpHeader::SIZE)
        {
            return std::nullopt;
        }
        const Bytes whole(datagram.begin() + UdpHeader::SIZE, datagram.end());
        m_datagrams.erase({header->source.value, header->identification});
        return JoinIke(header->source.value, whole);
    }

  private:
    static constexpr std::size_t ISAKMP = 28; //!< bytes of its header
    static constexpr std::size_t FRAGMENT = 8;
    static constexpr std::uint8_t PAYLOAD_FRAGMENT = 132;

    std::optional<Bytes> JoinIke(std::uint32_t source, const Bytes& payload)
    {
        const bool marker = payload.size() > 4 && Load32(payload.data()) == 0;
        const ByteView message = ByteView{payload}.Sub(marker ? 4 : 0);
        if (message.size() < ISAKMP + FRAGMENT || message[16] != PAYLOAD_FRAGMENT)
        {
            return payload;
        }
        Bytes& whole = m_messages[{source, Load16(message.data() + ISAKMP + 4)}];
        const Bytes piece = message.Sub(ISAKMP + FRAGMENT).ToBytes();
        whole.insert(whole.end(), piece.begin(), piece.end());
        const bool last = (message[ISAKMP + 7] & 1) != 0;
        return last ? std::optional{whole} : std::nullopt;
    }

    std::map<std::pair<std::uint32_t, std::uint16_t>, Bytes> m_datagrams;
    std::map<std::pair<std::uint32_t, std::uint16_t>, Bytes> m_messages;
};

/**
 * Frames (from 1) that complete a message which stood in the capture before. Wireshark advances the
 * CBC chain of an IKE exchange with each copy of a message, so it decrypts only the first one.
 */
std::set<std::string>
RepeatedFrames(const std::vector<Bytes>& packets)
{
    Joiner joiner;
    std::set<Bytes> seen;
    std::set<std::string> repeated;
    for (std::size_t i = 0; i < packets.size(); ++i)
    {
        const auto message = joiner.Join(packets[i]);
        if (message && !seen.insert(*message).second)
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
        // A NAT may give IKE the port 7 or 13, and then these would be dissected.
        return LinesOf("WIRESHARK_CONFIG_DIR='" + folder + "' tshark -r '" + File(link).string() +
                       "' --disable-protocol echo --disable-protocol daytime"
                       " -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE"
                       " -o tcp.check_checksum:TRUE -Y '" +
                       filter + "' -T fields -e frame.number -e esp.spi 2>/dev/null");
    }

    /**
     * Notifications before Main Mode is done, encrypted as Windows does: from the last cipher block
     * of the Main Mode (MS-IKEE 3.1.5), and not from one of their own as RFC 2409 has it and
     * Wireshark decrypts.
     */
    std::set<std::string> EarlyNotifications(const std::string& link) const
    {
        std::set<std::string> done;
        for (const std::string& cookie : Exchanges(link, "isakmp.exchangetype == 32"))
        {
            done.insert(cookie.substr(cookie.find('\t') + 1));
        }
        std::set<std::string> early;
        for (const std::string& line : Exchanges(link, "isakmp.exchangetype == 5"))
        {
            const std::size_t tab = line.find('\t');
            if (done.count(line.substr(tab + 1)) == 0)
            {
                early.insert(line.substr(0, tab));
            }
        }
        return early;
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
    /** \return frame number and initiator's cookie, tab between. */
    std::vector<std::string> Exchanges(const std::string& link, const std::string& filter) const
    {
        return LinesOf("WIRESHARK_CONFIG_DIR='" + m_folder.string() + "' tshark -r '" +
                       File(link).string() + "' -Y '" + filter +
                       "' -T fields -e frame.number -e isakmp.ispi 2>/dev/null");
    }

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
        const std::set<std::string> early = captures.EarlyNotifications(link.name);
        // The checksum of a segment inside ESP is that of the addresses before translation.
        for (const std::string& line : captures.Frames(
                 link.name,
                 // Wireshark reads what is wrapped in PKCS#7 as if it were not.
                 "(_ws.malformed && !(isakmp.cert.encoding == 1)) || (isakmp.flag_e == 1 && "
                 "!isakmp.hash && !isakmp.sig) || (esp && !l2tp) ||"
                 " ((ip.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\" ||"
                 " tcp.checksum.status == \"Bad\" || icmp.checksum.status == \"Bad\") && !esp)"))
        {
            const std::size_t tab = line.find('\t');
            const bool foreign =
                tab + 1 < line.size() && !captures.HasKey(line.substr(tab + 1)); // a probe's
            const std::string frame = line.substr(0, tab);
            EXPECT_TRUE(foreign || repeated.count(frame) != 0 || early.count(frame) != 0)
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

TEST(WireContent, ShowsCertificatesDecryptedBareAndInPkcs7)
{
    const Captures plain("article/certificate-direct");
    const std::string name = "x509sat.printableString == \"client.example.net\"";
    EXPECT_FALSE(plain.Frames("access", "isakmp.cert.encoding == 4 && " + name).empty());
    EXPECT_FALSE(plain.Frames("access", "isakmp.certreq.type == 4 && isakmp.sig").empty());
    const Captures chain("article/certificate-intermediate");
    EXPECT_FALSE(chain.Frames("access", "isakmp.cert.encoding == 1 && isakmp.sig").empty());
}

TEST(WireContent, ShowsIkeFragmentsOfATooLargeMessage)
{
    const Captures captures("article/certificate-ike-fragments");
    EXPECT_FALSE(
        captures.Frames("backbone", "isakmp.typepayload == 132 && isakmp.cert.encoding == 1")
            .empty())
        << "put together, decrypted";
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

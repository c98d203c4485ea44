// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/capture.h"

#include "helper/report/write-file.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

namespace nattlab
{

namespace
{

constexpr std::uint32_t LINKTYPE_RAW = 101;
constexpr std::uint32_t SNAP_LENGTH = 65535;
constexpr std::int64_t NANOSECONDS = 1000000000;

/** Both ends note the same keys. */
std::string
JoinOnce(const std::vector<std::string>& rows)
{
    std::set<std::string> seen;
    std::string text;
    for (const std::string& row : rows)
    {
        text += seen.insert(row).second ? row : "";
    }
    return text;
}

std::string
IkeTable(const KeyLog& keys)
{
    std::vector<std::string> rows;
    for (const KeyLog::Ike& row : keys.ike)
    {
        Bytes cookie;
        Append64(cookie, row.initiatorCookie);
        rows.push_back(ToHex(cookie) + "," + ToHex(row.encryptionKey) + "\n");
    }
    return JoinOnce(rows);
}

std::string
HexNumber(const Bytes& bytes)
{
    return bytes.empty() ? "" : "0x" + ToHex(bytes);
}

/** Addresses are left open: the same ESP packet has others on either side of a NAT. */
std::string
EspTable(const KeyLog& keys)
{
    std::vector<std::string> rows;
    for (const KeyLog::Esp& row : keys.esp)
    {
        Bytes spi;
        Append32(spi, row.spi);
        rows.push_back("\"IPv4\",\"*\",\"*\",\"0x" + ToHex(spi) + "\",\"" + row.encryption +
                       "\",\"" + HexNumber(row.encryptionKey) + "\",\"" + row.authentication +
                       "\",\"" + HexNumber(row.authenticationKey) + "\"\n");
    }
    return JoinOnce(rows);
}

} // namespace

CaptureWriter::CaptureWriter(Simulation& simulation,
                             const scenario::Scenario& scenario,
                             const std::string& directory)
    : m_directory(directory)
{
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
    {
        throw std::runtime_error(directory + ": cannot be made: " + error.message());
    }
    for (const scenario::Link& link : scenario.links)
    {
        auto file = std::make_unique<ns3::PcapFile>();
        const std::string path = directory + "/" + link.name + ".pcap";
        file->Open(path, std::ios::out | std::ios::binary);
        if (file->Fail())
        {
            throw std::runtime_error(path + ": cannot be written");
        }
        file->Init(LINKTYPE_RAW, SNAP_LENGTH, 0, false, true);
        ns3::PcapFile* raw = file.get();
        m_files.push_back(std::move(file));
        simulation.GetLink(link.name)->SetSniffer(
            [raw](Instant at, const Bytes& bytes)
            {
                const std::int64_t ns = at.time_since_epoch().count();
                raw->Write(static_cast<std::uint32_t>(ns / NANOSECONDS),
                           static_cast<std::uint32_t>(ns % NANOSECONDS),
                           bytes.data(),
                           static_cast<std::uint32_t>(bytes.size()));
            });
    }
}

CaptureWriter::~CaptureWriter() = default;

void
CaptureWriter::Finish(const KeyLog& keys)
{
    for (const auto& file : m_files)
    {
        if (file->Fail())
        {
            throw std::runtime_error(m_directory + ": a capture could not be written whole");
        }
        file->Close();
    }
    WriteFile(m_directory + "/ikev1_decryption_table", IkeTable(keys));
    WriteFile(m_directory + "/esp_sa", EspTable(keys));
    WriteFile(m_directory + "/preferences", "esp.enable_encryption_decode: TRUE\n");
}

} // namespace nattlab

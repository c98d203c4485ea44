// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_CAPTURE_H
#define NATTLAB_REPORT_CAPTURE_H

#include "helper/simulation/simulation.h"

#include "ns3/pcap-file.h"

#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

/**
 * Writes one capture per link of a run: LINK.pcap, raw IPv4 (link type 101), with nanoseconds.
 * A packet is written when it is put on the link, whether or not it arrives.
 */
class CaptureWriter
{
  public:
    /**
     * Open the files and connect to the links; to be made before Simulation::Run.
     * \param directory made if it is not there
     * \throws std::runtime_error when a file cannot be written
     */
    CaptureWriter(Simulation& simulation,
                  const scenario::Scenario& scenario,
                  const std::string& directory);
    ~CaptureWriter();

    /**
     * Close the captures and write the keys beside them, so that the directory serves Wireshark as
     * its configuration folder: ikev1_decryption_table, esp_sa and preferences.
     * \throws std::runtime_error when a file cannot be written
     */
    void Finish(const KeyLog& keys);

  private:
    std::string m_directory;
    std::vector<std::unique_ptr<ns3::PcapFile>> m_files;
};

} // namespace nattlab

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_SWEEP_SMALL_SWEEP_H
#define NATTLAB_TEST_SWEEP_SMALL_SWEEP_H

#include "helper/simulation/expectation.h"
#include "helper/store/export.h"
#include "helper/sweep/plan.h"

#include <filesystem>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <unistd.h>

namespace nattlab::test
{

/** 2 passwords, 4 losses, 3 seeds: 24 points, of which some fail, and some say something else with
 * each seed. */
constexpr const char* SMALL_SWEEP = R"({
  "title": "Two hosts and a link that loses",
  "base": {
    "duration": "40 s",
    "links": {"wan": {"delay": "10 ms"}},
    "hosts": {
      "client": {"system": "windows-xp-sp2", "link": "wan", "address": "192.0.2.10/24"},
      "server": {
        "system": "windows-server-2003",
        "link": "wan",
        "address": "192.0.2.20/24",
        "server": {
          "presharedKey": "secret",
          "users": {"alice": {"password": "pw"}},
          "address": "10.0.0.1",
          "pool": "10.0.0.100-10.0.0.199"
        }
      }
    },
    "connections": {
      "vpn": {"from": "client", "to": "server", "user": "alice", "password": "pw", "presharedKey": "secret"}
    },
    "traffic": {"ping": {"kind": "ping", "connection": "vpn", "count": 2}}
  },
  "axes": {
    "password": {"pointer": "/connections/vpn/password", "values": ["pw", "wrong"]},
    "loss": {"pointer": "/links/wan/loss", "values": ["0 %", "10 %", "30 %", "100 %"]}
  },
  "replicates": 3
})";

/** A sweep and a folder for its results, gone afterwards. */
class SmallSweep : public ::testing::Test
{
  protected:
    SmallSweep()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-sweep-" + std::to_string(::getpid())))
    {
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }

    ~SmallSweep() override
    {
        std::filesystem::remove_all(m_folder);
    }

    static scenario::LoadOptions Load()
    {
        scenario::LoadOptions load;
        load.file = "small-sweep.json";
        load.knownReasons = ReasonIds();
        return load;
    }

    static sweep::Plan MakePlan(const std::string& text = SMALL_SWEEP)
    {
        return sweep::Plan::ReadText(text, "small-sweep.json", Load());
    }

    std::string Folder(const std::string& name) const
    {
        return (m_folder / name).string();
    }

    /** \return all exports of the results in a folder. */
    std::string Exports(const std::string& name) const
    {
        const store::Reader reader(Folder(name));
        std::ostringstream out;
        for (const auto form : {store::ExportForm::Connections,
                                store::ExportForm::Points,
                                store::ExportForm::Traffic})
        {
            ExportCsv(reader, {}, out, form);
            ExportJsonLines(reader, {}, out, form);
        }
        return out.str();
    }

    std::filesystem::path m_folder;
};

} // namespace nattlab::test

#endif

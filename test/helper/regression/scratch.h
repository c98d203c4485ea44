// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_REGRESSION_SCRATCH_H
#define NATTLAB_TEST_REGRESSION_SCRATCH_H

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <unistd.h>

namespace nattlab::test
{

/** Two hosts on one link; the expectation, and more, is put in place of the word. */
constexpr const char* SMALL_SCENARIO = R"({
  "title": "Two hosts on one link",
  "tags": ["small", "direct"],
  "duration": "20 s",
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
    "vpn": {"from": "client", "to": "server", "user": "alice", "password": "PASSWORD", "presharedKey": "secret"}
  },
  "traffic": {"ping": {"kind": "ping", "connection": "vpn", "count": 2}}EXPECT
}
)";

/** \return the small scenario with a password ("pw" is right) and what follows `traffic`. */
inline std::string
SmallScenario(const std::string& password = "pw", const std::string& expect = "")
{
    std::string text = SMALL_SCENARIO;
    text.replace(text.find("PASSWORD"), 8, password);
    text.replace(text.find("EXPECT"), 6, expect);
    return text;
}

/** A folder of its own for each test, gone afterwards. */
class Scratch : public ::testing::Test
{
  protected:
    Scratch()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-regression-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(m_folder);
    }

    ~Scratch() override
    {
        std::filesystem::remove_all(m_folder);
    }

    /** \return the path of the file. */
    std::string Write(const std::string& name, const std::string& text) const
    {
        const std::filesystem::path path = m_folder / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path.generic_string();
    }

    static std::string Read(const std::string& path)
    {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        return text.str();
    }

    std::filesystem::path m_folder;
};

} // namespace nattlab::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_CLI_COMMAND_TEST_H
#define NATTLAB_TEST_CLI_COMMAND_TEST_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace nattlab::test
{

/** Runs the command in a folder of its own, which is gone afterwards. */
class CommandTest : public ::testing::Test
{
  protected:
    CommandTest()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-cli-" + std::to_string(::getpid())))
    {
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }

    ~CommandTest() override
    {
        std::filesystem::remove_all(m_folder);
    }

    /** Run the command in the test's folder; what it says goes to m_out and m_err. */
    int Nattlab(const std::string& arguments)
    {
        return Shell(CommandLine(arguments) + " >out 2>err");
    }

    /** Run the command where no file can grow beyond some blocks of 512 bytes, as on a full disk.
     */
    int NattlabWithinBlocks(int blocks, const std::string& arguments)
    {
        return Shell("trap '' XFSZ; ulimit -f " + std::to_string(blocks) + "; " +
                     CommandLine(arguments) + " >out 2>err");
    }

    /** Run the command with a standard output that takes nothing. */
    int NattlabOntoAFullDisk(const std::string& arguments)
    {
        return Shell(CommandLine(arguments) + " 2>err >/dev/full");
    }

    /** \return how a shell calls the command. */
    static std::string CommandLine(const std::string& arguments)
    {
        return std::string("'") + NATTLAB_COMMAND + "' " + arguments + " </dev/null";
    }

    /** Run a script in the test's folder. \return its exit status */
    int Shell(const std::string& script)
    {
        const std::string command = "cd '" + m_folder.string() + "' && " + script;
        const int status = std::system(command.c_str());
        m_out = Read("out");
        m_err = Read("err");
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    std::string Read(const std::string& name) const
    {
        std::ostringstream text;
        text << std::ifstream(m_folder / name, std::ios::binary).rdbuf();
        return text.str();
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / name, std::ios::binary) << text;
    }

    std::filesystem::path m_folder;
    std::string m_out;
    std::string m_err;
};

} // namespace nattlab::test

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * nattlab plot as its users run it: where figures go, messages, exit statuses.
 */
#include "helper/store/writer.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace
{

using nattlab::store::ConnectionRow;
using nattlab::store::PointRow;
using nattlab::store::SweepIdentity;
using nattlab::store::Writer;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string
ReadFile(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/** A folder with results in "results", gone afterwards. */
class PlotCommand : public ::testing::Test
{
  protected:
    struct Result
    {
        int status;
        std::string out;
        std::string err;
    };

    PlotCommand()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-plot-" + std::to_string(::getpid())))
    {
        std::filesystem::remove_all(m_folder);
        SweepIdentity identity;
        identity.version = "0.1.0";
        identity.sweep = std::string(64, 'f');
        identity.title = "Two losses";
        identity.document = "{}";
        identity.axes = {"loss", "number"};
        identity.points = 20;
        Writer writer((m_folder / "results").string(), identity, {}, Writer::Mode::Create);
        for (std::int64_t id = 1; id <= 20; ++id)
        {
            ConnectionRow connection;
            connection.name = "vpn";
            connection.client = "client";
            connection.verdict = id % 2 == 0 ? "connected" : "failed";
            connection.reason = id % 2 == 0 ? "" : "link.loss";
            connection.stage = id % 2 == 0 ? "" : "ike-main";
            connection.timeToSettle = 0.5;
            PointRow point;
            point.id = static_cast<std::uint64_t>(id);
            point.values = {id % 2 == 0, id};
            point.replicate = 1;
            point.connections = {connection};
            writer.Add(point);
        }
        writer.Finish(1, true);
    }

    ~PlotCommand() override
    {
        std::filesystem::remove_all(m_folder);
    }

    /** Run nattlab plot in the folder. \param before what stands before the command */
    Result Plot(const std::string& arguments, const std::string& before = "") const
    {
        const std::string command = "cd '" + m_folder.string() + "' && " + before + " '" +
                                    NATTLAB_COMMAND + "' plot " + arguments +
                                    " 2>errors </dev/null";
        FILE* pipe = ::popen(command.c_str(), "r");
        Result run{-1, {}, {}};
        std::array<char, 4096> part{};
        while (pipe && std::fgets(part.data(), part.size(), pipe))
        {
            run.out += part.data();
        }
        const int status = ::pclose(pipe);
        run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        run.err = ReadFile(m_folder / "errors");
        return run;
    }

    std::filesystem::path m_folder;
};

} // namespace

TEST_F(PlotCommand, PutsAllKindsBesideTheResults)
{
    const Result run = Plot("results");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.out,
              "results/figures/grid.svg\nresults/figures/reasons.svg\nresults/figures/time.svg\n");
    EXPECT_EQ(run.err, "");
    EXPECT_THAT(ReadFile(m_folder / "results/figures/grid.svg"),
                AllOf(HasSubstr("$ nattlab plot results"), HasSubstr("Two losses")));
}

TEST_F(PlotCommand, WritesTheFileThatIsAskedFor)
{
    const Result run = Plot("results time -o new/curve.png --where 'loss=true'");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.out, "new/curve.png\n");
    EXPECT_THAT(ReadFile(m_folder / "new/curve.png"), HasSubstr("PNG"));
    EXPECT_TRUE(std::filesystem::exists(m_folder / "new/curve.gp"));
    EXPECT_TRUE(std::filesystem::exists(m_folder / "new/curve.tsv"));
}

TEST_F(PlotCommand, MakesSeveralFormats)
{
    const Result run = Plot("results grid --format png --format svg -o here --width 500");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.out, "here/grid.png\nhere/grid.svg\n");
    EXPECT_THAT(ReadFile(m_folder / "here/grid.svg"), HasSubstr("width=\"500\""));
}

TEST_F(PlotCommand, RefusesWhatCannotBeDrawn)
{
    const auto refused = [this](const std::string& arguments, const std::string& message)
    {
        const Result run = Plot(arguments);
        EXPECT_EQ(run.status, 2) << arguments;
        EXPECT_THAT(run.err, HasSubstr(message));
        EXPECT_EQ(run.out, "");
    };
    refused("nowhere", "nowhere");
    refused("results pie", "pie");
    refused("results --x delay", "--x: no axis \"delay\"; the sweep has loss, number");
    refused("results time --by number", "has 20 values, expected at most 8");
    refused("results --where nonsense", "--where");
    refused("results --where verdit=lost", "did you mean \"verdict\"?");
    refused("results --where verdict=lost", "no connection is like that");
    refused("results -o all.svg", "expected a directory for several figures");
    refused("results grid -o grid.svg --format png", "is of another format");
    refused("results --reasons 8", "--reasons");
}

TEST_F(PlotCommand, SaysWhatToInstallWithoutGnuplot)
{
    const Result run = Plot("results grid", "PATH=/nowhere");
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, HasSubstr("install the package gnuplot-nox"));
}

TEST_F(PlotCommand, TellsWhenGnuplotFails)
{
    std::filesystem::create_directories(m_folder / "bin");
    std::ofstream(m_folder / "bin/gnuplot") << "#!/bin/sh\necho out of ink >&2\nexit 1\n";
    std::filesystem::permissions(m_folder / "bin/gnuplot", std::filesystem::perms::owner_all);
    const Result run = Plot("results grid", "PATH=\"$PWD/bin:$PATH\"");
    EXPECT_EQ(run.status, 3);
    EXPECT_THAT(run.err, HasSubstr("out of ink"));
}

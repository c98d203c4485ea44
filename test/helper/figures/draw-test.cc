// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Figures as files, from results to what gnuplot makes of them.
 */
#include "helper/figures/plot.h"
#include "helper/store/writer.h"
#include "test/helper/figures/sample.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace nattlab::figures
{

namespace
{

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string
ReadFile(const std::filesystem::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/** A folder with results, gone afterwards, and the search path for programs as it was. */
class Drawing : public ::testing::Test
{
  protected:
    Drawing()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-figures-" + std::to_string(::getpid()))),
          m_path(std::getenv("PATH") ? std::getenv("PATH") : "")
    {
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }

    ~Drawing() override
    {
        ::setenv("PATH", m_path.c_str(), 1);
        std::filesystem::remove_all(m_folder);
    }

    /** \return the directory of results with those values of an axis, and ends for all of them. */
    std::string Results(const std::vector<std::string>& values,
                        const std::string& title = "A sweep for figures") const
    {
        const std::string directory = (m_folder / "results").string();
        store::SweepIdentity identity = Identity({"nat", "loss"});
        identity.title = title;
        identity.points = values.size() * 4;
        store::Writer writer(directory, identity, {}, store::Writer::Mode::Create);
        store::PointId id = 0;
        for (const std::string& value : values)
        {
            for (const std::int64_t loss : {0, 10})
            {
                for (std::uint64_t replicate = 1; replicate <= 2; ++replicate)
                {
                    store::PointRow point = Point(
                        {value, loss},
                        {Connected(0.2 * static_cast<double>(replicate)), Failed("r " + value)},
                        replicate);
                    point.id = ++id;
                    writer.Add(point);
                }
            }
        }
        writer.Finish(1, true);
        return directory;
    }

    PlotOptions Options(const std::string& directory = "figures") const
    {
        PlotOptions options;
        options.kinds = {Kind::Grid, Kind::Reasons, Kind::Time};
        options.directory = (m_folder / directory).string();
        options.command = "nattlab plot results";
        options.version = "0.1.0";
        return options;
    }

    /** Put a program in the place of gnuplot. \param text empty: none is there */
    void ReplaceGnuplot(const std::string& text) const
    {
        const auto programs = m_folder / "programs";
        std::filesystem::create_directories(programs);
        if (!text.empty())
        {
            std::ofstream(programs / "gnuplot") << "#!/bin/sh\n" << text;
            std::filesystem::permissions(programs / "gnuplot", std::filesystem::perms::owner_all);
        }
        ::setenv("PATH", programs.c_str(), 1);
    }

    std::filesystem::path m_folder;
    std::string m_path;
};

} // namespace

TEST_F(Drawing, MakesFigureScriptAndTableOfEachKind)
{
    const store::Reader reader(Results({"none", "symmetric"}));
    const PlotResult result = Plot(reader, Options());
    const auto folder = m_folder / "figures";
    EXPECT_THAT(result.files,
                ElementsAre((folder / "grid.svg").string(),
                            (folder / "reasons.svg").string(),
                            (folder / "time.svg").string()));
    EXPECT_EQ(result.warnings, "");
    for (const std::string name : {"grid", "reasons", "time"})
    {
        EXPECT_THAT(ReadFile(folder / (name + ".svg")),
                    AllOf(HasSubstr("</svg>"),
                          HasSubstr("A sweep for figures"),
                          HasSubstr("$ nattlab plot results"),
                          HasSubstr("nattlab 0.1.0; sweep"),
                          HasSubstr("0123456789ab; 8 points, 16 connections")));
        EXPECT_THAT(ReadFile(folder / (name + ".gp")), HasSubstr(name + ".tsv"));
        EXPECT_NE(ReadFile(folder / (name + ".tsv")), "");
    }
    EXPECT_THAT(ReadFile(folder / "grid.svg"), AllOf(HasSubstr(">50</text>"), HasSubstr("loss")));
    EXPECT_THAT(ReadFile(folder / "reasons.svg"), HasSubstr("r symmetric (ike-main)"));
}

TEST_F(Drawing, MakesTheSameBytesAgain)
{
    const store::Reader reader(Results({"none", "symmetric"}));
    for (const std::string directory : {"first", "second"})
    {
        PlotOptions options = Options(directory);
        options.formats = {Format::Svg, Format::Png};
        EXPECT_EQ(Plot(reader, options).files.size(), 6U);
    }
    for (const std::string name : {"grid", "reasons", "time"})
    {
        for (const std::string ending : {".svg", ".png", ".gp", ".tsv"})
        {
            const std::string first = ReadFile(m_folder / "first" / (name + ending));
            EXPECT_NE(first, "");
            EXPECT_TRUE(first == ReadFile(m_folder / "second" / (name + ending))) << name << ending;
        }
    }
    EXPECT_THAT(ReadFile(m_folder / "first" / "grid.png"), HasSubstr("PNG"));
}

TEST_F(Drawing, ShowsTextsThatLookLikeCommandsAsTexts)
{
    const std::string witness = (m_folder / "witness").string();
    const std::vector<std::string> texts{
        "'; system(\"touch " + witness + "\") #",
        "\"; system(\"touch " + witness + "\") #",
        "`touch " + witness + "`",
        "@ARG0 $0 \\",
        "%s%n {/Bold x}",
    };
    const store::Reader reader(Results(texts, texts[0] + texts[2] + "\n!touch " + witness));
    PlotOptions options = Options();
    options.command += " `touch " + witness + "` \\";
    options.by = "nat";
    options.x = "nat";
    options.width = 2000;
    Plot(reader, options);
    EXPECT_FALSE(std::filesystem::exists(witness));
    const std::string svg = ReadFile(m_folder / "figures" / "reasons.svg");
    EXPECT_THAT(svg,
                AllOf(HasSubstr("; system("),
                      HasSubstr("`touch "),
                      HasSubstr("@ARG0 $0 \\"),
                      HasSubstr("%s%n {/Bold x}")));
}

TEST_F(Drawing, MakesTheFigureAgainFromItsScript)
{
    const store::Reader reader(Results({"none", "symmetric"}));
    PlotOptions options = Options();
    options.kinds = {Kind::Time};
    options.stem = "it's";
    const std::string file = Plot(reader, options).files.at(0);
    const std::string made = ReadFile(file);
    std::filesystem::remove(file);
    const std::string command = "cd '" + options.directory + "' && gnuplot \"it's.gp\"";
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_TRUE(ReadFile(file) == made);
}

TEST_F(Drawing, TakesOnlyWhatIsWanted)
{
    const store::Reader reader(Results({"none", "symmetric"}));
    PlotOptions options = Options();
    const std::vector<std::string>& axes = reader.Identity().axes;
    options.filter =
        store::Filter({"axis.nat=none"}, axes); // connections have a column "nat" of their own
    options.y = "nat";
    options.kinds = {Kind::Grid};
    Plot(reader, options);
    EXPECT_THAT(ReadFile(m_folder / "figures" / "grid.tsv"),
                AllOf(HasSubstr("none"), Not(HasSubstr("symmetric"))));
    EXPECT_THAT(ReadFile(m_folder / "figures" / "grid.svg"),
                HasSubstr("4 of 8 points, 8 connections"));
    options.filter = store::Filter({"axis.nat=other"}, axes);
    EXPECT_THROW(Plot(reader, options), BadRequest);
}

TEST_F(Drawing, SaysWhatToInstallWhereGnuplotIsMissing)
{
    const store::Reader reader(Results({"none"}));
    ReplaceGnuplot("");
    try
    {
        Plot(reader, Options());
        FAIL();
    }
    catch (const GnuplotMissing& problem)
    {
        EXPECT_THAT(problem.what(), HasSubstr("gnuplot-nox"));
    }
}

TEST_F(Drawing, TellsWhatGnuplotSaysWhenItFails)
{
    const store::Reader reader(Results({"none"}));
    ReplaceGnuplot("echo half > grid.svg\necho no such terminal >&2\nexit 1\n");
    try
    {
        Plot(reader, Options());
        FAIL();
    }
    catch (const std::runtime_error& problem)
    {
        EXPECT_THAT(problem.what(), AllOf(HasSubstr("grid.gp"), HasSubstr("no such terminal")));
    }
    EXPECT_FALSE(std::filesystem::exists(m_folder / "figures" / "grid.svg"));
}

TEST_F(Drawing, RefusesAnAxisThatIsTaken)
{
    const store::Reader reader(Results({"none", "symmetric"}));
    PlotOptions options = Options();
    options.x = "nat";
    options.y = "nat";
    EXPECT_THROW(Plot(reader, options), BadRequest);
}

} // namespace nattlab::figures

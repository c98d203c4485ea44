// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/write-file.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using ::testing::HasSubstr;

namespace
{

constexpr const char* OLD = "what was there";
constexpr uid_t NOBODY = 65534;

class WriteFile : public ::testing::Test
{
  protected:
    WriteFile()
        : m_folder(fs::path(testing::TempDir()) / ("nattlab-write-" + std::to_string(::getpid())))
    {
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }

    ~WriteFile() override
    {
        fs::permissions(m_folder, fs::perms::owner_all);
        fs::remove_all(m_folder);
    }

    std::string Path(const std::string& name) const
    {
        return (m_folder / name).string();
    }

    /** Make the file of old bytes. */
    void MakeOld(fs::perms mode) const
    {
        std::ofstream(Path("file")) << OLD;
        fs::permissions(Path("file"), mode);
    }

    std::string Read(const std::string& name) const
    {
        std::ostringstream text;
        text << std::ifstream(m_folder / name, std::ios::binary).rdbuf();
        return text.str();
    }

    std::ptrdiff_t Entries() const
    {
        const fs::directory_iterator entries(m_folder);
        return std::distance(begin(entries), end(entries));
    }

    /** \return what WriteFile says against it. */
    std::string Refusal(const std::string& name, const std::string& text) const
    {
        try
        {
            nattlab::WriteFile(Path(name), text);
        }
        catch (const std::runtime_error& error)
        {
            return error.what();
        }
        return {};
    }

    fs::path m_folder;
};

/** Permissions do not hold for root: while this lives, root is somebody else. */
class Unprivileged
{
  public:
    Unprivileged()
    {
        if (m_user == 0)
        {
            EXPECT_EQ(::seteuid(NOBODY), 0);
        }
    }

    ~Unprivileged()
    {
        EXPECT_EQ(::seteuid(m_user), 0);
    }

    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

  private:
    uid_t m_user{::geteuid()};
};

/** While this lives no file grows beyond some bytes, as on a disk that is full. */
class SmallFiles
{
  public:
    explicit SmallFiles(rlim_t bytes)
        : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &m_limit), 0);
        rlimit small = m_limit;
        small.rlim_cur = bytes;
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    }

    ~SmallFiles()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_limit);
        std::signal(SIGXFSZ, m_handler);
    }

    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

  private:
    void (*m_handler)(int);
    rlimit m_limit{};
};

} // namespace

TEST_F(WriteFile, WritesANewFileAndLeavesNothingElse)
{
    nattlab::WriteFile(Path("file"), "text");
    EXPECT_EQ(Read("file"), "text");
    nattlab::WriteFile(Path("file"), "");
    EXPECT_EQ(Read("file"), "");
    EXPECT_EQ(Entries(), 1);
}

TEST_F(WriteFile, KeepsTheModeOfAFileThatItReplaces)
{
    MakeOld(fs::perms{0751});
    nattlab::WriteFile(Path("file"), "text");
    EXPECT_EQ(Read("file"), "text");
    EXPECT_EQ(fs::status(Path("file")).permissions(), fs::perms{0751});
}

TEST_F(WriteFile, KeepsTheOldBytesWhenTheNewOnesDoNotFit)
{
    MakeOld(fs::perms{0644});
    std::string refusal;
    {
        const SmallFiles small(100);
        refusal = Refusal("file", std::string(101, 'x'));
    }
    EXPECT_THAT(refusal, HasSubstr(Path("file") + ": cannot be written: "));
    EXPECT_EQ(Read("file"), OLD);
    EXPECT_EQ(Entries(), 1);
}

TEST_F(WriteFile, MakesNoFileOfAPartOfTheText)
{
    std::string refusal;
    {
        const SmallFiles small(100);
        refusal = Refusal("file", std::string(101, 'x'));
    }
    EXPECT_THAT(refusal, HasSubstr(": cannot be written: "));
    EXPECT_EQ(Entries(), 0);
    EXPECT_THAT(Refusal("nowhere/file", "text"), HasSubstr("nowhere/file: cannot be written: "));
    EXPECT_THAT(Refusal(".", "text"), HasSubstr(": cannot be written: "));
}

TEST_F(WriteFile, DoesNotReplaceAFileThatIsProtected)
{
    MakeOld(fs::perms{0444});
    fs::permissions(m_folder, fs::perms::all);
    std::string refusal;
    {
        const Unprivileged user;
        refusal = Refusal("file", "text");
    }
    EXPECT_THAT(refusal, HasSubstr(": cannot be written: "));
    EXPECT_EQ(Read("file"), OLD);
    EXPECT_EQ(Entries(), 1);
}

TEST_F(WriteFile, WritesInPlaceWhereTheFolderIsProtectedAndTheFileIsNot)
{
    MakeOld(fs::perms{0666});
    fs::permissions(m_folder, fs::perms{0555});
    {
        const Unprivileged user;
        nattlab::WriteFile(Path("file"), "text");
    }
    EXPECT_EQ(Read("file"), "text");
}

TEST_F(WriteFile, LeavesLinksAsTheyAre)
{
    MakeOld(fs::perms{0644});
    fs::create_symlink("file", Path("link"));
    nattlab::WriteFile(Path("link"), "text");
    EXPECT_TRUE(fs::is_symlink(Path("link")));
    EXPECT_EQ(Read("file"), "text");
    fs::create_symlink("made", Path("ahead")); // leads nowhere yet
    nattlab::WriteFile(Path("ahead"), "more");
    EXPECT_TRUE(fs::is_symlink(Path("ahead")));
    EXPECT_EQ(Read("made"), "more");
    EXPECT_EQ(Entries(), 4);
}

TEST_F(WriteFile, WritesToDevicesAndSaysWhenTheyTakeNothing)
{
    nattlab::WriteFile("/dev/null", "text");
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_THROW(nattlab::WriteFile("/dev/full", "text"), std::runtime_error);
    ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
    std::fstream reader(Path("pipe"), std::ios::in | std::ios::out); // opens without a writer
    nattlab::WriteFile(Path("pipe"), "text\n");
    std::string line;
    std::getline(reader, line);
    EXPECT_EQ(line, "text");
}

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Files that are no results, or no longer.
 */
#include "helper/store/database.h"
#include "test/helper/store/sample.h"

#include <fstream>
#include <random>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace nattlab::store
{

namespace
{

class Damage : public StoreTest
{
  protected:
    std::string Database() const
    {
        return Path("results.sqlite");
    }

    void Write(const std::string& bytes) const
    {
        std::filesystem::remove(Database() + "-wal");
        std::filesystem::remove(Database() + "-shm");
        std::ofstream(Database(), std::ios::binary) << bytes;
    }

    std::string Read() const
    {
        std::ostringstream bytes;
        bytes << std::ifstream(Database(), std::ios::binary).rdbuf();
        return bytes.str();
    }

    std::string ReaderSays() const
    {
        return MessageOf<StoreError>([this] { const Reader reader(m_folder.string()); });
    }

    std::string WriterSays(Writer::Mode mode = Writer::Mode::Resume) const
    {
        return MessageOf<StoreError>(
            [this, mode] {
                const Writer writer(m_folder.string(), SampleIdentity(), SampleInvocation(), mode);
            });
    }

    /** Read everything and write something; \return whether all went well. */
    bool Use() const
    {
        try
        {
            AllExports(m_folder.string());
            const Reader reader(m_folder.string());
            reader.CountOutcomes(Filter());
            reader.CountStatus(Filter());
            reader.Invocations();
            Writer writer(
                m_folder.string(), SampleIdentity(), SampleInvocation(), Writer::Mode::Resume);
            writer.Add(SamplePoint(10));
            writer.Finish(1, true);
            return true;
        }
        catch (const StoreError& error)
        {
            EXPECT_THAT(error.what(), StartsWith(Database() + ": "));
            return false;
        }
    }
};

} // namespace

TEST_F(Damage, AFileThatIsNoDatabaseIsRefusedAndKept)
{
    const std::string text(5000, 'x');
    Write(text);
    EXPECT_EQ(ReaderSays(), Database() + ": is no database of results");
    EXPECT_EQ(WriterSays(), Database() + ": is no database of results");
    EXPECT_EQ(WriterSays(Writer::Mode::Create), Database() + ": is no database of results");
    EXPECT_EQ(Read(), text);
}

TEST_F(Damage, ADatabaseOfAnotherProgramIsRefusedAndKept)
{
    {
        SQLite::Database other(Database(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE points (id)");
    }
    const std::string bytes = Read();
    EXPECT_THAT(ReaderSays(),
                EndsWith("is a database of another program: expected application_id 1315009612, "
                         "found 0"));
    EXPECT_THAT(WriterSays(), HasSubstr("another program"));
    EXPECT_THAT(WriterSays(Writer::Mode::Create), HasSubstr("another program"));
    EXPECT_EQ(Read(), bytes);
}

TEST_F(Damage, TablesOfAnotherLayoutAreRefused)
{
    WriteSample(m_folder.string(), SampleIdentity(), {1});
    SQLite::Database(Database(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 9");
    EXPECT_THAT(ReaderSays(), EndsWith("expected layout 1 of tables, found 9"));
    EXPECT_THAT(WriterSays(), EndsWith("expected layout 1 of tables, found 9"));
}

TEST_F(Damage, NoResultsAreAnErrorToReaders)
{
    EXPECT_EQ(ReaderSays(), Database() + ": no results are there");
    EXPECT_THAT(MessageOf<Refusal>([this] { const Reader reader(Path("nowhere")); }),
                EndsWith("nowhere/results.sqlite: no results are there"));
    std::ofstream(Path("file")) << "text";
    EXPECT_THAT(MessageOf<Refusal>([this] { const Reader reader(Path("file")); }),
                EndsWith("no results are there"));
    std::filesystem::create_directory(Database());
    EXPECT_THAT(ReaderSays(), StartsWith(Database() + ": cannot be read: "));
    EXPECT_THAT(WriterSays(), StartsWith(Database() + ": cannot be opened for writing: "));
}

TEST_F(Damage, ATruncatedFileIsAnErrorAndNoCrash)
{
    WriteSample(m_folder.string(), SampleIdentity(), Ids(9));
    const std::string whole = Read();
    ASSERT_GT(whole.size(), 20000u);
    for (const std::size_t length : {1u, 16u, 99u, 100u, 1000u, 4096u, 5000u, 8192u, 20000u})
    {
        Write(whole.substr(0, length));
        EXPECT_FALSE(Use()) << length;
    }
    Write(whole);
    EXPECT_TRUE(Use());
}

TEST_F(Damage, FlippedBitsAreNoCrash)
{
    WriteSample(m_folder.string(), SampleIdentity(), Ids(9));
    const std::string whole = Read();
    std::mt19937 random(1);
    int damaged = 0;
    for (int i = 0; i < 60; ++i)
    {
        std::string bytes = whole;
        for (int flips = 0; flips < 40; ++flips)
        {
            bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
        }
        Write(bytes);
        damaged += Use() ? 0 : 1;
    }
    EXPECT_GT(damaged, 0);
}

TEST_F(Damage, APointThatTheSweepHasNotIsSeen)
{
    WriteSample(m_folder.string(), SampleIdentity(), {1});
    SQLite::Database(Database(), SQLite::OPEN_READWRITE).exec("UPDATE points SET id = 99");
    EXPECT_THAT(WriterSays(), EndsWith("is damaged: expected points from 1 to 10, found 99"));
}

TEST_F(Damage, ResultsInAFolderWithoutWritePermissionCanBeRead)
{
    WriteSample(Path("a b?%c"), SampleIdentity(), Ids(10));
    const std::string expected = AllExports(Path("a b?%c"));
    std::filesystem::remove(Path("a b?%c/results.sqlite-shm"));
    std::filesystem::remove(Path("a b?%c/results.sqlite-wal"));
    ::chmod(Path("a b?%c/results.sqlite").c_str(), 0444);
    ::chmod(Path("a b?%c").c_str(), 0555);
    const pid_t child = ::fork();
    if (child == 0)
    {
        if (::getuid() == 0 && ::setuid(65534) != 0) // to root, permissions mean nothing
        {
            ::_exit(2);
        }
        std::string message;
        const bool same = AllExports(Path("a b?%c")) == expected;
        const std::string refusal = MessageOf<StoreError>(
            [this]
            {
                const Writer writer(
                    Path("a b?%c"), SampleIdentity(), SampleInvocation(), Writer::Mode::Resume);
            });
        ::_exit(same && refusal.find("cannot be written") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    ::chmod(Path("a b?%c").c_str(), 0755);
}

} // namespace nattlab::store

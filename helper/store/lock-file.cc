// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/lock-file.h"

#include "helper/store/store-error.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nattlab::store
{

namespace
{

using FileId = std::pair<dev_t, ino_t>;

/**
 * The lock files that processes up to this one have open. A record lock does not keep out its own
 * process, and closing any descriptor of its file ends it (fcntl(2)).
 */
std::map<FileId, pid_t>&
HeldFiles()
{
    static std::map<FileId, pid_t> held;
    return held;
}

bool
IsHeldByThisProcess(const FileId& id)
{
    const auto holder = HeldFiles().find(id);
    return holder != HeldFiles().end() && holder->second == ::getpid();
}

std::string
ThisProcess()
{
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return "process " + std::to_string(::getpid()) + " on " + host.data();
}

std::string
ReadHolder(int file)
{
    std::array<char, 512> text{};
    const ssize_t length = ::pread(file, text.data(), text.size(), 0);
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length))
                      : "another process";
}

} // namespace

LockFile::LockFile(const std::string& path)
{
    struct stat status
    {
    };

    if (::stat(path.c_str(), &status) == 0 && IsHeldByThisProcess({status.st_dev, status.st_ino}))
    {
        throw Refusal(path + ": results are being written by this process");
    }
    m_file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (m_file < 0)
    {
        throw StoreError(path + ": cannot be written: " + std::strerror(errno));
    }

    struct flock lock
    {
    };

    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (::fcntl(m_file, F_SETLK, &lock) != 0)
    {
        const int error = errno;
        const std::string holder = ReadHolder(m_file);
        ::close(m_file);
        if (error == EACCES || error == EAGAIN)
        {
            throw Refusal(path + ": results are being written by " + holder);
        }
        throw StoreError(path + ": cannot be locked: " + std::strerror(error));
    }
    const std::string holder = ThisProcess();
    // The text is a courtesy; without it the lock is as good.
    if (::ftruncate(m_file, 0) == 0)
    {
        [[maybe_unused]] const ssize_t written = ::pwrite(m_file, holder.data(), holder.size(), 0);
    }
    ::fstat(m_file, &status);
    HeldFiles()[{status.st_dev, status.st_ino}] = ::getpid();
}

LockFile::~LockFile()
{
    struct stat status
    {
    };

    ::fstat(m_file, &status);
    HeldFiles().erase({status.st_dev, status.st_ino});
    ::close(m_file);
}

} // namespace nattlab::store

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/write-file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace nattlab
{

namespace
{

using FileStatus = struct stat; // which the function of that name hides

constexpr mode_t NEW_FILE = 0666; //!< the umask takes from it
constexpr mode_t PERMISSIONS = 07777;

/** Write all of a text to an open file, and close that. \return 0, or the errno */
int
WriteAndClose(int file, std::string_view text, bool sync)
{
    int error = 0;
    while (error == 0 && !text.empty())
    {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count >= 0)
        {
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        else if (errno != EINTR)
        {
            error = errno;
        }
    }
    if (error == 0 && sync && ::fsync(file) != 0)
    {
        error = errno;
    }
    if (::close(file) != 0 && error == 0)
    {
        error = errno;
    }
    return error;
}

/** Write a text over what is there. \return 0, or the errno */
int
WriteInPlace(const std::string& path, const std::string& text)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, NEW_FILE);
    return file < 0 ? errno : WriteAndClose(file, text, false);
}

/** \return whether standard output or standard error goes to this file, as in /dev/stdout. */
bool
IsStandardStream(const FileStatus& file)
{
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    {
        FileStatus other{};
        if (::fstat(stream, &other) == 0 && other.st_dev == file.st_dev &&
            other.st_ino == file.st_ino)
        {
            return true;
        }
    }
    return false;
}

/**
 * \return whether a file can perhaps be written where it is, though none can be put in its place:
 * its folder does not allow it, or the file itself is mounted.
 */
bool
IsOfTheFolder(int error)
{
    return error == EACCES || error == EPERM || error == EROFS || error == EBUSY ||
           error == ENAMETOOLONG;
}

/** Put a new file in the place of \p old, or of nothing. \return 0, or the errno */
int
Replace(const std::string& path, const FileStatus* old, const std::string& text)
{
    const std::string made = path + ".tmp" + std::to_string(::getpid());
    ::unlink(made.c_str()); // of an earlier process of this number that was killed
    const int file = ::open(made.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                            old ? old->st_mode & PERMISSIONS : NEW_FILE);
    if (file < 0)
    {
        return errno;
    }
    int error = 0;
    if (old)
    {
        // Only root can give a file to its old owner; for others the new one is their own.
        const bool given = ::fchown(file, old->st_uid, old->st_gid) == 0;
        const mode_t mode = old->st_mode & (given ? PERMISSIONS : mode_t{0777});
        error = ::fchmod(file, mode) == 0 ? 0 : errno;
    }
    const int written = WriteAndClose(file, text, old != nullptr);
    error = error == 0 ? written : error;
    if (error == 0 && ::rename(made.c_str(), path.c_str()) != 0)
    {
        error = errno;
    }
    if (error != 0)
    {
        ::unlink(made.c_str());
    }
    return error;
}

/** Write a regular file that is there. \return 0, or the errno */
int
WriteOver(const std::string& path, const FileStatus& old, const std::string& text)
{
    const int writable = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (writable < 0) // a new file must not take the place of one that is protected
    {
        return errno;
    }
    ::close(writable);
    std::error_code unresolved;
    const std::string target = std::filesystem::canonical(path, unresolved).string();
    const int error = unresolved ? EACCES : Replace(target, &old, text);
    return IsOfTheFolder(error) ? WriteInPlace(path, text) : error;
}

int
Write(const std::string& path, const std::string& text)
{
    FileStatus there{};
    if (::stat(path.c_str(), &there) == 0)
    {
        return S_ISREG(there.st_mode) && !IsStandardStream(there) ? WriteOver(path, there, text)
                                                                  : WriteInPlace(path, text);
    }
    const bool link = ::lstat(path.c_str(), &there) == 0; // one that leads nowhere yet
    const int error = link ? EACCES : Replace(path, nullptr, text);
    return IsOfTheFolder(error) ? WriteInPlace(path, text) : error;
}

} // namespace

void
WriteFile(const std::string& path, const std::string& text)
{
    if (const int error = Write(path, text))
    {
        throw std::runtime_error(path + ": cannot be written: " + std::strerror(error));
    }
}

} // namespace nattlab

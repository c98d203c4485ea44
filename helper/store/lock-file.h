// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_LOCK_FILE_H
#define NATTLAB_STORE_LOCK_FILE_H

#include <string>
#include <sys/types.h>

namespace nattlab::store
{

/**
 * Keeps a directory for one process. The lock belongs to the process that made it and ends with it:
 * processes that it forked do not hold it (POSIX record lock).
 */
class LockFile
{
  public:
    /**
     * \param path of the lock file; it is made, and stays, with the name of the last holder in it
     * \throws Refusal when it is held, with the name of the holder
     * \throws StoreError when it cannot be made
     */
    explicit LockFile(const std::string& path);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

  private:
    int m_file{-1};
};

} // namespace nattlab::store

#endif

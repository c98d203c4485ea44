// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_WRITER_H
#define NATTLAB_STORE_WRITER_H

#include "helper/store/rows.h"
#include "helper/store/store-error.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nattlab::store
{

/**
 * Writes results.sqlite in a directory, one process at a time.
 *
 * Points are committed in batches. Whatever kills the process, the database keeps the committed
 * batches, and a Writer that resumes knows what is missing.
 *
 * A process that is forked while a Writer is there must not use it; neither its destruction there
 * nor the life of that process has an effect on the file and on the lock.
 */
class Writer
{
  public:
    enum class Mode : std::uint8_t
    {
        Create, //!< refuse when results are there
        Resume, //!< go on with results of the same identity; make them when there are none
    };

    /** Called before each batch is kept; when it throws, the batch is not. */
    using Guard = std::function<void()>;

    /** Points after which Add commits. */
    static constexpr std::size_t BATCH = 256;

    /**
     * \param directory is made when it is not there
     * \param identity of what is about to run
     * \param invocation gets a row of its own; `points`, `seconds` and `finished` are not read
     * \param mode what to do about results that are there
     * \param guard may be empty
     * \throws Refusal when results are there that must not be touched, with the first difference
     * from \p identity; or when another process writes there
     * \throws StoreError when the files cannot be read or written
     */
    Writer(const std::string& directory,
           const SweepIdentity& identity,
           const Invocation& invocation,
           Mode mode,
           Guard guard = {});

    /** Commits what was added. */
    ~Writer();

    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /** \return for each id whether the point is there, committed or not; [0] stands for none. */
    const std::vector<bool>& Done() const;

    /** \return how many points are there, committed or not. */
    std::uint64_t DoneCount() const;

    /** \return how many of those have that status. */
    std::uint64_t Count(PointStatus status) const;

    /**
     * \param point is no point that is Done, and its id is one of the sweep's
     * \throws StoreError, or what the guard throws, when it cannot be kept: what was committed
     * before stays, the rest of the batch is lost, and all that is left to do is to destroy the
     * Writer
     */
    void Add(const PointRow& point);

    /** Make all points that were added safe against the death of the process. */
    void Commit();

    /**
     * Commit, and complete the row of this invocation. No Add may follow.
     * \param seconds of calendar time that it took
     * \param finished all points of the identity's shard are there
     */
    void Finish(double seconds, bool finished);

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nattlab::store

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_READER_H
#define NATTLAB_STORE_READER_H

#include "helper/store/filter.h"
#include "helper/store/rows.h"
#include "helper/store/store-error.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::store
{

/** How many points ended in which way. */
struct StatusCount
{
    PointStatus status{PointStatus::Done};
    std::uint64_t points{0};
};

/** How many connections ended in which way. */
struct OutcomeCount
{
    std::string verdict;
    std::string stage;
    std::string reason;
    std::string box;
    std::uint64_t connections{0};
    PointId example{0}; //!< the first point with one of them
};

/** How many traffic sources ended in which way. */
struct TrafficCount
{
    bool arrived{false}; //!< all that was sent
    std::string reason;  //!< why it did not; empty, as the next: it did, or is not known
    std::string box;
    std::uint64_t sources{0};
    PointId example{0}; //!< the first point with one of them
};

/** What a share is of. */
enum class Subject : std::uint8_t
{
    Connections, //!< those that come up
    Traffic,     //!< traffic sources of which all arrives
};

/** How many succeed of those with one value of an axis, or of two. */
struct AxisShare
{
    AxisValue row;
    AxisValue column; //!< not used without a second axis
    std::uint64_t all{0};
    std::uint64_t good{0};
    PointId example{0}; //!< the first point with one of them
};

/**
 * Reads the results in a directory, also while a Writer writes there. All functions throw
 * StoreError when the file turns out to be damaged.
 */
class Reader
{
  public:
    /** \throws Refusal when there are no results, or none that this version can read */
    explicit Reader(const std::string& directory);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    const SweepIdentity& Identity() const;

    /** \return in the order in which they began. */
    std::vector<Invocation> Invocations() const;

    /** \return how many points are there. */
    std::uint64_t PointCount() const;

    std::optional<PointRow> Find(PointId id) const;

    /**
     * Hand over points one by one, in the order of their ids. All come from one moment, whatever is
     * written meanwhile.
     * \param filter a point comes when one of its connections is wanted, and with only those
     * connections; or, being without connections, when it is wanted by itself. Traffic comes whole.
     * \param use is called for each
     */
    void ForEach(const Filter& filter, const std::function<void(const PointRow&)>& use) const;

    /** \return without those that are 0, in the order of PointStatus. */
    std::vector<StatusCount> CountStatus(const Filter& filter) const;

    /** \return most frequent first, then by verdict, stage, reason, box. */
    std::vector<OutcomeCount> CountOutcomes(const Filter& filter) const;

    /** \return of the points that are wanted; most frequent first, then by reason and box. */
    std::vector<TrafficCount> CountTraffic(const Filter& filter) const;

    /**
     * \param what is counted; of traffic, that of the points that are wanted
     * \param row number of an axis, from 0
     * \param column number of another one
     * \return in the order of their first points
     */
    std::vector<AxisShare> CountShares(Subject what,
                                       const Filter& filter,
                                       std::size_t row,
                                       std::optional<std::size_t> column) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace nattlab::store

#endif

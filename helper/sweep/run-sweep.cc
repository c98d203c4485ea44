// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/run-sweep.h"

#include "helper/simulation/nattlab-version.h"
#include "helper/store/writer.h"
#include "helper/sweep/data-hash.h"
#include "helper/sweep/row-codec.h"
#include "helper/sweep/run-point.h"
#include "helper/sweep/shard.h"
#include "helper/workers/worker-pool.h"

#include "model/crypto/diffie-hellman.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <deque>
#include <unistd.h>

namespace nattlab::sweep
{

namespace
{

using Clock = std::chrono::steady_clock;

constexpr std::size_t MOST_POINTS = 64;       //!< of an order
constexpr double ORDER_SECONDS = 0.2;         //!< that an order shall take
constexpr std::size_t FIRST_POINTS = 2;       //!< of an order, as long as nothing is known
constexpr int MOST_TRIES = 3;                 //!< of a point whose worker is killed
constexpr store::PointId WORTH_TABLES = 5000; //!< points: a worker makes a table when it needs one
constexpr std::chrono::seconds COMMIT_EACH{1};

constexpr const char* DATA_CHANGED =
    "schema or presets were changed while the sweep ran: what was found since the last commit is "
    "dropped; put them back and go on with --resume, or begin anew in another folder";

/** An order is a list of points. */
std::string
ToOrder(const std::vector<store::PointId>& points)
{
    return std::string(reinterpret_cast<const char*>(points.data()),
                       points.size() * sizeof(store::PointId));
}

std::vector<store::PointId>
FromOrder(const std::string& order)
{
    std::vector<store::PointId> points(order.size() / sizeof(store::PointId));
    std::memcpy(points.data(), order.data(), points.size() * sizeof(store::PointId));
    return points;
}

/** Hands out points, and stores what came of them. */
class Dispatcher : public workers::Foreman
{
  public:
    Dispatcher(const Plan& plan,
               std::vector<store::PointId> points,
               std::size_t workers,
               Progress progress,
               store::Writer& writer,
               const std::function<void(const Progress&)>& listener,
               const std::function<bool()>& stop)
        : m_plan(plan),
          m_points(std::move(points)),
          m_workers(workers),
          m_progress(std::move(progress)),
          m_writer(writer),
          m_listener(listener),
          m_stop(stop)
    {
    }

    std::optional<std::string> NextOrder() override
    {
        if (m_progress.stopped || (m_stop && m_stop()))
        {
            m_progress.stopped = HasMore();
            return std::nullopt;
        }
        if (!m_again.empty())
        {
            const std::string order = ToOrder({m_again.front()});
            m_again.pop_front();
            return order;
        }
        if (m_next == m_points.size())
        {
            return std::nullopt;
        }
        const std::size_t count = Portion();
        const auto begin = m_points.begin() + static_cast<std::ptrdiff_t>(m_next);
        m_next += count;
        return ToOrder({begin, begin + static_cast<std::ptrdiff_t>(count)});
    }

    void OnDone(const std::string&, std::string result) override
    {
        for (store::PointRow& row : Unpack(result))
        {
            Complete(row, m_plan);
            Store(row);
        }
    }

    /** The point to blame is found by giving each alone; a killed worker is not to blame. */
    void OnDied(const std::string& order, const workers::Death& death) override
    {
        const std::vector<store::PointId> points = FromOrder(order);
        if (points.size() > 1)
        {
            m_again.insert(m_again.end(), points.begin(), points.end());
        }
        else if (!death.IsFromOutside())
        {
            store::PointRow row;
            row.id = points.front();
            row.status = store::PointStatus::Fault;
            row.problem = "the process that ran it died: " + death.ToString();
            Complete(row, m_plan);
            Store(row);
        }
        else if (++m_tries[points.front()] < MOST_TRIES)
        {
            m_again.push_back(points.front());
        }
        else
        {
            m_progress.abandoned.push_back(points.front());
        }
    }

    void OnTick() override
    {
        const Clock::time_point now = Clock::now();
        m_progress.seconds = std::chrono::duration<double>(now - m_start).count();
        if (now - m_committed >= COMMIT_EACH)
        {
            m_writer.Commit();
            m_committed = now;
        }
        if (m_listener)
        {
            m_listener(m_progress);
        }
    }

    Progress Finish()
    {
        OnTick();
        const bool finished = m_progress.done == m_progress.points;
        m_writer.Finish(m_progress.seconds, finished);
        return std::move(m_progress);
    }

  private:
    bool HasMore() const
    {
        return !m_again.empty() || m_next < m_points.size();
    }

    /** Large enough that orders cost little, small enough that all workers end together. */
    std::size_t Portion() const
    {
        const std::size_t left = m_points.size() - m_next;
        std::size_t most = FIRST_POINTS;
        if (m_progress.ran > 0 && m_progress.seconds > 0)
        {
            const double each = m_progress.seconds * static_cast<double>(m_workers) /
                                static_cast<double>(m_progress.ran);
            most = static_cast<std::size_t>(
                std::clamp(ORDER_SECONDS / each, 1.0, static_cast<double>(MOST_POINTS)));
        }
        return std::clamp<std::size_t>(left / (4 * m_workers), 1, most);
    }

    void Store(const store::PointRow& row)
    {
        m_writer.Add(row);
        ++m_progress.done;
        ++m_progress.ran;
        m_progress.invalid += row.status == store::PointStatus::Invalid;
        m_progress.faults += row.status == store::PointStatus::Fault;
        for (const store::ConnectionRow& connection : row.connections)
        {
            ++m_progress.verdicts[connection.verdict];
            if (!connection.reason.empty())
            {
                ++m_progress.reasons[connection.reason];
            }
        }
    }

    const Plan& m_plan;
    const std::vector<store::PointId> m_points;
    std::size_t m_workers;
    std::size_t m_next{0};              //!< index of the first point that was never given
    std::deque<store::PointId> m_again; //!< to be given alone
    std::map<store::PointId, int> m_tries;
    Progress m_progress;
    store::Writer& m_writer;
    const std::function<void(const Progress&)>& m_listener;
    const std::function<bool()>& m_stop;
    Clock::time_point m_start{Clock::now()};
    Clock::time_point m_committed{m_start};
};

std::string
HostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/** \return the time of the calendar, as RFC 3339 writes it. */
std::string
CalendarTime()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

/** \return what the results of a plan must share. \param data HashOfData */
store::SweepIdentity
IdentityOf(const Plan& plan, const std::string& data, const SweepOptions& options)
{
    store::SweepIdentity identity;
    identity.version = VERSION;
    identity.schema = data;
    identity.sweep = plan.Hash();
    identity.title = plan.Title();
    identity.document = plan.Document();
    for (const AxisInfo& axis : plan.Axes())
    {
        identity.axes.push_back(axis.name);
    }
    identity.points = plan.Size();
    identity.shard = options.shard;
    identity.shards = options.shards;
    return identity;
}

} // namespace

Progress
RunSweep(const Plan& plan,
         const scenario::LoadOptions& load,
         const SweepOptions& options,
         const std::function<void(const Progress&)>& listener,
         const std::function<bool()>& stop)
{
    // All that can be shared is made before the workers are: they begin with it.
    DataWatch data(load);
    const store::SweepIdentity identity = IdentityOf(plan, data.Hash(), options);
    PointRunner runner(plan, load);
    if (plan.Size() / options.shards >= WORTH_TABLES)
    {
        crypto::WarmUpDh({crypto::DhGroup::Modp1024, crypto::DhGroup::Modp2048});
    }
    const auto work = [&runner](const std::string& order)
    {
        std::vector<store::PointRow> rows;
        for (const store::PointId point : FromOrder(order))
        {
            rows.push_back(runner.Run(point));
        }
        return Pack(rows);
    };
    workers::WorkerPool pool(options.workers, work, 1);

    store::Invocation invocation;
    invocation.started = CalendarTime();
    invocation.host = HostName();
    invocation.command = options.command;
    invocation.workers = options.workers;
    store::Writer writer(options.directory,
                         identity,
                         invocation,
                         options.resume ? store::Writer::Mode::Resume : store::Writer::Mode::Create,
                         [&data]
                         {
                             if (!data.IsSame())
                             {
                                 throw store::Refusal(DATA_CHANGED);
                             }
                         });
    std::vector<store::PointId> points = PointsOfShard(plan.Size(), options.shard, options.shards);
    Progress progress;
    progress.points = points.size();
    points.erase(std::remove_if(points.begin(),
                                points.end(),
                                [&](store::PointId id) { return writer.Done()[id]; }),
                 points.end());
    progress.done = progress.points - points.size();
    progress.invalid = writer.Count(store::PointStatus::Invalid);
    progress.faults = writer.Count(store::PointStatus::Fault);
    if (options.shuffle)
    {
        Shuffle(points, *options.shuffle);
    }
    Dispatcher dispatcher(
        plan, std::move(points), options.workers, std::move(progress), writer, listener, stop);
    pool.Run(dispatcher);
    return dispatcher.Finish();
}

} // namespace nattlab::sweep

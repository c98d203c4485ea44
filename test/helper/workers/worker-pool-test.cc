// SPDX-License-Identifier: GPL-2.0-only
#include "helper/workers/worker-pool.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <map>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace nattlab::workers;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

/** Does what the order says. */
std::string
Obey(const std::string& order)
{
    if (order.rfind("kill", 0) == 0)
    {
        ::raise(SIGKILL);
    }
    if (order == "crash")
    {
        ::signal(SIGSEGV, SIG_DFL);
        ::raise(SIGSEGV);
    }
    if (order == "exit")
    {
        ::_exit(7);
    }
    if (order == "slow")
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    if (order == "pid")
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return std::to_string(::getpid());
    }
    return order == "large" ? std::string(1000000, 'x') : "did " + order;
}

/** Gives a list of orders, and remembers what came of them. */
class List : public Foreman
{
  public:
    explicit List(std::vector<std::string> orders)
        : m_orders(std::move(orders))
    {
    }

    std::optional<std::string> NextOrder() override
    {
        return m_next < m_orders.size() ? std::optional(m_orders[m_next++]) : std::nullopt;
    }

    void OnDone(const std::string& order, std::string result) override
    {
        done.emplace(order, std::move(result));
    }

    void OnDied(const std::string& order, const Death& death) override
    {
        died.emplace(order, death.ToString());
        if (death.IsFromOutside() && died.count(order) < 3)
        {
            m_orders.push_back(order);
        }
    }

    void OnTick() override
    {
        ++ticks;
    }

    std::multimap<std::string, std::string> done;
    std::multimap<std::string, std::string> died;
    std::size_t ticks{0};

  private:
    std::vector<std::string> m_orders;
    std::size_t m_next{0};
};

} // namespace

TEST(WorkerPool, CarriesOutEveryOrderOnce)
{
    for (const std::size_t workers : {1, 2, 20})
    {
        for (const std::size_t ahead : {0, 1, 3})
        {
            List list({"a", "slow", "b", "c", "d", "large", "e"});
            WorkerPool(workers, Obey, ahead).Run(list);
            EXPECT_EQ(list.done.size(), 7u);
            EXPECT_EQ(list.done.find("c")->second, "did c");
            EXPECT_EQ(list.done.find("large")->second.size(), 1000000u);
            EXPECT_TRUE(list.died.empty());
        }
    }
}

TEST(WorkerPool, LosesOnlyTheOrderThatItsWorkerHadBegun)
{
    for (const std::size_t ahead : {0, 2})
    {
        List list({"a", "crash", "b", "exit", "c", "d", "e", "f"});
        WorkerPool(2, Obey, ahead).Run(list);
        EXPECT_EQ(list.done.size(), 6u);
        EXPECT_THAT(list.died,
                    ElementsAre(testing::Pair("crash", HasSubstr("signal 11")),
                                testing::Pair("exit", "exit status 7")));
    }
}

TEST(WorkerPool, LetsTheForemanGiveAnOrderAgain)
{
    List list({"a", "kill", "b"});
    WorkerPool(2, Obey, 1).Run(list);
    EXPECT_EQ(list.done.size(), 2u);
    EXPECT_EQ(list.died.count("kill"), 3u);
    EXPECT_THAT(list.died.find("kill")->second, HasSubstr("signal 9"));
}

TEST(WorkerPool, GivesWorkToAllWorkers)
{
    List list(std::vector<std::string>(12, "pid"));
    WorkerPool pool(3, Obey, 1);
    pool.Run(list);
    std::set<std::string> pids;
    for (const auto& [order, pid] : list.done)
    {
        pids.insert(pid);
    }
    EXPECT_EQ(pids.size(), 3u);
    EXPECT_EQ(pool.Processes().size(), 3u);
}

TEST(WorkerPool, TicksWhileItWaits)
{
    List list({"slow"});
    WorkerPool(1, Obey).Run(list);
    EXPECT_GE(list.ticks, 1u);
}

TEST(WorkerPool, TakesNoNoticeOfAnInterruptOfTheTerminal)
{
    WorkerPool pool(2, Obey);
    for (const pid_t pid : pool.Processes())
    {
        // Both have run once before the signal, so that they stand where they ignore it.
        List first({"a", "slow", "slow"});
        pool.Run(first);
        ::kill(pid, SIGINT);
    }
    List list({"b", "c"});
    pool.Run(list);
    EXPECT_EQ(list.done.size(), 2u);
    EXPECT_TRUE(list.died.empty());
}

TEST(WorkerPool, EndsItsWorkersWhenTheParentIsKilled)
{
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t parent = ::fork();
    if (parent == 0)
    {
        ::close(ends[0]); // its workers hold the writing end as long as they live
        WorkerPool pool(2, Obey);
        List list({"a", "b"});
        pool.Run(list);
        ::raise(SIGKILL);
    }
    ::close(ends[1]);
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "a worker lives on";
    ::close(ends[0]);
    ::waitpid(parent, nullptr, 0);
}

TEST(WorkerPool, LeavesNoProcessBehind)
{
    List list({"a", "exit", "b"});
    WorkerPool(3, Obey).Run(list);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

TEST(WorkerPool, HasNothingToDoWithoutOrders)
{
    List list({});
    WorkerPool(4, Obey).Run(list);
    EXPECT_TRUE(list.done.empty());
}

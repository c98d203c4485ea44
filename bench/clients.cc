// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Many clients behind NATs, ten to each, and one server: time and memory of 100, 1,000, ... clients
 * as a table. All numbers of clients are run in turn, several times, and the shortest run of each
 * counts: what else the machine does then falls on all of them. With --only, one number of clients
 * once in this process: for a profiler.
 *
 * All clients dial within the same minute, so the more there are, the more of them negotiate at one
 * time: as many as dial within the round trips of a negotiation. --delay changes how long these
 * take, and so tells apart what the number of clients costs and what negotiating at one time does.
 *
 * clients [--max N] [--smallest] [--only N] [--delay MILLISECONDS]
 */
#include "bench/bench-scenario.h"

#include "model/crypto/diffie-hellman.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace
{

using namespace nattlab;

constexpr std::size_t PER_NAT = 10;
constexpr double SPREAD = 60;    // seconds over which the clients dial
constexpr std::size_t TIMES = 5; // that each number of clients is run

/** What to simulate. */
struct Work
{
    std::size_t clients;
    bool dial;
    std::optional<double> delay; //!< ms, between the NATs and the internet; none: clients.json's
};

/** \return what this process holds in memory, bytes. */
double
ResidentSize()
{
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

rusage
Usage()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage;
}

/** \return the most that this process has held in memory so far, bytes. */
double
MostResident()
{
    return static_cast<double>(Usage().ru_maxrss) * 1024;
}

/** \return the processor time that the system has used for this process, seconds. */
double
SystemTime()
{
    const timeval time = Usage().ru_stime;
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/** \return "nat-000042": names sort as their numbers do. */
std::string
Numbered(const char* name, std::size_t number)
{
    char text[40];
    std::snprintf(text, sizeof text, "%s-%06zu", name, number);
    return text;
}

/** \return the one of this name, taken out of the list. */
template <typename Item>
Item
Take(std::vector<Item>& list, const std::string& name)
{
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        if (list[i].name == name)
        {
            Item item = std::move(list[i]);
            list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
            return item;
        }
    }
    std::fprintf(stderr, "clients.json has no %s\n", name.c_str());
    std::exit(1);
}

/** \return the scenario with all clients; lists stay in the order of names. */
scenario::Scenario
Multiply(const Work& work)
{
    const std::size_t count = work.clients;
    scenario::Scenario s = bench::LoadBench("clients");
    for (scenario::Link& link : s.links)
    {
        if (work.delay && link.name == "cloud")
        {
            link.delay = std::chrono::duration_cast<Duration>(
                std::chrono::duration<double, std::milli>(*work.delay));
        }
    }
    const scenario::Link lan = Take(s.links, "lan");
    const scenario::Box nat = Take(s.boxes, "nat");
    const scenario::Host client = Take(s.hosts, "client");
    const scenario::Host server = Take(s.hosts, "server");
    const scenario::Connection vpn = Take(s.connections, "vpn");
    s.duration = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(SPREAD + 15));
    s.hosts.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i)
    {
        const std::size_t home = i / PER_NAT;
        if (i % PER_NAT == 0)
        {
            s.links.push_back(lan);
            s.links.back().name = Numbered("lan", home);
            s.boxes.push_back(nat);
            s.boxes.back().name = Numbered("nat", home);
            for (scenario::BoxInterface& interface : s.boxes.back().interfaces)
            {
                if (interface.side == scenario::Side::Inside)
                {
                    interface.at.link = s.links.back().name;
                }
                else
                {
                    interface.at.address.address.value += static_cast<std::uint32_t>(home);
                }
            }
        }
        s.hosts.push_back(client);
        scenario::Host& host = s.hosts.back();
        host.name = Numbered("client", i);
        host.fqdn = host.name + ".example.net";
        host.at.link = Numbered("lan", home);
        host.at.address.address.value += static_cast<std::uint32_t>(i % PER_NAT);
        if (work.dial)
        {
            s.connections.push_back(vpn);
            scenario::Connection& connection = s.connections.back();
            connection.name = Numbered("vpn", i);
            connection.from = host.name;
            // Neighbours behind one NAT do not dial at the same time.
            const double part =
                static_cast<double>((i * 7919) % count) / static_cast<double>(count);
            connection.start = std::chrono::duration_cast<Duration>(
                std::chrono::duration<double>(1 + SPREAD * part));
        }
    }
    s.hosts.push_back(server);
    return s;
}

/** What one child process found out. */
struct Measurement
{
    double seconds{0};
    double system{0}; //!< seconds of them that the system used: most are for new pages of memory
    double connected{0};
    double negotiating{0}; //!< simulated seconds until they were connected, of all together
    double packets{0};
    double scenario{0};   //!< bytes of memory
    double idle{0};       //!< the same: links, nodes, nothing dialled
    double negotiated{0}; //!< the most during the run
};

/** Build, run, judge and destroy: what is measured. A profiler finds it by its name. */
[[gnu::noinline]] void
Simulate(const std::shared_ptr<const scenario::Scenario>& scenario, bool dial, Measurement& m)
{
    const double before = ResidentSize();
    Simulation simulation(scenario, TraceLevel::Verdict);
    m.idle = ResidentSize() - before;
    if (dial)
    {
        const RunResult result = simulation.Run();
        m.negotiated = MostResident() - before;
        m.packets = static_cast<double>(result.packets.made);
        for (const ConnectionVerdict& verdict : result.connections)
        {
            if (verdict.outcome == Outcome::Connected)
            {
                ++m.connected;
                m.negotiating +=
                    std::chrono::duration<double>(*verdict.settled - *verdict.started).count();
            }
        }
    }
}

Measurement
Measure(const Work& work)
{
    Measurement m;
    crypto::WarmUpDh({crypto::DhGroup::Modp1024});
    scenario::Scenario one = bench::LoadBench("clients");
    bench::RunOnce(one, 1); // what is made once for all runs is not counted
    const double before = ResidentSize();
    const auto scenario = std::make_shared<const scenario::Scenario>(Multiply(work));
    m.scenario = ResidentSize() - before;
    const double start = bench::ProcessorTime();
    const double systemBefore = SystemTime();
    Simulate(scenario, work.dial, m);
    m.seconds = bench::ProcessorTime() - start;
    m.system = SystemTime() - systemBefore;
    return m;
}

/** Measure in a process of its own, whose memory nothing else has used. */
Measurement
MeasureApart(const Work& work)
{
    int ends[2];
    Measurement m;
    if (pipe(ends) != 0)
    {
        std::perror("pipe");
        std::exit(1);
    }
    const pid_t child = fork();
    if (child == 0)
    {
        m = Measure(work);
        _exit(write(ends[1], &m, sizeof m) == sizeof m ? 0 : 1);
    }
    close(ends[1]);
    const bool complete = read(ends[0], &m, sizeof m) == sizeof m;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!complete)
    {
        std::fprintf(
            stderr, "%zu clients: the process ended before it had measured\n", work.clients);
        std::exit(1);
    }
    return m;
}

constexpr std::size_t ROWS[] = {100, 1000, 10000, 50000}; // clients

/** What was measured of one number of clients. */
struct Row
{
    std::size_t clients;
    Measurement idle; //!< nobody dials
    Measurement run;  //!< the one that took the least time
};

/** Run all numbers of clients up to \p most, in turn, so many times. */
std::vector<Row>
MeasureInTurn(std::size_t most, std::size_t times, std::optional<double> delay)
{
    std::vector<Row> rows;
    for (std::size_t time = 0; time < times; ++time)
    {
        for (std::size_t i = 0; i < std::size(ROWS) && ROWS[i] <= most; ++i)
        {
            const std::size_t clients = ROWS[i];
            std::fprintf(stderr, "run %zu of %zu: %zu clients\n", time + 1, times, clients);
            const Measurement run = MeasureApart({clients, true, delay});
            if (time == 0)
            {
                rows.push_back({clients, MeasureApart({clients, false, delay}), run});
            }
            else if (run.seconds < rows[i].run.seconds)
            {
                rows[i].run = run;
            }
        }
    }
    return rows;
}

/** What each of so many clients costs. */
struct Cost
{
    double clients{0};
    double time{0};   //!< seconds
    double memory{0}; //!< bytes
};

/** \return by how much a cost grows when ten times as many clients come. */
double
Growth(double cost, double clients)
{
    return clients > 1 ? std::pow(cost, 1 / std::log10(clients)) : 1.0;
}

} // namespace

int
main(int argc, char** argv)
{
    std::size_t most = 50000;
    std::size_t only = 0;
    bool often = true;
    std::optional<double> delay;
    for (int i = 1; i < argc; ++i)
    {
        if (std::strcmp(argv[i], "--smallest") == 0)
        {
            most = 100;
            often = false;
        }
        else if (std::strcmp(argv[i], "--max") == 0 && i + 1 < argc)
        {
            most = static_cast<std::size_t>(std::atol(argv[++i]));
        }
        else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc)
        {
            only = static_cast<std::size_t>(std::atol(argv[++i]));
        }
        else if (std::strcmp(argv[i], "--delay") == 0 && i + 1 < argc)
        {
            delay = std::atof(argv[++i]);
        }
        else
        {
            std::fprintf(
                stderr,
                "usage: clients [--max N] [--smallest] [--only N] [--delay MILLISECONDS]\n");
            return 2;
        }
    }
    if (only > 0)
    {
        const Measurement m = Measure({only, true, delay});
        const double each = m.seconds / static_cast<double>(only) * 1e6;
        std::printf("%.0f of %zu clients connected, %.1f us each\n", m.connected, only, each);
        return m.connected == static_cast<double>(only) ? 0 : 1;
    }
    std::printf(
        "| clients | connected | negotiating at once | packets | s | us per client | of which the "
        "system | time per decade | over all decades | idle: bytes per node | connection: bytes | "
        "memory per decade | scenario: bytes per client |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    Cost first;
    Cost last;
    bool all = true;
    for (const auto& [count, idle, run] : MeasureInTurn(most, often ? TIMES : 1, delay))
    {
        const auto n = static_cast<double>(count);
        const double nodes = n + n / PER_NAT + 2;
        const Cost cost{n, run.seconds / n, (run.negotiated - run.idle) / n};
        first = first.clients > 0 ? first : cost;
        last = last.clients > 0 ? last : cost;
        std::printf("| %zu | %.0f | %.1f | %.0f | %.2f | %.0f | %.0f | %.2f | %.2f | %.0f | %.0f | "
                    "%.2f | %.0f |\n",
                    count,
                    run.connected,
                    run.negotiating / SPREAD,
                    run.packets,
                    run.seconds,
                    cost.time * 1e6,
                    run.system / n * 1e6,
                    Growth(cost.time / last.time, n / last.clients),
                    Growth(cost.time / first.time, n / first.clients),
                    idle.idle / nodes,
                    cost.memory,
                    Growth(cost.memory / last.memory, n / last.clients),
                    idle.scenario / n);
        std::fflush(stdout);
        last = cost;
        all = all && run.connected == n;
    }
    return all ? 0 : 1;
}

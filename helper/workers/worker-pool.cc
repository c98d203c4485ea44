// SPDX-License-Identifier: GPL-2.0-only
#include "helper/workers/worker-pool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <deque>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nattlab::workers
{

namespace
{

/** What goes over a socket, both ways: a length and so many bytes. */
using Length = std::uint64_t;

constexpr int TICK = 200; //!< milliseconds

bool
SendAll(int socket, const void* data, std::size_t size)
{
    const char* next = static_cast<const char*>(data);
    while (size > 0)
    {
        const ssize_t sent = ::send(socket, next, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
        {
            continue;
        }
        if (sent <= 0)
        {
            return false;
        }
        next += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool
ReceiveAll(int socket, void* data, std::size_t size)
{
    char* next = static_cast<char*>(data);
    while (size > 0)
    {
        const ssize_t got = ::recv(socket, next, size, 0);
        if (got < 0 && errno == EINTR)
        {
            continue;
        }
        if (got <= 0)
        {
            return false;
        }
        next += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool
SendText(int socket, const std::string& text)
{
    const Length length = text.size();
    return SendAll(socket, &length, sizeof length) && SendAll(socket, text.data(), text.size());
}

/** The life of a worker process. What the work throws ends it, and not in the parent's frames. */
[[noreturn]] void
WorkUntilTheEnd(int socket, const WorkerPool::Work& work) noexcept
{
    std::signal(SIGINT, SIG_IGN);
    Length length = 0;
    while (ReceiveAll(socket, &length, sizeof length))
    {
        std::string order(length, '\0');
        if (!ReceiveAll(socket, order.data(), length) || !SendText(socket, work(order)))
        {
            break;
        }
    }
    ::_exit(0); // what the parent left in its buffers is not for a child to write
}

} // namespace

std::string
Death::ToString() const
{
    return signal != 0 ? "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")"
                       : "exit status " + std::to_string(status);
}

bool
Death::IsFromOutside() const
{
    return signal == SIGKILL || signal == SIGTERM || signal == SIGHUP;
}

struct WorkerPool::Worker
{
    pid_t pid;
    int socket;
    std::deque<std::string> orders; //!< the first is at hand
    std::string received;
};

WorkerPool::WorkerPool(std::size_t workers, Work work, std::size_t ahead)
    : m_most(std::max<std::size_t>(workers, 1)),
      m_work(std::move(work)),
      m_ahead(ahead)
{
    while (m_workers.size() < m_most)
    {
        Hire();
    }
}

WorkerPool::~WorkerPool()
{
    for (const Worker& worker : m_workers)
    {
        if (!worker.orders.empty()) // only when something was thrown
        {
            ::kill(worker.pid, SIGKILL);
        }
        ::close(worker.socket); // ends an idle worker
    }
    for (const Worker& worker : m_workers)
    {
        while (::waitpid(worker.pid, nullptr, 0) < 0 && errno == EINTR)
        {
        }
    }
}

std::vector<pid_t>
WorkerPool::Processes() const
{
    std::vector<pid_t> pids;
    for (const Worker& worker : m_workers)
    {
        pids.push_back(worker.pid);
    }
    return pids;
}

void
WorkerPool::Run(Foreman& foreman)
{
    for (;;)
    {
        // One order each before the second for anyone.
        for (std::size_t depth = 0; depth <= m_ahead; ++depth)
        {
            for (Worker& worker : m_workers)
            {
                if (worker.orders.size() == depth)
                {
                    Feed(worker, foreman);
                }
            }
        }
        if (!IsBusy())
        {
            return;
        }
        Wait(foreman);
    }
}

bool
WorkerPool::IsBusy() const
{
    return std::any_of(m_workers.begin(),
                       m_workers.end(),
                       [](const Worker& worker) { return !worker.orders.empty(); });
}

std::optional<std::string>
WorkerPool::NextOrder(Foreman& foreman)
{
    if (m_returned.empty())
    {
        return foreman.NextOrder();
    }
    std::string order = std::move(m_returned.back());
    m_returned.pop_back();
    return order;
}

void
WorkerPool::Feed(Worker& worker, Foreman& foreman)
{
    if (auto order = NextOrder(foreman))
    {
        SendText(worker.socket, *order); // a dead worker shows at the next Wait
        worker.orders.push_back(std::move(*order));
    }
}

void
WorkerPool::Hire()
{
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    {
        throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    const pid_t pid = ::fork();
    if (pid == 0)
    {
        ::close(ends[0]);
        for (const Worker& other : m_workers)
        {
            ::close(other.socket); // or it would not learn that the parent is gone
        }
        WorkUntilTheEnd(ends[1], m_work);
    }
    const int error = errno;
    ::close(ends[1]);
    if (pid < 0)
    {
        ::close(ends[0]);
        throw std::system_error(error, std::generic_category(), "fork");
    }
    m_workers.push_back({pid, ends[0], {}, {}});
}

void
WorkerPool::Wait(Foreman& foreman)
{
    std::vector<pollfd> sockets;
    for (const Worker& worker : m_workers)
    {
        sockets.push_back({worker.socket, POLLIN, 0});
    }
    if (::poll(sockets.data(), sockets.size(), TICK) < 0)
    {
        if (errno != EINTR)
        {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        sockets.clear();
    }
    for (std::size_t i = sockets.size(); i-- > 0;) // backwards: a dead worker leaves the list
    {
        if (sockets[i].revents != 0 && !Receive(m_workers[i], foreman))
        {
            Worker dead = std::move(m_workers[i]);
            m_workers.erase(m_workers.begin() + static_cast<std::ptrdiff_t>(i));
            Mourn(std::move(dead), foreman);
        }
    }
    foreman.OnTick();
}

bool
WorkerPool::Receive(Worker& worker, Foreman& foreman)
{
    std::array<char, 65536> part;
    const ssize_t got = ::recv(worker.socket, part.data(), part.size(), MSG_DONTWAIT);
    if (got <= 0)
    {
        return got < 0 && (errno == EINTR || errno == EAGAIN);
    }
    worker.received.append(part.data(), static_cast<std::size_t>(got));
    for (;;)
    {
        Length length = 0;
        if (worker.received.size() < sizeof length)
        {
            return true;
        }
        std::memcpy(&length, worker.received.data(), sizeof length);
        if (worker.received.size() < sizeof length + length)
        {
            return true;
        }
        std::string result = worker.received.substr(sizeof length, length);
        worker.received.erase(0, sizeof length + length);
        const std::string order = std::move(worker.orders.front());
        worker.orders.pop_front();
        Feed(worker, foreman);
        foreman.OnDone(order, std::move(result));
    }
}

void
WorkerPool::Mourn(Worker dead, Foreman& foreman)
{
    ::close(dead.socket);
    int status = 0;
    while (::waitpid(dead.pid, &status, 0) < 0 && errno == EINTR)
    {
    }
    Death death;
    death.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    death.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    for (; dead.orders.size() > 1; dead.orders.pop_back())
    {
        m_returned.push_back(std::move(dead.orders.back()));
    }
    if (!dead.orders.empty())
    {
        foreman.OnDied(dead.orders.front(), death);
    }
    Hire();
}

std::size_t
ProcessorCount()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    const int count = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return static_cast<std::size_t>(std::max(1, count));
}

} // namespace nattlab::workers

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/worker-pool.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace nattlab::regression
{

namespace
{

/** What goes over a socket: to the worker a number of a file; back a length and so many bytes. */
using Word = std::uint64_t;

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

/** \return the next word; nothing when the other side is gone. */
std::optional<Word>
ReceiveWord(int socket)
{
    Word word = 0;
    std::size_t have = 0;
    while (have < sizeof word)
    {
        const ssize_t got =
            ::recv(socket, reinterpret_cast<char*>(&word) + have, sizeof word - have, 0);
        if (got < 0 && errno == EINTR)
        {
            continue;
        }
        if (got <= 0)
        {
            return std::nullopt;
        }
        have += static_cast<std::size_t>(got);
    }
    return word;
}

/** The life of a worker process. What it throws ends it, and not in the parent's frames. */
[[noreturn]] void
Work(int socket, const std::vector<std::string>& files, const Runner& runner) noexcept
{
    while (const auto job = ReceiveWord(socket))
    {
        const std::string text = ToJson(runner(files.at(*job))).dump();
        const Word length = text.size();
        if (!SendAll(socket, &length, sizeof length) || !SendAll(socket, text.data(), text.size()))
        {
            break;
        }
    }
    ::_exit(0); // what the parent left in its buffers is not for a child to write
}

/** \return how a process ended, for people. */
std::string
EndOf(int status)
{
    if (WIFSIGNALED(status))
    {
        return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) +
               ")";
    }
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

struct Worker
{
    pid_t pid;
    int socket;
    std::optional<std::size_t> job;
    std::string received;
};

/** The parent's side. */
class Pool
{
  public:
    Pool(const std::vector<std::string>& files, const Runner& runner, const Listener& listener)
        : m_files(files),
          m_runner(runner),
          m_listener(listener),
          m_results(files.size())
    {
    }

    ~Pool()
    {
        for (const Worker& worker : m_workers)
        {
            if (worker.job) // only when something was thrown
            {
                ::kill(worker.pid, SIGKILL);
            }
            Bury(worker);
        }
    }

    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    std::vector<TestResult> Run(std::size_t most)
    {
        while (m_done < m_files.size())
        {
            while (m_workers.size() < most && m_next < m_files.size())
            {
                Hire();
            }
            Wait();
        }
        return std::move(m_results);
    }

  private:
    /** Make a worker and give it something to do. */
    void Hire()
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
            Work(ends[1], m_files, m_runner);
        }
        const int error = errno;
        ::close(ends[1]);
        if (pid < 0)
        {
            ::close(ends[0]);
            throw std::system_error(error, std::generic_category(), "fork");
        }
        m_workers.push_back({pid, ends[0], std::nullopt, {}});
        Assign(m_workers.back());
    }

    void Assign(Worker& worker)
    {
        worker.job.reset();
        if (m_next < m_files.size())
        {
            worker.job = m_next++;
            const Word job = *worker.job;
            SendAll(worker.socket, &job, sizeof job); // a dead worker shows at the next Wait
        }
    }

    void Wait()
    {
        std::vector<pollfd> sockets;
        for (const Worker& worker : m_workers)
        {
            sockets.push_back({worker.socket, POLLIN, 0});
        }
        if (::poll(sockets.data(), sockets.size(), -1) < 0)
        {
            if (errno != EINTR)
            {
                throw std::system_error(errno, std::generic_category(), "poll");
            }
            return;
        }
        for (std::size_t i = sockets.size(); i-- > 0;) // backwards: a dead worker leaves the list
        {
            if (sockets[i].revents != 0 && !Receive(m_workers[i]))
            {
                const Worker dead = m_workers[i];
                m_workers.erase(m_workers.begin() + static_cast<std::ptrdiff_t>(i));
                Mourn(dead);
            }
        }
    }

    /** \return false when the worker is dead. */
    bool Receive(Worker& worker)
    {
        std::array<char, 65536> part;
        const ssize_t got = ::recv(worker.socket, part.data(), part.size(), MSG_DONTWAIT);
        if (got <= 0)
        {
            return got < 0 && (errno == EINTR || errno == EAGAIN);
        }
        worker.received.append(part.data(), static_cast<std::size_t>(got));
        Word length = 0;
        if (worker.received.size() < sizeof length)
        {
            return true;
        }
        std::memcpy(&length, worker.received.data(), sizeof length);
        if (worker.received.size() < sizeof length + length)
        {
            return true;
        }
        Finish(*worker.job,
               FromJson(nlohmann::ordered_json::parse(worker.received.begin() + sizeof length,
                                                      worker.received.end())));
        worker.received.clear();
        Assign(worker);
        return true;
    }

    void Mourn(const Worker& dead)
    {
        const std::string end = EndOf(Bury(dead));
        if (dead.job)
        {
            TestResult result;
            result.file = m_files[*dead.job];
            result.status = Status::Fault;
            result.problem = "the process that ran it died: " + end;
            Finish(*dead.job, std::move(result));
        }
    }

    void Finish(std::size_t job, TestResult result)
    {
        result.file = m_files[job]; // as it was named, whatever bytes that are
        m_results[job] = std::move(result);
        ++m_done;
        if (m_listener)
        {
            m_listener(m_results[job]);
        }
    }

    /** Close the socket, which ends an idle worker, and wait. \return its exit status */
    static int Bury(const Worker& worker)
    {
        ::close(worker.socket);
        int status = 0;
        while (::waitpid(worker.pid, &status, 0) < 0 && errno == EINTR)
        {
        }
        return status;
    }

    const std::vector<std::string>& m_files;
    const Runner& m_runner;
    const Listener& m_listener;
    std::vector<TestResult> m_results;
    std::vector<Worker> m_workers;
    std::size_t m_next{0}; //!< the first file that nobody runs yet
    std::size_t m_done{0};
};

} // namespace

std::vector<TestResult>
RunAll(const std::vector<std::string>& files,
       std::size_t workers,
       const Runner& runner,
       const Listener& listener)
{
    return Pool(files, runner, listener).Run(std::max<std::size_t>(workers, 1));
}

std::size_t
ProcessorCount()
{
    return std::max(1U, std::thread::hardware_concurrency());
}

} // namespace nattlab::regression

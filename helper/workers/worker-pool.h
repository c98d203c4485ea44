// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WORKERS_WORKER_POOL_H
#define NATTLAB_WORKERS_WORKER_POOL_H

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nattlab::workers
{

/** How the process of a worker ended before its work was done. */
struct Death
{
    int signal{0}; //!< that killed it; 0: it exited
    int status{0}; //!< exit status, without a signal

    /** \return "signal 11 (Segmentation fault)" or "exit status 7". */
    std::string ToString() const;

    /** \return true when someone else ended the process: it was not the fault of its work. */
    bool IsFromOutside() const;
};

/** The parent's side of a pool: gives the orders, and takes what comes of them. */
class Foreman
{
  public:
    virtual ~Foreman() = default;

    /** \return what to do next; nothing: no more, as far as is known now. */
    virtual std::optional<std::string> NextOrder() = 0;

    /** An order was carried out. */
    virtual void OnDone(const std::string& order, std::string result) = 0;

    /** The worker that had begun an order died. The Foreman may give the order again. */
    virtual void OnDied(const std::string& order, const Death& death) = 0;

    /** Called at least five times a second. */
    virtual void OnTick()
    {
    }
};

/**
 * Processes that carry out orders. ns-3 has one simulator per process, so every worker is a process
 * of its own, made by fork(): it begins with all that the parent has loaded, and the parent runs no
 * simulation. Orders go to whoever is free. When a worker dies, the order that it had begun is the
 * Foreman's to judge, those that waited for it are given to others, and a new worker takes its
 * place.
 *
 * Workers take no notice of SIGINT, which a terminal sends to all: the parent decides. They end
 * when the parent does, however it ends.
 */
class WorkerPool
{
  public:
    /** Carries out an order; called in a worker. What it throws ends the worker. */
    using Work = std::function<std::string(const std::string& order)>;

    /**
     * Make the processes.
     * \param ahead orders that a worker is given before it has finished the one at hand, so that
     * it need not wait for the parent
     * \throws std::system_error when no process can be made
     */
    WorkerPool(std::size_t workers, Work work, std::size_t ahead = 0);
    ~WorkerPool();

    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /** Run until there is no next order and all that were given are done. */
    void Run(Foreman& foreman);

    /** \return the process numbers of the workers that live. */
    std::vector<pid_t> Processes() const;

  private:
    struct Worker;

    void Hire();
    void Feed(Worker& worker, Foreman& foreman);
    void Wait(Foreman& foreman);
    bool Receive(Worker& worker, Foreman& foreman);
    void Mourn(Worker worker, Foreman& foreman);
    std::optional<std::string> NextOrder(Foreman& foreman);
    bool IsBusy() const;

    std::size_t m_most;
    Work m_work;
    std::size_t m_ahead;
    std::vector<Worker> m_workers;
    std::vector<std::string> m_returned; //!< orders of dead workers that none had begun
};

/** \return the number of processors that this process may use, at least 1. */
std::size_t ProcessorCount();

} // namespace nattlab::workers

#endif

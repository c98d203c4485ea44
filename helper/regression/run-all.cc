// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/run-all.h"

#include "helper/workers/worker-pool.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace nattlab::regression
{

namespace
{

/** Hands out one file after the other; an order is the number of a file. */
class Examiner : public workers::Foreman
{
  public:
    Examiner(const std::vector<std::string>& files, const Listener& listener)
        : m_files(files),
          m_listener(listener),
          m_results(files.size())
    {
    }

    std::optional<std::string> NextOrder() override
    {
        return m_next < m_files.size() ? std::optional(std::to_string(m_next++)) : std::nullopt;
    }

    void OnDone(const std::string& order, std::string result) override
    {
        Finish(order, FromJson(nlohmann::ordered_json::parse(result)));
    }

    void OnDied(const std::string& order, const workers::Death& death) override
    {
        TestResult result;
        result.status = Status::Fault;
        result.problem = "the process that ran it died: " + death.ToString();
        Finish(order, std::move(result));
    }

    std::vector<TestResult> Take()
    {
        return std::move(m_results);
    }

  private:
    void Finish(const std::string& order, TestResult result)
    {
        const std::size_t number = std::stoul(order);
        result.file = m_files[number]; // as it was named, whatever bytes that are
        m_results[number] = std::move(result);
        if (m_listener)
        {
            m_listener(m_results[number]);
        }
    }

    const std::vector<std::string>& m_files;
    const Listener& m_listener;
    std::vector<TestResult> m_results;
    std::size_t m_next{0}; //!< the first file that nobody runs yet
};

} // namespace

std::vector<TestResult>
RunAll(const std::vector<std::string>& files,
       std::size_t workers,
       const Runner& runner,
       const Listener& listener)
{
    Examiner examiner(files, listener);
    const auto work = [&](const std::string& order)
    { return ToJson(runner(files.at(std::stoul(order)))).dump(); };
    workers::WorkerPool(std::min(workers, files.size()), work).Run(examiner);
    return examiner.Take();
}

} // namespace nattlab::regression

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_TEST_RESULT_H
#define NATTLAB_REGRESSION_TEST_RESULT_H

#include "helper/simulation/expectation.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::regression
{

/** What came of one scenario, the worst last. */
enum class Status : std::uint8_t
{
    AsExpected,
    NotAsExpected,
    BadInput, //!< it cannot be loaded
    Fault,    //!< of nattlab: packets leaked, or the process that ran it died
};

/** \return "as expected", "not as expected", "error" or "fault". */
std::string_view NameOf(Status status);

/** What became of a connection, as far as an expectation can say it. */
struct ConnectionResult
{
    std::string name;
    std::string outcome;
    std::string stage;  //!< empty: it came up, or never began
    std::string reason; //!< stable id; empty: none
    std::string box;
    std::string rule;
    std::optional<std::int64_t> error;
    std::optional<double> took; //!< seconds from dialling to connected or failed
    std::string nat;            //!< empty, as the next ones: not known
    std::string natTraversal;
    std::string encapsulation;
    std::int64_t group{0};
    bool clearText{false};
    std::size_t attempts{0};

    /** Times aside: a verdict is the same when it comes sooner. */
    bool operator==(const ConnectionResult& other) const;

    /** \return "vpn: failed at ike-main: firewall.rule at isp, rule "no-ike"; error 792". */
    std::string ToString() const;
};

/** What became of a traffic source. */
struct TrafficResult
{
    std::string name;
    std::uint64_t expected{0};
    std::uint64_t arrived{0};
    std::string reason; //!< empty, as the next ones: all arrived
    std::string box;
    std::string rule;

    bool operator==(const TrafficResult& other) const;

    /** \return "ping: 1 of 3 arrived: nat.filtered at home". */
    std::string ToString() const;
};

/** What came of one scenario: small, and the same on every machine. */
struct TestResult
{
    std::string file;
    Status status{Status::Fault};
    std::string problem; //!< of Status::BadInput and Status::Fault: what is wrong, for people
    std::string title;
    std::string hash;    //!< Scenario::Hash()
    double simulated{0}; //!< seconds
    std::vector<Surprise> differences;
    std::vector<ConnectionResult> connections;
    std::vector<TrafficResult> traffic;
};

/** How many scenarios came out how. */
struct Totals
{
    std::size_t asExpected{0};
    std::size_t notAsExpected{0};
    std::size_t errors{0};
    std::size_t faults{0};
};

Totals Count(const std::vector<TestResult>& results);

/** \return the worst status; Status::AsExpected when there are none. */
Status WorstOf(const std::vector<TestResult>& results);

/** One scenario of the document that `nattlab test --json` writes; texts become valid UTF-8. */
nlohmann::ordered_json ToJson(const TestResult& result);

/** \throws nlohmann::json::exception when \p json is nothing that ToJson made. */
TestResult FromJson(const nlohmann::ordered_json& json);

/** The whole document; doc/output.md describes its keys. */
nlohmann::ordered_json MakeTestReport(const std::vector<TestResult>& results);

} // namespace nattlab::regression

#endif

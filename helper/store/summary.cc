// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/summary.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace nattlab::store
{

namespace
{

/** Texts in columns of equal width. */
class Table
{
  public:
    static constexpr std::size_t COLUMNS = 6;
    using Line = std::array<std::string, COLUMNS>;

    void Add(Line line)
    {
        m_lines.push_back(std::move(line));
    }

    /** The first column and the last hold numbers and stand at the right of their columns. */
    void Write(std::ostream& out) const
    {
        std::array<std::size_t, COLUMNS> widths{};
        for (const Line& line : m_lines)
        {
            for (std::size_t i = 0; i < COLUMNS; ++i)
            {
                widths[i] = std::max(widths[i], Width(line[i]));
            }
        }
        for (const Line& line : m_lines)
        {
            for (std::size_t i = 0; i < COLUMNS; ++i)
            {
                const std::string padding(widths[i] - Width(line[i]), ' ');
                const bool number = i == 0 || i + 1 == COLUMNS;
                out << "  " << (number ? padding + line[i] : line[i] + padding);
            }
            out << "\n";
        }
    }

  private:
    /** \return how many characters there are in UTF-8 text. */
    static std::size_t Width(const std::string& text)
    {
        const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
        return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
    }

    std::vector<Line> m_lines;
};

std::string
OrDash(const std::string& text)
{
    return text.empty() ? "-" : text;
}

/** \return "1 point", "2 points". */
std::string
Counted(std::uint64_t count, const std::string& things)
{
    return std::to_string(count) + " " + things + (count == 1 ? "" : "s");
}

/** \return how many connections there are of each verdict, the most frequent first. */
std::vector<std::pair<std::string, std::uint64_t>>
CountVerdicts(const std::vector<OutcomeCount>& outcomes)
{
    std::map<std::string, std::uint64_t> byName;
    for (const OutcomeCount& outcome : outcomes)
    {
        byName[outcome.verdict] += outcome.connections;
    }
    std::vector<std::pair<std::string, std::uint64_t>> verdicts(byName.begin(), byName.end());
    std::stable_sort(verdicts.begin(),
                     verdicts.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return verdicts;
}

std::string
QuotedForShell(const std::string& text)
{
    const auto plain = [](char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string("/._-+=:,@%").find(c) != std::string::npos;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain))
    {
        return text;
    }
    std::string quoted = "'";
    for (const char c : text)
    {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

/** Write how much traffic arrived, and why the rest did not. */
void
WriteTraffic(const std::vector<TrafficCount>& counts, std::ostream& out)
{
    if (counts.empty())
    {
        return;
    }
    out << "\nTraffic\n";
    for (const TrafficCount& count : counts)
    {
        out << "  " << (count.arrived ? "arrived" : "did not all arrive");
        out << (count.reason.empty() ? "" : ", " + count.reason);
        out << (count.box.empty() ? "" : " at " + count.box);
        out << ": " << count.sources << ", first of point " << count.example << "\n";
    }
}

} // namespace

void
WriteSummary(const Reader& reader,
             const Filter& filter,
             const std::string& directory,
             std::ostream& out)
{
    const SweepIdentity& identity = reader.Identity();
    const std::vector<OutcomeCount> outcomes = reader.CountOutcomes(filter);
    out << (identity.title.empty() ? "A sweep without a title" : identity.title) << "\n"
        << "sweep " << identity.sweep << "\nnattlab " << identity.version;
    if (identity.shards != 1)
    {
        out << ", shard " << identity.shard << " of " << identity.shards << " of "
            << Counted(identity.points, "point") << "\n"
            << Counted(reader.PointCount(), "point") << " done\n";
    }
    else
    {
        out << "\n"
            << reader.PointCount() << " of " << Counted(identity.points, "point") << " done\n";
    }
    if (!filter.AdmitsAll())
    {
        out << "\nOf those that are wanted:\n";
    }
    out << "\nPoints\n";
    for (const StatusCount& count : reader.CountStatus(filter))
    {
        out << "  " << NameOf(count.status) << ": " << count.points << "\n";
    }
    out << "\nConnections\n";
    for (const auto& [verdict, connections] : CountVerdicts(outcomes))
    {
        out << "  " << verdict << ": " << connections << "\n";
    }
    WriteTraffic(reader.CountTraffic(filter), out);
    Table reasons;
    reasons.Add({"count", "verdict", "stage", "reason", "box", "example point"});
    std::optional<PointId> example;
    for (const OutcomeCount& outcome : outcomes)
    {
        if (outcome.reason.empty() && outcome.stage.empty())
        {
            continue;
        }
        example = example.value_or(outcome.example);
        reasons.Add({std::to_string(outcome.connections),
                     outcome.verdict,
                     OrDash(outcome.stage),
                     OrDash(outcome.reason),
                     OrDash(outcome.box),
                     std::to_string(outcome.example)});
    }
    if (example)
    {
        out << "\nReasons\n";
        reasons.Write(out);
        out << "\nRun one again: nattlab rerun " << QuotedForShell(directory) << " " << *example
            << "\n";
    }
}

void
WriteSummaryJson(const Reader& reader, const Filter& filter, std::ostream& out)
{
    using Json = nlohmann::ordered_json;
    const auto orNull = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    const SweepIdentity& identity = reader.Identity();
    const std::vector<OutcomeCount> outcomes = reader.CountOutcomes(filter);
    Json json{{"title", identity.title},
              {"nattlab", identity.version},
              {"schema", identity.schema},
              {"sweep", identity.sweep},
              {"axes", identity.axes},
              {"shard", identity.shard},
              {"shards", identity.shards},
              {"points", {{"all", identity.points}, {"there", reader.PointCount()}}},
              {"status", Json::object()},
              {"verdicts", Json::object()},
              {"outcomes", Json::array()},
              {"traffic", Json::array()},
              {"invocations", Json::array()}};
    for (const StatusCount& count : reader.CountStatus(filter))
    {
        json["status"][NameOf(count.status)] = count.points;
    }
    for (const auto& [verdict, connections] : CountVerdicts(outcomes))
    {
        json["verdicts"][verdict] = connections;
    }
    for (const OutcomeCount& outcome : outcomes)
    {
        json["outcomes"].push_back({{"verdict", outcome.verdict},
                                    {"stage", orNull(outcome.stage)},
                                    {"reason", orNull(outcome.reason)},
                                    {"box", orNull(outcome.box)},
                                    {"connections", outcome.connections},
                                    {"example", outcome.example}});
    }
    for (const TrafficCount& count : reader.CountTraffic(filter))
    {
        json["traffic"].push_back({{"arrived", count.arrived},
                                   {"reason", orNull(count.reason)},
                                   {"box", orNull(count.box)},
                                   {"sources", count.sources},
                                   {"example", count.example}});
    }
    for (const Invocation& use : reader.Invocations())
    {
        json["invocations"].push_back({{"started", use.started},
                                       {"host", use.host},
                                       {"command", use.command},
                                       {"workers", use.workers},
                                       {"points", use.points},
                                       {"seconds", use.seconds},
                                       {"finished", use.finished}});
    }
    out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

} // namespace nattlab::store

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/text-report.h"

#include "helper/report/timeline.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

namespace nattlab
{

namespace
{

enum class Paint
{
    Plain,
    Bold,
    Good,
    Bad,
    Dim,
};

/** Writes text, coloured where wanted. */
class Painter
{
  public:
    explicit Painter(bool color)
        : m_color(color)
    {
    }

    std::string operator()(Paint paint, const std::string& text) const
    {
        static constexpr const char* CODES[] = {"", "\033[1m", "\033[32m", "\033[1;31m", "\033[2m"};
        return m_color && paint != Paint::Plain
                   ? CODES[static_cast<std::size_t>(paint)] + text + "\033[0m"
                   : text;
    }

  private:
    bool m_color;
};

std::string
Seconds(Duration d)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f s", static_cast<double>(d.count()) / 1e9);
    return text;
}

std::string
Milliseconds(Duration d)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(d.count()) / 1e6);
    return d >= seconds{1} ? Seconds(d) : text;
}

std::string
Pad(std::string text, std::size_t width)
{
    // Names are ASCII but for the arrow between them, which is three bytes in one column.
    std::size_t columns = 0;
    for (const char c : text)
    {
        columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }
    text.append(columns < width ? width - columns : 0, ' ');
    return text;
}

std::string
BlameText(const Blame& blame)
{
    std::string text = std::string(IdOf(blame.reason)) + " at " + blame.box;
    if (!blame.rule.empty())
    {
        text += " (\"" + blame.rule + "\")";
    }
    return text;
}

std::string
HowConnected(const ConnectionVerdict& v)
{
    const bool never = v.clear && v.clear->why == "policy";
    const std::string encapsulation = never                      ? "NO IPSEC, L2TP in clear"
                                      : v.encapsulation == "udp" ? "ESP in UDP 4500"
                                                                 : "ESP, protocol 50";
    std::string text = "address " + v.address + ", " + encapsulation;
    if (v.nat == "client" || v.nat == "server")
    {
        text += ", " + v.nat + " behind NAT";
    }
    else if (v.nat == "both")
    {
        text += ", both behind NAT";
    }
    if (!v.natTraversal.empty() && v.natTraversal != "none")
    {
        text += ", NAT-T " + v.natTraversal;
    }
    if (v.group != 0)
    {
        text += ", DH group " + std::to_string(v.group);
    }
    return text;
}

std::string
HowFailed(const ConnectionVerdict& v)
{
    std::string text;
    if (v.stage)
    {
        text += "at " + std::string(NameOf(*v.stage)) + ": ";
    }
    text += BlameText(v.cause);
    if (v.symptom != v.cause.reason && v.symptom != Reason::None)
    {
        text += "; " + v.client + " noticed " + std::string(IdOf(v.symptom));
        text += v.message.empty() ? "" : " after " + v.message;
    }
    return text;
}

void
WriteLost(const char* which, const LostPacket& lost, std::ostream& out)
{
    out << "      " << which << " lost at " << Seconds(lost.time.time_since_epoch()) << ", "
        << lost.box << ": " << IdOf(lost.reason)
        << (lost.rule.empty() ? "" : " \"" + lost.rule + "\"") << ": " << lost.flow.ToString()
        << "\n";
}

void
WriteConnection(const ConnectionVerdict& v,
                std::size_t width,
                bool detailed,
                const Painter& paint,
                std::ostream& out)
{
    const bool good = v.outcome == Outcome::Connected;
    const std::optional<Instant> end = v.broke ? v.broke : v.settled;
    const std::string took = end && v.started ? "after " + Seconds(*end - *v.started) : "";
    out << "  " << Pad(v.name, width) << "  "
        << paint(good ? Paint::Good : Paint::Bad, Pad(std::string(NameOf(v.outcome)), 11)) << "  "
        << Pad(took, 16) << (good ? HowConnected(v) : HowFailed(v)) << "\n";
    if (v.error)
    {
        out << "      the user sees error " << v.error->number << ": " << v.error->text << "\n";
    }
    if (v.clear)
    {
        out << "      "
            << paint(Paint::Bad,
                     "IN CLEAR: " + std::to_string(v.clear->packets) +
                         " L2TP packets outside of ESP, the first at " +
                         Seconds(v.clear->first.time_since_epoch()) + " by " + v.clear->host +
                         " (" + v.clear->why + ")")
            << "\n";
    }
    if (v.attempts > 1)
    {
        out << "      dialled " << v.attempts << " times; this is about the last\n";
    }
    if (good && !detailed)
    {
        return;
    }
    if (!v.stages.empty())
    {
        out << "     ";
        for (const StageTime& stage : v.stages)
        {
            out << " " << NameOf(stage.stage) << " "
                << (stage.end ? Milliseconds(*stage.end - stage.start) : "not ended")
                << (stage.reason == Reason::None ? "" : " ✗")
                << (&stage == &v.stages.back() ? "" : ",");
        }
        out << "\n      " << v.sent.packets << " packets, " << v.sent.bytes << " bytes sent, "
            << v.retransmissions << " messages sent again, " << v.lost << " packets lost\n";
    }
    if (v.firstLost)
    {
        WriteLost("first", *v.firstLost, out);
        if (v.lost > 1)
        {
            WriteLost("last", *v.lastLost, out);
        }
    }
}

void
WriteTraffic(const TrafficVerdict& v, std::size_t width, const Painter& paint, std::ostream& out)
{
    const bool good = v.arrived == v.expected;
    out << "  " << Pad(v.name, width) << "  "
        << paint(good ? Paint::Good : Paint::Bad,
                 std::to_string(v.arrived) + " of " + std::to_string(v.expected) + " arrived");
    if (!good)
    {
        out << ": " << BlameText(v.cause);
    }
    out << "\n";
}

void
WriteTimeline(const RunResult& result,
              const ConnectionInfo& info,
              const TextStyle& style,
              const Painter& paint,
              std::ostream& out)
{
    static constexpr Paint PAINTS[] = {Paint::Plain, Paint::Good, Paint::Bad, Paint::Dim};
    const std::vector<TimelineRow> rows = MakeTimeline(result, info);
    const std::size_t most =
        style.timelineRows == 0 ? rows.size() : std::min(rows.size(), style.timelineRows);
    out << "\n" << paint(Paint::Bold, "Exchange of " + info.name) << " (seconds)\n";
    for (std::size_t i = 0; i < most; ++i)
    {
        char time[32];
        std::snprintf(time,
                      sizeof time,
                      "%11.6f  ",
                      static_cast<double>(rows[i].time.time_since_epoch().count()) / 1e9);
        out << time << paint(PAINTS[static_cast<std::size_t>(rows[i].kind)], rows[i].text) << "\n";
    }
    if (most < rows.size())
    {
        out << "             ... " << rows.size() - most
            << " more rows: --timeline all shows them\n";
    }
}

/** Write what changed on Windows machines, and what their tools showed. */
void
WriteHosts(const RunResult& result, const TextStyle& style, const Painter& paint, std::ostream& out)
{
    bool first = true;
    for (const Event& event : result.log->Events())
    {
        if (event.type == EventType::HostChanged && style.timeline)
        {
            out << (first ? "\n" + paint(Paint::Bold, "Hosts") + " (seconds)\n" : "");
            first = false;
            char time[32];
            std::snprintf(time,
                          sizeof time,
                          "%11.6f  ",
                          static_cast<double>(event.time.time_since_epoch().count()) / 1e9);
            out << time << result.log->NodeName(event.node) << ": " << event.subject << ": "
                << event.detail << "\n";
        }
    }
    for (const ToolRun& run : result.tools)
    {
        out << "\n"
            << paint(Paint::Bold,
                     run.host + " at " + Seconds(run.time.time_since_epoch()) + "> " + run.command)
            << (run.exitCode == 0 ? "" : " (exit code " + std::to_string(run.exitCode) + ")")
            << "\n"
            << run.text;
    }
}

void
WriteExpectations(const scenario::Scenario& scenario,
                  const std::vector<Surprise>& surprises,
                  const Painter& paint,
                  std::ostream& out)
{
    out << "\n";
    if (surprises.empty())
    {
        out << paint(Paint::Good,
                     scenario.expect.Empty() ? "All connections connected."
                                             : "Everything is as the scenario expects.")
            << "\n";
        return;
    }
    out << paint(Paint::Bad, "Not as expected:") << "\n";
    for (const Surprise& s : surprises)
    {
        out << "  " << s.pointer << ": expected " << s.expected << ", found " << s.found << "\n";
    }
}

void
WriteLeaks(const RunResult& result, const Painter& paint, std::ostream& out)
{
    if (result.leaks.empty())
    {
        return;
    }
    out << "\n" << paint(Paint::Bad, "A fault of nattlab: packets without exactly one end") << "\n";
    for (const PacketLeak& leak : result.leaks)
    {
        out << "  packet " << leak.packet << " made by " << result.log->NodeName(leak.maker)
            << " ended " << leak.ends << " times\n";
    }
}

} // namespace

void
WriteTextReport(const scenario::Scenario& scenario,
                const RunResult& result,
                const std::vector<Surprise>& surprises,
                const TextStyle& style,
                std::ostream& out)
{
    const Painter paint(style.color);
    out << paint(Paint::Bold, scenario.title) << "\n"
        << paint(Paint::Dim,
                 scenario.file + ", seed " + std::to_string(result.seed) + ", nattlab " +
                     result.version + ", scenario " + scenario.Hash().substr(0, 12))
        << "\n\n";
    std::size_t width = 10;
    for (const ConnectionVerdict& v : result.connections)
    {
        width = std::max(width, v.name.size());
    }
    for (const TrafficVerdict& v : result.traffic)
    {
        width = std::max(width, v.name.size());
    }
    for (const ConnectionVerdict& v : result.connections)
    {
        WriteConnection(v, width, result.connections.size() <= style.detailMost, paint, out);
    }
    for (const TrafficVerdict& v : result.traffic)
    {
        WriteTraffic(v, width, paint, out);
    }
    if (style.timeline && result.connections.size() > style.timelineMost)
    {
        out << "\n"
            << result.connections.size()
            << " connections: --timeline 60 shows the exchange of each\n";
    }
    else if (style.timeline)
    {
        for (const ConnectionInfo& info : result.connectionInfos)
        {
            WriteTimeline(result, info, style, paint, out);
        }
    }
    WriteHosts(result, style, paint, out);
    if (style.judged)
    {
        WriteExpectations(scenario, surprises, paint, out);
    }
    WriteLeaks(result, paint, out);
}

} // namespace nattlab

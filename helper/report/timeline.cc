// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/timeline.h"

#include <algorithm>
#include <optional>

namespace nattlab
{

namespace
{

constexpr std::size_t ARROW = 34; //!< columns between the two names

std::string
Repeat(const char* what, std::size_t times)
{
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
    {
        text += what;
    }
    return text;
}

/** Draws rows between the names of the two ends. */
class Ladder
{
  public:
    Ladder(const EventLog& log, const ConnectionInfo& connection)
        : m_log(log),
          m_client(connection.client),
          m_server(connection.server)
    {
    }

    std::optional<TimelineRow> Row(const Event& e) const
    {
        const bool byClient = m_log.NodeName(e.node) == m_client;
        switch (e.type)
        {
        case EventType::MessageSent:
            return TimelineRow{e.time, TimelineKind::Message, Arrow(e.subject, byClient)};
        case EventType::MessageResent:
            return TimelineRow{
                e.time, TimelineKind::Message, Arrow(e.subject + " again", byClient)};
        case EventType::MessageRefused:
            return Line(e, TimelineKind::Bad, Node(e) + " refuses " + e.subject + ": " + Why(e));
        case EventType::PacketDropped:
            return Line(e,
                        TimelineKind::Bad,
                        "✗ lost at " + Node(e) + ": " + Why(e) + ": " + e.flow.ToString());
        case EventType::NatDetected:
            return byClient ? Line(e, TimelineKind::Note, "NAT found: " + NatText(e.subject))
                            : std::nullopt;
        case EventType::SaEstablished:
            return Line(e, TimelineKind::Good, Node(e) + ": " + SaText(e));
        case EventType::SaDeleted:
            return Line(e, TimelineKind::Note, Node(e) + ": SA deleted");
        case EventType::SaRekeyed:
            return Line(e, TimelineKind::Note, Node(e) + ": SA renewed");
        case EventType::PeerMoved:
            return Line(e, TimelineKind::Note, Node(e) + ": the peer's address or port changed");
        case EventType::StageEnded:
            return e.reason == Reason::None
                       ? Line(e, TimelineKind::Good, "✓ " + e.subject)
                       : Line(e, TimelineKind::Bad, "✗ " + e.subject + ": " + Id(e));
        case EventType::ConnectionUp:
            return Line(e, TimelineKind::Good, "connected, address " + e.subject);
        case EventType::ConnectionDown:
            return Line(e, TimelineKind::Bad, "connection ended: " + Id(e));
        case EventType::ErrorShown:
            return Line(e,
                        TimelineKind::Bad,
                        "user sees error " + std::to_string(e.value) + ": " + e.subject);
        case EventType::ClearText:
            return Line(e, TimelineKind::Bad, "L2TP IN CLEAR: " + e.flow.ToString());
        default:
            return std::nullopt;
        }
    }

  private:
    static std::optional<TimelineRow> Line(const Event& e, TimelineKind kind, std::string text)
    {
        return TimelineRow{e.time, kind, "  " + std::move(text)};
    }

    std::string Node(const Event& e) const
    {
        return m_log.NodeName(e.node);
    }

    static std::string Id(const Event& e)
    {
        return std::string(IdOf(e.reason));
    }

    static std::string Why(const Event& e)
    {
        const bool rule = e.type == EventType::PacketDropped && !e.subject.empty();
        return Id(e) + (rule ? " \"" + e.subject + "\"" : "");
    }

    static std::string NatText(const std::string& subject)
    {
        return subject == "local"  ? "the client is behind one"
               : subject == "peer" ? "the server is behind one"
               : subject == "both" ? "both ends are behind one"
                                   : "none";
    }

    static std::string SaText(const Event& e)
    {
        const std::string what = e.layer == Layer::Ike ? "main mode done" : "ESP ready";
        return what + (e.detail.empty() ? "" : ": " + e.detail);
    }

    std::string Arrow(const std::string& name, bool toServer) const
    {
        const std::size_t dashes = ARROW > name.size() + 6 ? ARROW - name.size() - 4 : 2;
        const std::string left = Repeat("─", dashes / 2);
        const std::string right = Repeat("─", dashes - dashes / 2);
        return m_client + (toServer ? " " : " ◀") + left + " " + name + " " + right +
               (toServer ? "▶ " : " ") + m_server;
    }

    const EventLog& m_log;
    std::string m_client;
    std::string m_server;
};

} // namespace

std::vector<TimelineRow>
MakeTimeline(const RunResult& result, const ConnectionInfo& connection)
{
    const Ladder ladder(*result.log, connection);
    std::vector<TimelineRow> rows;
    for (const Event& event : result.log->Events())
    {
        if (event.tag.connection == connection.id)
        {
            if (auto row = ladder.Row(event))
            {
                rows.push_back(std::move(*row));
            }
        }
    }
    return rows;
}

} // namespace nattlab

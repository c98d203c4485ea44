// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/oakley.h"

#include "model/windows/ike-error.h"

#include <algorithm>
#include <cstdio>

namespace nattlab::windows
{

namespace
{

constexpr std::int64_t MS_PER_DAY = 86400000;

struct MonthAndDay
{
    int month;
    int day;
};

/** The Gregorian calendar, by counting years from a 1st of March. */
MonthAndDay
CalendarOf(std::int64_t daysSince1970)
{
    const std::int64_t days = daysSince1970 + 719468; // since 0000-03-01
    const std::int64_t inEra = (days % 146097 + 146097) % 146097;
    const std::int64_t year =
        (inEra - inEra / 1460 + inEra / 36524 - inEra / 146096) / 365; // of the era of 400
    const std::int64_t inYear = inEra - (365 * year + year / 4 - year / 100);
    const std::int64_t month = (5 * inYear + 2) / 153; // from March
    const int day = static_cast<int>(inYear - (153 * month + 2) / 5 + 1);
    return {static_cast<int>(month < 10 ? month + 3 : month - 9), day};
}

bool
IsLogged(Instant time, const std::vector<std::pair<Instant, Instant>>& loggingOn)
{
    return std::any_of(loggingOn.begin(),
                       loggingOn.end(),
                       [&](const auto& period)
                       { return period.first <= time && time <= period.second; });
}

/** "MM1 (Main Mode)": the exchange that a message belongs to, by the name the engine gives it. */
std::string
WithExchange(const std::string& name)
{
    const std::string kind = name.substr(0, 2);
    if (kind == "MM")
    {
        return name + " (Main Mode)";
    }
    return kind == "QM" ? name + " (Quick Mode)" : name;
}

std::string
InBrackets(const std::string& detail)
{
    return detail.empty() ? detail : " [" + detail + "]";
}

std::string
ErrorText(Reason reason)
{
    std::string text = std::string{InfoOf(reason).meaning};
    if (const auto error = IkeErrorFor(reason))
    {
        char number[16];
        std::snprintf(number, sizeof number, "0x%x", static_cast<unsigned>(error->number));
        text += " (" + std::string{error->name} + ", " + std::to_string(error->number) + ", " +
                number + ")";
    }
    return text;
}

std::string
Because(Reason reason)
{
    return reason == Reason::None ? "" : ": " + ErrorText(reason);
}

std::string
Hex(std::int64_t value)
{
    char text[24];
    std::snprintf(text, sizeof text, "%08llx", static_cast<unsigned long long>(value));
    return text;
}

std::string
NatText(const std::string& where)
{
    if (where == "none")
    {
        return "No NAT detected";
    }
    if (where == "both")
    {
        return "NAT detected in front of both ends";
    }
    return "NAT detected in front of " + std::string{where == "local" ? "this host" : "the peer"};
}

/** \return what the log says of an event; empty for events that are not IKE's. */
std::string
LineOf(const Event& event)
{
    const bool ike = event.layer == Layer::Ike;
    const bool esp = event.layer == Layer::Esp;
    switch (event.type)
    {
    case EventType::MessageSent:
        return ike ? "Sending " + WithExchange(event.subject) + InBrackets(event.detail) : "";
    case EventType::MessageResent:
        return ike ? "Retransmitting " + WithExchange(event.subject) + ", time " +
                         std::to_string(event.value)
                   : "";
    case EventType::MessageReceived:
        return ike ? "Received " + WithExchange(event.subject) : "";
    case EventType::MessageRefused:
        return ike ? "Refused " + WithExchange(event.subject) + Because(event.reason) +
                         InBrackets(event.detail)
                   : "";
    case EventType::NatDetected:
        return NatText(event.subject) + InBrackets(event.detail);
    case EventType::SaEstablished:
        return ike   ? "Main Mode SA established" + InBrackets(event.detail)
               : esp ? "Quick Mode SA established, inbound SPI " + Hex(event.value) +
                           InBrackets(event.detail)
                     : "";
    case EventType::SaRekeyed:
        return esp ? "Quick Mode SA rekeyed, new inbound SPI " + Hex(event.value) : "";
    case EventType::SaDeleted:
        return ike   ? "Main Mode SA deleted" + Because(event.reason)
               : esp ? "Quick Mode SA deleted, inbound SPI " + Hex(event.value) +
                           Because(event.reason)
                     : "";
    case EventType::PeerMoved:
        return "Peer is now at " + Endpoint{event.flow.source, event.flow.sourcePort}.ToString();
    case EventType::ConnectionFailed:
        return ike ? "Negotiation failed" + Because(event.reason) : "";
    default:
        return {};
    }
}

} // namespace

std::string
OakleyTime(Instant time, std::int64_t start)
{
    const auto run = std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
    const std::int64_t now = start * 1000 + run;
    std::int64_t days = now / MS_PER_DAY;
    std::int64_t rest = now % MS_PER_DAY;
    if (rest < 0)
    {
        rest += MS_PER_DAY;
        --days;
    }
    const MonthAndDay date = CalendarOf(days);
    char text[64];
    std::snprintf(text,
                  sizeof text,
                  "%d-%02d: %02d:%02d:%02d:%03d",
                  date.month,
                  date.day,
                  static_cast<int>(rest / 3600000),
                  static_cast<int>(rest / 60000 % 60),
                  static_cast<int>(rest / 1000 % 60),
                  static_cast<int>(rest % 1000));
    return text;
}

std::string
OakleyLog(const EventLog& log,
          NodeId host,
          const std::vector<std::pair<Instant, Instant>>& loggingOn,
          std::int64_t start)
{
    std::string text;
    for (const Event& event : log.Events())
    {
        if (event.node != host || !IsLogged(event.time, loggingOn))
        {
            continue;
        }
        const std::string line = LineOf(event);
        if (!line.empty())
        {
            char thread[16];
            std::snprintf(thread, sizeof thread, "%x", static_cast<unsigned>(event.tag.connection));
            text += OakleyTime(event.time, start) + ":" + thread + " " + line + "\n";
        }
    }
    return text;
}

} // namespace nattlab::windows

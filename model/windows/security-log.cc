// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/security-log.h"

#include <set>
#include <utility>

namespace nattlab::windows
{

namespace
{

constexpr std::uint32_t OTHER_FAILURE = 547;

/** The number of a failure audit: who could not be believed, what was not agreed, or the rest. */
std::uint32_t
FailureId(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeNoCertificate:
    case Reason::IkeNoPresharedKey:
    case Reason::IkePeerNotify: // the peer did not believe this host
        return 544;
    case Reason::IkeAuthentication:
    case Reason::IkeDecryption:
    case Reason::IkeNoPeerCertificate:
    case Reason::IkeCertificateExpired:
    case Reason::IkeCertificateNotYetValid:
    case Reason::IkeCertificateUntrusted:
    case Reason::IkeCertificateUsage:
    case Reason::IkeCertificateInvalid:
        return 545;
    case Reason::IkeNoProposalChosen:
        return 546;
    default:
        return OTHER_FAILURE;
    }
}

/** \return the entry that an event makes; its number is 0 when it makes none. */
SecurityLogEntry
EntryOf(const Event& event)
{
    const bool ike = event.layer == Layer::Ike;
    const std::string why =
        event.reason == Reason::None ? "" : ": " + std::string{InfoOf(event.reason).meaning};
    if (!ike && event.layer != Layer::Esp)
    {
        return {};
    }
    switch (event.type)
    {
    case EventType::SaEstablished:
        return {event.time,
                541,
                true,
                std::string{ike ? "IKE main-mode" : "IKE quick-mode"} +
                    " security association established: " + event.detail};
    case EventType::SaDeleted:
        return {event.time,
                ike ? 543u : 542u,
                true,
                std::string{ike ? "IKE main-mode" : "IKE quick-mode"} +
                    " security association ended" + why};
    case EventType::MessageRefused:
        if (!ike || FailureId(event.reason) == OTHER_FAILURE)
        {
            return {}; // a message that is not accepted does not end a negotiation by itself
        }
        return {event.time, FailureId(event.reason), false, "IKE negotiation refused" + why};
    case EventType::ConnectionFailed:
        return {event.time, FailureId(event.reason), false, "IKE negotiation failed" + why};
    default:
        return {};
    }
}

} // namespace

std::vector<SecurityLogEntry>
SecurityLog(const EventLog& log, NodeId host)
{
    std::vector<SecurityLogEntry> entries;
    std::set<std::pair<ConnectionId, Reason>> refused; // the failure of these is entered already
    for (const Event& event : log.Events())
    {
        if (event.node != host)
        {
            continue;
        }
        const std::pair<ConnectionId, Reason> what{event.tag.connection, event.reason};
        if (event.type == EventType::ConnectionFailed && refused.erase(what) != 0)
        {
            continue;
        }
        SecurityLogEntry entry = EntryOf(event);
        if (entry.id == 0)
        {
            continue;
        }
        if (event.type == EventType::MessageRefused)
        {
            refused.insert(what);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace nattlab::windows

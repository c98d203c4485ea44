// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/state.h"

#include <cstddef>

namespace nattlab::l2tp
{

namespace
{

template <typename Row, typename State, typename Event, typename Action>
Row
FindRow(const std::vector<Row>& table, State state, Event event, Action nothing)
{
    for (const Row& row : table)
    {
        if (row.state == state && row.event == event)
        {
            return row;
        }
    }
    return {state, event, nothing, state};
}

template <typename Row>
void
Print(std::string& out, const std::vector<Row>& table)
{
    const auto cell = [&out](std::string_view text)
    {
        out += text;
        out.append(text.size() < 18 ? 18 - text.size() : 1, ' ');
    };
    for (const Row& row : table)
    {
        cell(NameOf(row.state));
        cell(NameOf(row.event));
        cell(NameOf(row.action));
        out += NameOf(row.next);
        out += '\n';
    }
}

} // namespace

const std::vector<ControlRow>&
ControlTable()
{
    using S = ControlState;
    using E = ControlEvent;
    using A = ControlAction;
    // clang-format off
    static const std::vector<ControlRow> rows{
        {S::Idle,         E::OpenRequest,  A::SendSccrq,      S::WaitCtlReply},
        {S::Idle,         E::Sccrq,        A::SendSccrp,      S::WaitCtlConn},
        {S::Idle,         E::Refused,      A::SendStopCcn,    S::Stopping},
        {S::WaitCtlReply, E::Sccrp,        A::SendScccn,      S::Established},
        {S::WaitCtlReply, E::Sccrq,        A::SendStateError, S::Stopping},
        {S::WaitCtlReply, E::Scccn,        A::SendStateError, S::Stopping},
        {S::WaitCtlReply, E::Refused,      A::SendStopCcn,    S::Stopping},
        {S::WaitCtlReply, E::StopCcn,      A::Linger,         S::Lingering},
        {S::WaitCtlReply, E::CloseRequest, A::SendStopCcn,    S::Stopping},
        {S::WaitCtlConn,  E::Scccn,        A::Open,           S::Established},
        {S::WaitCtlConn,  E::Sccrq,        A::SendStateError, S::Stopping},
        {S::WaitCtlConn,  E::Sccrp,        A::SendStateError, S::Stopping},
        {S::WaitCtlConn,  E::Refused,      A::SendStopCcn,    S::Stopping},
        {S::WaitCtlConn,  E::StopCcn,      A::Linger,         S::Lingering},
        {S::WaitCtlConn,  E::CloseRequest, A::SendStopCcn,    S::Stopping},
        {S::Established,  E::Sccrq,        A::SendStateError, S::Stopping},
        {S::Established,  E::Sccrp,        A::SendStateError, S::Stopping},
        {S::Established,  E::Scccn,        A::SendStateError, S::Stopping},
        {S::Established,  E::Refused,      A::SendStopCcn,    S::Stopping},
        {S::Established,  E::StopCcn,      A::Linger,         S::Lingering},
        {S::Established,  E::CloseRequest, A::SendStopCcn,    S::Stopping},
    };
    // clang-format on
    return rows;
}

const std::vector<SessionRow>&
SessionTable()
{
    using S = SessionState;
    using E = SessionEvent;
    using A = SessionAction;
    // clang-format off
    static const std::vector<SessionRow> rows{
        {S::Idle,        E::CallRequest,  A::OpenTunnel, S::WaitTunnel},
        {S::Idle,        E::Icrq,         A::SendIcrp,   S::WaitConnect},
        {S::Idle,        E::Refused,      A::SendCdn,    S::Idle},
        {S::Idle,        E::Icrp,         A::SendCdn,    S::Idle},
        {S::WaitTunnel,  E::TunnelOpen,   A::SendIcrq,   S::WaitReply},
        {S::WaitTunnel,  E::CloseRequest, A::CleanUp,    S::Idle},
        {S::WaitReply,   E::Icrp,         A::SendIccn,   S::Established},
        {S::WaitReply,   E::Icrq,         A::SendCdn,    S::Idle},
        {S::WaitReply,   E::Iccn,         A::SendCdn,    S::Idle},
        {S::WaitReply,   E::Refused,      A::SendCdn,    S::Idle},
        {S::WaitReply,   E::Cdn,          A::CleanUp,    S::Idle},
        {S::WaitReply,   E::CloseRequest, A::SendCdn,    S::Idle},
        {S::WaitConnect, E::Iccn,         A::Open,       S::Established},
        {S::WaitConnect, E::Icrq,         A::SendCdn,    S::Idle},
        {S::WaitConnect, E::Icrp,         A::SendCdn,    S::Idle},
        {S::WaitConnect, E::Refused,      A::SendCdn,    S::Idle},
        {S::WaitConnect, E::Cdn,          A::CleanUp,    S::Idle},
        {S::WaitConnect, E::CloseRequest, A::SendCdn,    S::Idle},
        {S::Established, E::Icrq,         A::SendCdn,    S::Idle},
        {S::Established, E::Icrp,         A::SendCdn,    S::Idle},
        {S::Established, E::Iccn,         A::SendCdn,    S::Idle},
        {S::Established, E::Refused,      A::SendCdn,    S::Idle},
        {S::Established, E::Cdn,          A::CleanUp,    S::Idle},
        {S::Established, E::CloseRequest, A::SendCdn,    S::Idle},
    };
    // clang-format on
    return rows;
}

ControlRow
Step(ControlState state, ControlEvent event)
{
    return FindRow(ControlTable(), state, event, ControlAction::Nothing);
}

SessionRow
Step(SessionState state, SessionEvent event)
{
    return FindRow(SessionTable(), state, event, SessionAction::Nothing);
}

std::string_view
NameOf(ControlState state)
{
    static constexpr std::string_view names[] = {
        "idle", "wait-ctl-reply", "wait-ctl-conn", "established", "stopping", "lingering"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view
NameOf(ControlEvent event)
{
    static constexpr std::string_view names[] = {
        "open request", "SCCRQ", "SCCRP", "SCCCN", "refused", "StopCCN", "close request"};
    return names[static_cast<std::size_t>(event)];
}

std::string_view
NameOf(ControlAction action)
{
    static constexpr std::string_view names[] = {"nothing",
                                                 "send SCCRQ",
                                                 "send SCCRP",
                                                 "send SCCCN",
                                                 "open",
                                                 "send StopCCN",
                                                 "send state error",
                                                 "linger"};
    return names[static_cast<std::size_t>(action)];
}

std::string_view
NameOf(SessionState state)
{
    static constexpr std::string_view names[] = {
        "idle", "wait-tunnel", "wait-reply", "wait-connect", "established"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view
NameOf(SessionEvent event)
{
    static constexpr std::string_view names[] = {
        "call request", "tunnel open", "ICRQ", "ICRP", "ICCN", "refused", "CDN", "close request"};
    return names[static_cast<std::size_t>(event)];
}

std::string_view
NameOf(SessionAction action)
{
    static constexpr std::string_view names[] = {"nothing",
                                                 "open tunnel",
                                                 "send ICRQ",
                                                 "send ICRP",
                                                 "send ICCN",
                                                 "open",
                                                 "send CDN",
                                                 "clean up"};
    return names[static_cast<std::size_t>(action)];
}

std::string
PrintStateTables()
{
    std::string out;
    Print(out, ControlTable());
    out += '\n';
    Print(out, SessionTable());
    return out;
}

} // namespace nattlab::l2tp

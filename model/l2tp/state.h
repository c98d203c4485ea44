// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The state machines of RFC 2661 7 as tables.
 */
#ifndef NATTLAB_L2TP_STATE_H
#define NATTLAB_L2TP_STATE_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::l2tp
{

/** States of a control connection (RFC 2661 7.2.1), and the two after it. */
enum class ControlState : std::uint8_t
{
    Idle,
    WaitCtlReply, //!< SCCRQ sent
    WaitCtlConn,  //!< SCCRP sent
    Established,
    Stopping,  //!< StopCCN sent, waiting for its acknowledgement
    Lingering, //!< StopCCN received, kept to acknowledge it again (RFC 2661 5.7)
};

/** What happens to a control connection. */
enum class ControlEvent : std::uint8_t
{
    OpenRequest,  //!< this host wants a tunnel
    Sccrq,        //!< received and acceptable
    Sccrp,        //!< received and, in wait-ctl-reply, acceptable
    Scccn,        //!< received and, in wait-ctl-conn, acceptable
    Refused,      //!< a message was received that is not acceptable
    StopCcn,      //!< received
    CloseRequest, //!< this host wants the end
};

/** What is done about it. */
enum class ControlAction : std::uint8_t
{
    Nothing,
    SendSccrq,
    SendSccrp,
    SendScccn,      //!< and tell the waiting sessions
    Open,           //!< the tunnel is up
    SendStopCcn,    //!< and end the sessions
    SendStateError, //!< StopCCN with "finite state machine error"
    Linger,         //!< end the sessions
};

/** States of a call (RFC 2661 7.4.1, 7.4.2). */
enum class SessionState : std::uint8_t
{
    Idle,
    WaitTunnel,  //!< LAC: the tunnel is being made
    WaitReply,   //!< LAC: ICRQ sent
    WaitConnect, //!< LNS: ICRP sent
    Established,
};

/** What happens to a call. */
enum class SessionEvent : std::uint8_t
{
    CallRequest, //!< this host wants a call
    TunnelOpen,
    Icrq,    //!< received and acceptable
    Icrp,    //!< received and, in wait-reply, acceptable
    Iccn,    //!< received and, in wait-connect, acceptable
    Refused, //!< a message was received that is not acceptable
    Cdn,     //!< received
    CloseRequest,
};

/** What is done about it. */
enum class SessionAction : std::uint8_t
{
    Nothing,
    OpenTunnel,
    SendIcrq,
    SendIcrp,
    SendIccn, //!< and the call is up
    Open,     //!< the call is up
    SendCdn,
    CleanUp,
};

/** One row of the control connection's table. */
struct ControlRow
{
    ControlState state;
    ControlEvent event;
    ControlAction action;
    ControlState next;
};

/** One row of the call's table. */
struct SessionRow
{
    SessionState state;
    SessionEvent event;
    SessionAction action;
    SessionState next;
};

const std::vector<ControlRow>& ControlTable();
const std::vector<SessionRow>& SessionTable();

/** \return the row for \p event in \p state; without a row, nothing is done and the state stays. */
ControlRow Step(ControlState state, ControlEvent event);
SessionRow Step(SessionState state, SessionEvent event);

std::string_view NameOf(ControlState state);
std::string_view NameOf(ControlEvent event);
std::string_view NameOf(ControlAction action);
std::string_view NameOf(SessionState state);
std::string_view NameOf(SessionEvent event);
std::string_view NameOf(SessionAction action);

/** \return both tables as text, one row a line. */
std::string PrintStateTables();

} // namespace nattlab::l2tp

#endif

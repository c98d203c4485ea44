// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What Windows shows of a host's IPsec: ipsecmon.exe of Windows 2000, and the snap-in IP Security
 * Monitor of later releases. The view is plain data; MonitorText writes it for people.
 */
#ifndef NATTLAB_WINDOWS_MONITOR_H
#define NATTLAB_WINDOWS_MONITOR_H

#include "model/endpoint/ipsec-status.h"
#include "model/windows/system.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::windows
{

/** What no document says of the monitors; see doc/assumptions.md. */
struct MonitorRules
{
    bool oldTracksNatTraversal{false}; //!< the monitor without the update
    bool xpNeedsServicePack2{false};   //!< to be tracked by the new one: later text of KB818043
    std::string oldGroup14{"Unknown"}; //!< what the monitor without the update calls group 14
    std::string serverGroup14{"High (2048)"};                            //!< Server 2003 and later
    std::string l2tpPolicy2000{"L2TP Rule"};                             //!< what ipsecmon calls it
    std::string l2tpPolicy{"L2TP Require Encryption Quick Mode Policy"}; //!< what the snap-in does
};

/** One quick-mode security association: a line of the table. Empty: the monitor shows nothing. */
struct MonitorSa
{
    std::string policyName;
    std::string security; //!< "ESP 3DES HMAC-SHA1"
    std::string filterName;
    std::string source;
    std::string destination;
    std::string protocol;
    std::string sourcePort;
    std::string destinationPort;
    std::string tunnelEndpoint; //!< "None": transport mode is all there is
};

/** One main-mode security association. */
struct MonitorMainMode
{
    std::string me;
    std::string peer;
    std::string authentication;
    std::string encryption;
    std::string integrity;
    std::string dhGroup;
};

/** One filter in force. */
struct MonitorFilter
{
    std::string name; //!< empty where the monitor shows none
    std::string source;
    std::string destination;
    std::string protocol;
    std::string sourcePort;
    std::string destinationPort;
    std::string direction; //!< "both", "outbound" or "inbound"
    std::string action;    //!< "negotiate", "permit" or "block"
};

/** A group of counters under the names of the tool, in its order. */
struct MonitorStatistics
{
    std::string title;
    std::vector<std::pair<std::string, std::uint64_t>> values;
};

/** What one monitor shows of one computer at one moment. */
struct MonitorView
{
    std::string tool;     //!< empty: the release has none
    std::string computer; //!< the one that is observed
    Instant time;
    bool running{true};         //!< the IPsec service of the observed computer
    std::string assignedPolicy; //!< empty: none
    std::vector<MonitorSa> associations;
    std::vector<MonitorMainMode> mainModes;
    std::vector<MonitorFilter> filters;
    std::vector<MonitorStatistics> statistics;
    std::vector<std::string> notes; //!< what the tool leaves out, in nattlab's words
};

/** \return what the system's monitor is called; empty when the release has none. */
std::string MonitorNameOf(const System& system);

/**
 * \return true when the monitor of one system shows a connection of another.
 * \param natTraversal the connection is carried through a NAT
 */
bool CanTrack(const System& monitor,
              const System& observed,
              bool natTraversal,
              const MonitorRules& rules = {});

/**
 * Look at a computer.
 * \param monitor the system that the monitor runs on
 * \param observed the system that is looked at; often the same
 * \param computer the name of the one that is looked at
 */
MonitorView MakeMonitorView(const System& monitor,
                            const System& observed,
                            const std::string& computer,
                            const IpsecStatus& status,
                            const MonitorRules& rules = {});

/** A row with the names of its columns, in the order of the tool. */
using MonitorRecord = std::vector<std::pair<std::string, std::string>>;

MonitorRecord RecordOf(const MonitorSa& row);
MonitorRecord RecordOf(const MonitorMainMode& row);
MonitorRecord RecordOf(const MonitorFilter& row);

/** \return the view as a page of aligned tables, no line longer than 100 columns. */
std::string MonitorText(const MonitorView& view);

} // namespace nattlab::windows

#endif

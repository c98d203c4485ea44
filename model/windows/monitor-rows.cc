// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/monitor-rows.h"

namespace nattlab::windows
{

Rows
FilterRows(const std::vector<MonitorFilter>& filters)
{
    Rows rows{{"Filter Name", "Source", "Destination", "Protocol", "Ports", "Direction", "Action"}};
    for (const MonitorFilter& row : filters)
    {
        rows.push_back({row.name,
                        row.source,
                        row.destination,
                        row.protocol,
                        row.sourcePort + " > " + row.destinationPort,
                        row.direction,
                        row.action});
    }
    return rows;
}

Rows
MainModeRows(const std::vector<MonitorMainMode>& mainModes)
{
    Rows rows{{"Me", "Peer", "Authentication", "Encryption", "Integrity", "Diffie-Hellman"}};
    for (const MonitorMainMode& row : mainModes)
    {
        rows.push_back(
            {row.me, row.peer, row.authentication, row.encryption, row.integrity, row.dhGroup});
    }
    return rows;
}

Rows
StatisticsRows(const MonitorStatistics& statistics)
{
    Rows rows{{"Counter", "Value"}};
    for (const auto& [name, value] : statistics.values)
    {
        rows.push_back({name, std::to_string(value)});
    }
    return rows;
}

} // namespace nattlab::windows

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/rows.h"

#include <tuple>

namespace nattlab::store
{

namespace
{

auto
Tie(const ConnectionRow& row)
{
    return std::tie(row.name,
                    row.client,
                    row.server,
                    row.verdict,
                    row.stage,
                    row.reason,
                    row.box,
                    row.rule,
                    row.error,
                    row.started,
                    row.timeToSettle,
                    row.timeIkeMain,
                    row.timeIkeQuick,
                    row.timeL2tp,
                    row.timePpp,
                    row.packets,
                    row.bytes,
                    row.retransmissions,
                    row.attempts,
                    row.nat,
                    row.natTraversal,
                    row.encapsulation,
                    row.group,
                    row.clearText,
                    row.drops);
}

auto
Tie(const TrafficRow& row)
{
    return std::tie(row.name, row.expected, row.arrived, row.reason, row.box, row.rule);
}

auto
Tie(const PointRow& row)
{
    return std::tie(row.id,
                    row.values,
                    row.seed,
                    row.replicate,
                    row.status,
                    row.problem,
                    row.simulated,
                    row.packets,
                    row.delivered,
                    row.dropped,
                    row.connections,
                    row.traffic);
}

auto
Tie(const SweepIdentity& identity)
{
    return std::tie(identity.version,
                    identity.schema,
                    identity.sweep,
                    identity.title,
                    identity.document,
                    identity.axes,
                    identity.points,
                    identity.shard,
                    identity.shards);
}

} // namespace

bool
ConnectionRow::operator==(const ConnectionRow& other) const
{
    return Tie(*this) == Tie(other);
}

bool
TrafficRow::operator==(const TrafficRow& other) const
{
    return Tie(*this) == Tie(other);
}

bool
PointRow::operator==(const PointRow& other) const
{
    return Tie(*this) == Tie(other);
}

bool
SweepIdentity::operator==(const SweepIdentity& other) const
{
    return Tie(*this) == Tie(other);
}

const char*
NameOf(PointStatus status)
{
    switch (status)
    {
    case PointStatus::Done:
        return "done";
    case PointStatus::Invalid:
        return "invalid";
    case PointStatus::Fault:
        return "fault";
    }
    return "fault";
}

} // namespace nattlab::store

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/identity.h"

namespace nattlab::store
{

namespace
{

std::string
AxesText(const std::vector<std::string>& axes)
{
    std::string names;
    for (const std::string& axis : axes)
    {
        names += (names.empty() ? "" : ", ") + axis;
    }
    return names.empty() ? "no axes" : "axes " + names;
}

std::string
SweepText(const SweepIdentity& identity)
{
    return "\"" + identity.title + "\" (" + identity.sweep + ")";
}

std::string
Both(const std::string& found, const std::string& wanted)
{
    return found + ", this is " + wanted;
}

} // namespace

std::string
ShardText(std::uint64_t shard, std::uint64_t shards)
{
    return "shard " + std::to_string(shard) + " of " + std::to_string(shards);
}

std::string
FirstDifference(const SweepIdentity& found, const SweepIdentity& wanted)
{
    if (found.version != wanted.version)
    {
        return Both("made by nattlab " + found.version, "nattlab " + wanted.version);
    }
    if (found.schema != wanted.schema)
    {
        return Both("made with schema and presets " + found.schema, wanted.schema);
    }
    if (found.axes != wanted.axes)
    {
        return Both("of a sweep with " + AxesText(found.axes), "one with " + AxesText(wanted.axes));
    }
    if (found.points != wanted.points)
    {
        return Both("of a sweep of " + std::to_string(found.points) + " points",
                    "one of " + std::to_string(wanted.points));
    }
    if (found.sweep != wanted.sweep || found.title != wanted.title)
    {
        return Both("of the sweep " + SweepText(found), SweepText(wanted));
    }
    if (found.shard != wanted.shard || found.shards != wanted.shards)
    {
        return Both(ShardText(found.shard, found.shards), ShardText(wanted.shard, wanted.shards));
    }
    return found == wanted ? "" : "of the same sweep, written as another document";
}

} // namespace nattlab::store

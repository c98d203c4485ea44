// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/audit.h"

#include <algorithm>
#include <tuple>

namespace nattlab::audit
{

namespace
{

auto
EndOf(const store::ConnectionRow& row)
{
    return std::tie(row.name,
                    row.verdict,
                    row.stage,
                    row.reason,
                    row.box,
                    row.rule,
                    row.error,
                    row.nat,
                    row.natTraversal,
                    row.encapsulation,
                    row.group,
                    row.clearText,
                    row.timeToSettle);
}

bool
IsConnected(const store::ConnectionRow& row)
{
    return row.verdict == "connected";
}

} // namespace

const char*
NameOf(Answer answer)
{
    switch (answer)
    {
    case Answer::Needed:
        return "needed";
    case Answer::Useless:
        return "useless";
    case Answer::Wrong:
        return "wrong";
    case Answer::Optional:
        return "optional";
    case Answer::NoConnection:
        break;
    }
    return "no connection";
}

const char*
DefinitionOf(Answer answer)
{
    switch (answer)
    {
    case Answer::Needed:
        return "It connects with all statements, and does not with all but X.";
    case Answer::Useless:
        return "With all but X it ends as with all statements, and with X alone as with nothing.";
    case Answer::Wrong:
        return "X was written where another statement is meant. That one is needed, X is not, and "
               "X does not stand in for it.";
    case Answer::Optional:
        return "It connects without X, but X has an effect: the connection is another one without "
               "it, or X alone leads to another end than nothing.";
    case Answer::NoConnection:
        break;
    }
    return "It does not connect with all statements either, so the runs cannot tell.";
}

bool
Run::Connects() const
{
    return !connections.empty() && std::all_of(connections.begin(), connections.end(), IsConnected);
}

const store::ConnectionRow&
Run::Shown() const
{
    const auto failed = std::find_if_not(connections.begin(), connections.end(), IsConnected);
    return failed == connections.end() ? connections.front() : *failed;
}

bool
EndAlike(const Run& a, const Run& b)
{
    return std::equal(a.connections.begin(),
                      a.connections.end(),
                      b.connections.begin(),
                      b.connections.end(),
                      [](const store::ConnectionRow& x, const store::ConnectionRow& y)
                      { return EndOf(x) == EndOf(y); });
}

std::string
Group::Name() const
{
    std::string name;
    for (const std::string& value : values)
    {
        name += (name.empty() ? "" : ", ") + value;
    }
    return name;
}

} // namespace nattlab::audit

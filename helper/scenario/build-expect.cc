// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/nearest.h"

#include <algorithm>

namespace nattlab::scenario
{

namespace
{

/** Turns expectations into typed data; everything they name must be there. */
class ExpectBuilder
{
  public:
    ExpectBuilder(const Scenario& scenario, const std::vector<std::string>& knownReasons)
        : m_scenario(scenario),
          m_reasons(knownReasons),
          m_links(LinkNames(scenario)),
          m_places(HostNames(scenario)),
          m_connections(ConnectionNames(scenario))
    {
        const auto boxes = BoxNames(scenario);
        m_places.insert(m_places.end(), boxes.begin(), boxes.end());
        m_places.insert(m_places.end(), m_links.begin(), m_links.end());
        std::sort(m_places.begin(), m_places.end());
        for (const auto& traffic : scenario.traffic)
        {
            m_traffic.push_back(traffic.name);
        }
    }

    ExpectConnection BuildConnection(const std::string& name, const Reader& reader) const;
    ExpectTraffic BuildTraffic(const std::string& name, const Reader& reader) const;
    Sighting BuildSighting(const Reader& reader) const;

  private:
    void Blame(const Reader& reader) const;

    const Scenario& m_scenario;
    const std::vector<std::string>& m_reasons; //!< in order
    std::vector<std::string> m_links;
    std::vector<std::string> m_places; //!< what can be to blame
    std::vector<std::string> m_connections;
    std::vector<std::string> m_traffic;
};

void
ExpectBuilder::Blame(const Reader& reader) const
{
    if (!m_reasons.empty())
    {
        CheckName(reader, "reason", "a reason", m_reasons);
    }
    CheckName(reader, "box", "a host, box or link", m_places);
}

ExpectConnection
ExpectBuilder::BuildConnection(const std::string& name, const Reader& reader) const
{
    ExpectConnection expect;
    expect.connection = name;
    expect.pointer = reader.Pointer();
    if (!std::binary_search(m_connections.begin(), m_connections.end(), name))
    {
        reader.Fail("", "no connection has this name", "", Nearest(name, m_connections));
    }
    if (const auto outcome = reader.OptionalText("outcome"))
    {
        expect.outcome = *outcome == "connected" ? Outcome::Connected
                         : *outcome == "lost"    ? Outcome::Lost
                                                 : Outcome::Failed;
    }
    if (expect.outcome == Outcome::Connected)
    {
        reader.Refuse({"stage", "reason", "box", "rule", "error"}, "with \"connected\"");
    }
    Blame(reader);
    expect.stage = reader.OptionalText("stage");
    expect.reason = reader.OptionalText("reason");
    expect.box = reader.OptionalText("box");
    expect.rule = reader.OptionalText("rule");
    expect.within = reader.Time("within");
    expect.nat = reader.OptionalText("nat");
    expect.natTraversal = reader.OptionalText("natTraversal");
    expect.encapsulation = reader.OptionalText("encapsulation");
    if (const auto error = reader.OptionalNumber("error"))
    {
        expect.error = static_cast<std::uint32_t>(*error);
    }
    if (reader.Has("clearText"))
    {
        expect.clearText = reader.Bool("clearText", false);
    }
    if (const auto attempts = reader.OptionalNumber("attempts"))
    {
        expect.attempts = *attempts;
    }
    if (const auto group = reader.OptionalNumber("group"))
    {
        expect.group = static_cast<std::uint32_t>(*group);
    }
    return expect;
}

ExpectTraffic
ExpectBuilder::BuildTraffic(const std::string& name, const Reader& reader) const
{
    ExpectTraffic expect;
    expect.traffic = name;
    expect.pointer = reader.Pointer();
    const auto known = std::lower_bound(m_traffic.begin(), m_traffic.end(), name);
    const bool isKnown = known != m_traffic.end() && *known == name;
    if (!isKnown)
    {
        reader.Fail("", "no traffic has this name", "", Nearest(name, m_traffic));
    }
    if (const auto number = reader.OptionalNumber("delivered"))
    {
        expect.delivered = ExpectTraffic::Delivered::Exactly;
        expect.exactly = *number;
        const auto index = static_cast<std::size_t>(known - m_traffic.begin());
        if (isKnown && m_scenario.traffic[index].kind != TrafficKind::Tcp &&
            *number > m_scenario.traffic[index].count)
        {
            reader.Fail("delivered",
                        "more than are sent",
                        "at most " + std::to_string(m_scenario.traffic[index].count));
        }
    }
    else if (const auto text = reader.OptionalText("delivered"))
    {
        expect.delivered = *text == "all"    ? ExpectTraffic::Delivered::All
                           : *text == "some" ? ExpectTraffic::Delivered::Some
                                             : ExpectTraffic::Delivered::None;
    }
    Blame(reader);
    expect.reason = reader.OptionalText("reason");
    expect.box = reader.OptionalText("box");
    expect.rule = reader.OptionalText("rule");
    return expect;
}

Sighting
ExpectBuilder::BuildSighting(const Reader& reader) const
{
    Sighting sighting;
    sighting.pointer = reader.Pointer();
    const bool drop = reader.Has("reason") || reader.Has("rule") || reader.Has("box");
    const bool packet = reader.Has("link") || reader.Has("protocol") || reader.Has("port");
    if (drop && packet)
    {
        reader.Refuse({"link", "protocol", "port"}, "together with \"reason\", \"rule\", \"box\"");
    }
    else if (!drop && !packet)
    {
        reader.Fail("",
                    "says nothing",
                    "\"reason\", \"rule\" or \"box\" of a drop, or \"link\", \"protocol\" or "
                    "\"port\" of a packet");
    }
    Blame(reader);
    CheckName(reader, "link", "a link", m_links);
    sighting.reason = reader.OptionalText("reason");
    sighting.rule = reader.OptionalText("rule");
    sighting.box = reader.OptionalText("box");
    sighting.link = reader.OptionalText("link");
    sighting.protocol = reader.Protocol("protocol");
    if (const auto port = reader.OptionalNumber("port"))
    {
        sighting.port = static_cast<std::uint16_t>(*port);
    }
    return sighting;
}

} // namespace

void
BuildExpect(Scenario& scenario, const Reader& root, const std::vector<std::string>& knownReasons)
{
    if (!root.Has("expect"))
    {
        return;
    }
    const ExpectBuilder builder(scenario, knownReasons);
    const Reader expect = root.Object("expect");
    for (const auto& [name, reader] : expect.Members("connections"))
    {
        scenario.expect.connections.push_back(builder.BuildConnection(name, reader));
    }
    for (const auto& [name, reader] : expect.Members("traffic"))
    {
        scenario.expect.traffic.push_back(builder.BuildTraffic(name, reader));
    }
    for (const auto& reader : expect.Items("seen"))
    {
        scenario.expect.seen.push_back(builder.BuildSighting(reader));
    }
    for (const auto& reader : expect.Items("never"))
    {
        scenario.expect.never.push_back(builder.BuildSighting(reader));
    }
}

} // namespace nattlab::scenario

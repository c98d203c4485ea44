// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/endpoint/wire.h"

#include "model/ike/vendor-ids.h"

#include <algorithm>

namespace nattlab::test
{

HostConfig
MakeConfig(const std::string& name, const std::string& address)
{
    HostConfig config;
    config.name = name;
    config.fqdn = name + ".example";
    config.ip.address = {*Ipv4Address::Parse(address), 0};
    config.ike.Edit().natT = {ike::NatTFlavor::Rfc3947, ike::NatTFlavor::Draft02N};
    config.ike.Edit().vendorIds = {ike::VendorIdOf(ike::NatTFlavor::Rfc3947),
                            ike::VendorIdOf(ike::NatTFlavor::Draft02N)};
    config.ike.Edit().phase1 = {ike::Phase1Transform{}};
    config.ike.Edit().phase2 = {ike::Phase2Proposal{}};
    config.l2tp.Edit().hostName = config.fqdn;
    config.ppp.Edit().name = name;
    return config;
}

HostConfig
MakeServerConfig(const std::string& name, const std::string& address)
{
    HostConfig config = MakeConfig(name, address);
    config.server = true;
    config.presharedKey = ByteView{std::string_view{"the key"}}.ToBytes();
    config.addresses.emplace(Ipv4Address{0x0a080002}, Ipv4Address{0x0a080009});
    config.ppp.Edit().address = {0x0a080001};
    config.ppp.Edit().users = {{"ann", "secret"}};
    return config;
}

CallRequest
MakeRequest(const std::string& server, ConnectionId connection)
{
    CallRequest request;
    request.connection = connection;
    request.server = *Ipv4Address::Parse(server);
    request.user = "ann";
    request.password = "secret";
    request.presharedKey = ByteView{std::string_view{"the key"}}.ToBytes();
    return request;
}

Host&
Wire::Add(HostConfig config)
{
    const std::string name = config.name;
    m_byAddress[config.ip.address.address] = name;
    auto& host = m_hosts[name];
    host = std::make_unique<Host>(std::move(config), 1, Tracer(log, log.AddNode(name)), &keys);
    return *host;
}

Host&
Wire::At(const std::string& name)
{
    return *m_hosts.at(name);
}

void
Wire::SetMiddle(Middle middle)
{
    m_middle = std::move(middle);
}

void
Wire::Do(HostOutput output)
{
    up.insert(up.end(), output.up.begin(), output.up.end());
    down.insert(down.end(), output.down.begin(), output.down.end());
    failed.insert(failed.end(), output.failed.begin(), output.failed.end());
    for (HostTransmission& t : output.transmissions)
    {
        seen.push_back(t.packet);
        m_flying.push({m_now + milliseconds{10}, m_order++, std::move(t.packet)});
    }
}

void
Wire::Deliver(Packet packet)
{
    std::vector<Packet> packets;
    if (m_middle)
    {
        packets = m_middle(std::move(packet));
    }
    else
    {
        packets.push_back(std::move(packet));
    }
    for (Packet& p : packets)
    {
        const std::string& name = m_byAddress.at(ip::Destination(p.bytes));
        Do(m_hosts.at(name)->Receive(std::move(p), m_now));
    }
}

void
Wire::RunUntil(Duration end)
{
    while (true)
    {
        std::optional<Instant> next;
        std::string due;
        for (const auto& [name, host] : m_hosts)
        {
            const auto deadline = host->Deadline();
            if (deadline && (!next || *deadline < *next))
            {
                next = deadline;
                due = name;
            }
        }
        const bool packetFirst = !m_flying.empty() && (!next || m_flying.top().at <= *next);
        if (packetFirst)
        {
            next = m_flying.top().at;
        }
        if (!next || *next > Instant{end})
        {
            m_now = Instant{end};
            return;
        }
        m_now = std::max(m_now, *next);
        if (packetFirst)
        {
            Packet packet = m_flying.top().packet;
            m_flying.pop();
            Deliver(std::move(packet));
        }
        else
        {
            Do(m_hosts.at(due)->Expire(m_now));
        }
    }
}

std::size_t
Wire::Count(EventType type, Reason reason) const
{
    return static_cast<std::size_t>(std::count_if(
        log.Events().begin(),
        log.Events().end(),
        [&](const Event& e)
        { return e.type == type && (reason == Reason::None || e.reason == reason); }));
}

std::vector<Reason>
Wire::Drops() const
{
    std::vector<Reason> reasons;
    for (const Event& e : log.Events())
    {
        if (e.type == EventType::PacketDropped)
        {
            reasons.push_back(e.reason);
        }
    }
    return reasons;
}

} // namespace nattlab::test

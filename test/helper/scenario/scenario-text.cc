// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/scenario/scenario-text.h"

#include <optional>
#include <sstream>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::test
{

namespace
{

using namespace scenario;

/** Writes values one a line. */
class Writer
{
  public:
    std::string Text() const
    {
        return m_text.str();
    }

    template <typename... Values>
    void operator()(const Values&... values)
    {
        (Put(values), ...);
    }

  private:
    template <typename Value>
    void Put(const Value& value)
    {
        if constexpr (std::is_enum_v<Value>)
        {
            m_text << static_cast<int>(value) << '\n';
        }
        else if constexpr (std::is_arithmetic_v<Value>)
        {
            m_text << +value << '\n';
        }
        else
        {
            Members(value);
        }
    }

    template <typename Value>
    void Put(const std::optional<Value>& value)
    {
        m_text << (value ? "has\n" : "none\n");
        if (value)
        {
            Put(*value);
        }
    }

    template <typename Value>
    void Put(const std::vector<Value>& values)
    {
        m_text << '[' << values.size() << '\n';
        for (const auto& value : values)
        {
            Put(value);
        }
    }

    template <typename First, typename Second>
    void Put(const std::pair<First, Second>& pair)
    {
        Put(pair.first);
        Put(pair.second);
    }

    void Put(const std::string& text)
    {
        m_text << Json(text) << '\n';
    }

    void Put(const Duration& time)
    {
        m_text << time.count() << " ns\n";
    }

    void Put(const Ipv4Address& address)
    {
        m_text << address.ToString() << '\n';
    }

    void Put(const Ipv4Prefix& prefix)
    {
        m_text << prefix.ToString() << '\n';
    }

    void Put(const Section& section)
    {
        m_text << section.Value() << '\n';
        (*this)(section.pointer, section.file);
    }

    void Members(const AddressRange& range)
    {
        (*this)(range.first, range.last);
    }

    void Members(const PacketDrop& d)
    {
        (*this)(d.source, d.destination, d.protocol, d.port, d.minLength, d.first, d.count);
    }

    void Members(const Link& l)
    {
        (*this)(l.name, l.rate, l.delay, l.mtu, l.queue, l.loss, l.drop, l.pointer);
    }

    void Members(const Attachment& a)
    {
        (*this)(a.link, a.address, a.rate);
    }

    void Members(const User& user)
    {
        (*this)(user.name, user.password, user.refused);
    }

    void Members(const Certificate& c)
    {
        (*this)(c.name, c.subject, c.issuer, c.authority, c.notBefore, c.notAfter, c.keyBits);
        (*this)(c.hash, c.usages, c.dnsName, c.pem, c.keyPem, c.pointer);
    }

    void Members(const RegistryEntry& entry)
    {
        (*this)(entry.path, entry.value.index());
        std::visit([&](const auto& value) { Put(value); }, entry.value);
    }

    void Members(const VpnServer& s)
    {
        (*this)(s.l2tp, s.presharedKey, s.users, s.address, s.pool, s.dns, s.wins, s.ports);
        Put(s.pointer);
    }

    void Members(const Host& h)
    {
        (*this)(h.name, h.system, h.fqdn, h.at, h.gateway, h.ttl, h.vpn, h.errors, h.release);
        (*this)(h.servicePack, h.updated, h.tools, h.updates, h.registry, h.certificates);
        (*this)(h.trustedRoots, h.clock, h.ike, h.ipsec, h.l2tp, h.ppp, h.firewall, h.server);
        Put(h.pointer);
    }

    void Members(const BoxInterface& interface)
    {
        (*this)(interface.name, interface.at, interface.side);
    }

    void Members(const Route& route)
    {
        (*this)(route.to, route.via, route.pointer);
    }

    void Members(const Box& b)
    {
        (*this)(b.name, b.interfaces, b.gateway, b.routes, b.answersPing, b.sendsIcmpErrors);
        (*this)(b.silentOutside, b.reassembles, b.ttl, b.nat, b.pool, b.firewall, b.pointer);
    }

    void Members(const Connection& c)
    {
        (*this)(c.name, c.from, c.to, c.server, c.serverHost, c.start, c.hangUp, c.user);
        (*this)(c.password, c.retryPasswords, c.presharedKey, c.redials, c.redialPause);
        (*this)(c.redialIfLost, c.pointer);
    }

    void Members(const Traffic& t)
    {
        (*this)(t.name, t.kind, t.connection, t.toClient, t.from, t.to, t.protocol, t.sourcePort);
        (*this)(t.port, t.start, t.count, t.size, t.bytes, t.interval, t.pointer);
    }

    void Members(const ToolExpectation& e)
    {
        (*this)(e.exitCode, e.contains, e.lacks);
    }

    void Members(const TimetableEntry& e)
    {
        (*this)(e.at, e.action, e.link, e.box, e.host, e.connection, e.update, e.tools);
        (*this)(e.registry, e.service, e.command, e.computer, e.expect, e.downTime, e.firewall);
        Put(e.pointer);
    }

    void Members(const ExpectConnection& e)
    {
        (*this)(e.connection, e.outcome, e.stage, e.reason, e.box, e.rule, e.error, e.within);
        (*this)(e.nat, e.natTraversal, e.encapsulation, e.group, e.clearText, e.attempts);
        Put(e.pointer);
    }

    void Members(const ExpectTraffic& e)
    {
        (*this)(e.traffic, e.delivered, e.exactly, e.reason, e.box, e.rule, e.pointer);
    }

    void Members(const Sighting& s)
    {
        (*this)(s.reason, s.rule, s.box, s.link, s.protocol, s.port, s.pointer);
    }

    void Members(const Expect& e)
    {
        (*this)(e.connections, e.traffic, e.seen, e.never);
    }

    std::ostringstream m_text;
};

} // namespace

std::string
TextOf(const Scenario& s)
{
    Writer writer;
    writer(s.title, s.description, s.tags, s.seed, s.duration, s.clock, s.certificates, s.links);
    writer(s.hosts, s.boxes, s.connections, s.traffic, s.timetable, s.expect, s.file);
    return writer.Text();
}

} // namespace nattlab::test

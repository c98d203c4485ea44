// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t LONGEST_NAME = 63;
constexpr std::uint8_t LONGEST_SHARED_PREFIX = 30; //!< leaves room for two machines

bool
IsName(const std::string& name)
{
    return !name.empty() && name.size() <= LONGEST_NAME &&
           std::isalnum(static_cast<unsigned char>(name.front())) &&
           std::all_of(name.begin(),
                       name.end(),
                       [](unsigned char c)
                       { return std::isalnum(c) || c == '.' || c == '-' || c == '_'; });
}

/** \return why no machine can have this address on its interface; empty when one can. */
std::string
WhyNoInterface(const Ipv4Prefix& prefix)
{
    const std::uint32_t firstOctet = prefix.address.value >> 24;
    if (prefix.length > LONGEST_SHARED_PREFIX || prefix.length == 0)
    {
        return "the network has no room for two machines";
    }
    if (prefix.address == prefix.Network())
    {
        return "this is the address of the network itself";
    }
    if (prefix.address == prefix.Broadcast())
    {
        return "this is the broadcast address of the network";
    }
    if (firstOctet == 0 || firstOctet == 127 || firstOctet >= 224)
    {
        return "no machine has such an address";
    }
    return "";
}

/** One interface of the topology. */
struct Port
{
    const Attachment* at;
    std::string owner;
    std::string pointer; //!< of the object with "link" and "address"
};

class TopologyCheck
{
  public:
    TopologyCheck(const Scenario& scenario, const Reader& root, Report& report)
        : m_scenario(scenario),
          m_root(root),
          m_report(report),
          m_linkNames(LinkNames(scenario))
    {
    }

    void Run()
    {
        Names();
        for (const auto& host : m_scenario.hosts)
        {
            Interface({&host.at, host.name, host.pointer});
        }
        for (const auto& box : m_scenario.boxes)
        {
            for (const auto& interface : box.interfaces)
            {
                Interface(
                    {&interface.at, box.name, Join(box.pointer + "/interfaces", interface.name)});
            }
        }
        Links();
        for (const auto& host : m_scenario.hosts)
        {
            if (host.gateway)
            {
                NextHop(*host.gateway, {&host.at}, host.pointer + "/gateway");
            }
        }
        for (const auto& box : m_scenario.boxes)
        {
            BoxAddresses(box);
            Nat(box);
        }
    }

  private:
    void Names()
    {
        for (const auto& link : m_scenario.links)
        {
            NodeName(link.name, link.pointer);
        }
        for (const auto& host : m_scenario.hosts)
        {
            NodeName(host.name, host.pointer);
        }
        for (const auto& box : m_scenario.boxes)
        {
            NodeName(box.name, box.pointer);
            for (const auto& interface : box.interfaces)
            {
                Name(interface.name, box.pointer + "/interfaces");
            }
        }
        for (const char* table : {"connections", "traffic"})
        {
            for (const auto& name : m_root.Keys(table))
            {
                Name(name, std::string("/") + table);
            }
        }
    }

    /** Check the name of a link, host or box: they share one space of names. */
    void NodeName(const std::string& name, const std::string& pointer)
    {
        Name(name, pointer.substr(0, pointer.find('/', 1)));
        const auto [known, isNew] = m_pointers.emplace(name, pointer);
        if (!isNew)
        {
            m_report.Add(pointer, "the name is taken by " + known->second);
        }
    }

    void Name(const std::string& name, const std::string& table)
    {
        if (!IsName(name))
        {
            m_report.Add(Join(table, name),
                         "not a name",
                         "1 to 63 letters, digits, \".\", \"-\", \"_\", the first one a letter or "
                         "digit",
                         Describe(Json(name)));
        }
    }

    void Interface(const Port& port)
    {
        const std::string& link = port.at->link;
        if (link.empty() || port.at->address.address.IsAny()) // at fault, and told so
        {
            m_sound = false;
            return;
        }
        if (!std::binary_search(m_linkNames.begin(), m_linkNames.end(), link))
        {
            m_sound = false;
            m_report.Add(port.pointer + "/link",
                         "",
                         "the name of a link",
                         Describe(Json(link)),
                         Nearest(link, m_linkNames));
            return;
        }
        const std::string why = WhyNoInterface(port.at->address);
        if (!why.empty())
        {
            m_sound = false;
            m_report.Add(port.pointer + "/address",
                         why,
                         "an address of a machine",
                         '"' + port.at->address.ToString() + '"');
            return;
        }
        auto& ports = m_ports[port.at->link];
        ports.push_back(port);
        const auto& first = ports.front();
        const Ipv4Prefix& network = first.at->address;
        if (network.Network() != port.at->address.Network() ||
            network.length != port.at->address.length)
        {
            m_sound = false;
            m_report.Add(port.pointer + "/address",
                         "link \"" + port.at->link + "\" has another network",
                         "an address in " +
                             Ipv4Prefix{network.Network(), network.length}.ToString() + ", as \"" +
                             first.owner + "\" has",
                         '"' + port.at->address.ToString() + '"');
        }
        Own(port.at->link, port.at->address.address, port.owner, port.pointer + "/address");
    }

    /** Enter the owner of an address on a link. */
    void Own(const std::string& link,
             Ipv4Address address,
             const std::string& owner,
             const std::string& pointer)
    {
        const auto [known, isNew] = m_owners[link].emplace(address, owner);
        if (!isNew)
        {
            m_sound = false;
            m_report.Add(pointer,
                         address.ToString() + " on link \"" + link + "\" belongs to \"" +
                             known->second + "\" already");
        }
    }

    void Links()
    {
        for (const auto& link : m_scenario.links)
        {
            if (m_ports.count(link.name) == 0)
            {
                m_report.Add(link.pointer, "no host or box is on this link");
            }
        }
    }

    /** Check that a next hop is a machine on the link of one of \p attachments. */
    void NextHop(Ipv4Address hop,
                 const std::vector<const Attachment*>& attachments,
                 const std::string& pointer)
    {
        if (!m_sound)
        {
            return;
        }
        for (const Attachment* at : attachments)
        {
            if (!at->address.Contains(hop))
            {
                continue;
            }
            if (at->address.address == hop)
            {
                m_report.Add(pointer, "this is the machine's own address");
            }
            else if (m_owners[at->link].count(hop) == 0)
            {
                m_report.Add(pointer,
                             "nobody on link \"" + at->link + "\" has the address " +
                                 hop.ToString());
            }
            return;
        }
        std::string networks;
        for (const Attachment* at : attachments)
        {
            networks += networks.empty() ? "" : " or ";
            networks += Ipv4Prefix{at->address.Network(), at->address.length}.ToString();
        }
        m_report.Add(pointer,
                     "the router is not on the machine's own network",
                     "an address in " + networks,
                     '"' + hop.ToString() + '"');
    }

    void BoxAddresses(const Box& box)
    {
        std::vector<const Attachment*> attachments;
        for (const auto& interface : box.interfaces)
        {
            for (const Attachment* other : attachments)
            {
                if (other->address.Contains(interface.at.address.address) ||
                    interface.at.address.Contains(other->address.address))
                {
                    m_report.Add(Join(box.pointer + "/interfaces", interface.name) + "/address",
                                 "two interfaces of one box are in overlapping networks",
                                 "a network apart from " + other->address.ToString(),
                                 '"' + interface.at.address.ToString() + '"');
                }
            }
            attachments.push_back(&interface.at);
        }
        if (box.gateway)
        {
            NextHop(*box.gateway, attachments, box.pointer + "/gateway");
        }
        for (const auto& route : box.routes)
        {
            NextHop(route.via, attachments, route.pointer);
        }
    }

    void Nat(const Box& box)
    {
        const auto has = [&](Side side)
        {
            return std::any_of(box.interfaces.begin(),
                               box.interfaces.end(),
                               [&](const BoxInterface& i) { return i.side == side; });
        };
        if (!box.nat)
        {
            return;
        }
        if (!has(Side::Inside) || !has(Side::Outside))
        {
            m_report.Add(box.pointer + "/nat",
                         "NAT needs an interface with \"side\": \"inside\" and one with \"side\": "
                         "\"outside\"");
        }
        for (std::size_t i = 0; i < box.pool.size(); ++i)
        {
            Pool(box, box.pool[i], Join(box.pointer + "/nat/pool", i));
        }
        const Reader nat(box.nat->Value(), box.nat->pointer, m_report);
        for (const auto& forward : nat.Items("forwards"))
        {
            const auto inside = forward.Address("inside");
            if (inside && !IsAnyones(*inside))
            {
                forward.Fail("inside", "no host or box has this address");
            }
        }
    }

    /** External addresses must not be somebody else's. */
    void Pool(const Box& box, const AddressRange& range, const std::string& pointer)
    {
        for (const auto& interface : box.interfaces)
        {
            const auto& owners = m_owners[interface.at.link];
            const auto taken = owners.lower_bound(range.first);
            if (interface.side == Side::Outside && taken != owners.end() &&
                !(range.last < taken->first) && taken->second != box.name)
            {
                m_report.Add(pointer,
                             taken->first.ToString() + " belongs to \"" + taken->second + '"');
            }
        }
    }

    bool IsAnyones(Ipv4Address address) const
    {
        return std::any_of(m_owners.begin(),
                           m_owners.end(),
                           [&](const auto& link) { return link.second.count(address) > 0; });
    }

    const Scenario& m_scenario;
    const Reader& m_root;
    Report& m_report;
    std::vector<std::string> m_linkNames;
    std::map<std::string, std::string> m_pointers; //!< of links, hosts and boxes, by name
    bool m_sound{true}; //!< no interface is at fault; otherwise next hops cannot be judged
    std::map<std::string, std::vector<Port>> m_ports;                   //!< by link
    std::map<std::string, std::map<Ipv4Address, std::string>> m_owners; //!< by link
};

} // namespace

void
CheckTopology(const Scenario& scenario, const Reader& root, Report& report)
{
    TopologyCheck(scenario, root, report).Run();
}

} // namespace nattlab::scenario

// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace nattlab::scenario
{

namespace
{

constexpr std::uint8_t ICMP = 1;
constexpr std::uint8_t TCP = 6;
constexpr std::uint8_t UDP = 17;
constexpr std::uint64_t LARGEST_32_BIT = 0xffffffff;
constexpr std::uint64_t LARGEST_PACKET = 65535;
constexpr std::uint64_t SMALLEST_MRU = 64;
constexpr std::size_t MOST_POOL_ADDRESSES = 65536;

bool
HasPorts(std::optional<std::uint8_t> protocol)
{
    return protocol == TCP || protocol == UDP;
}

void
CheckPrefixes(const Reader& rule, const std::string& key)
{
    const auto texts = rule.Texts(key);
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        const auto prefix = Ipv4Prefix::Parse(texts[i]);
        if (!prefix)
        {
            rule.FailElement(key, i, "", "an IPv4 prefix such as \"192.0.2.0/24\"");
        }
        else if (prefix->Network() != prefix->address)
        {
            rule.FailElement(key,
                             i,
                             "the address has bits outside its network",
                             Ipv4Prefix{prefix->Network(), prefix->length}.ToString());
        }
    }
}

void
CheckPorts(const Reader& rule, const std::string& key)
{
    const Json& ports = rule.Array(key);
    for (std::size_t i = 0; i < ports.size(); ++i)
    {
        if (!ParsePorts(ports[i]))
        {
            rule.FailElement(key, i, "", "ports from 0 to 65535, the lower one first");
        }
    }
    const auto protocol = rule.Protocol("protocol");
    if (rule.Has(key) && protocol && !HasPorts(protocol))
    {
        rule.Fail(key, "the rule can never match: its protocol has no ports");
    }
}

void
CheckRule(const Reader& rule, const std::vector<std::string>& interfaces)
{
    for (const char* key : {"source", "destination"})
    {
        CheckPrefixes(rule, key);
        const std::string negated = key == std::string("source") ? "notSource" : "notDestination";
        CheckPrefixes(rule, negated);
        if (rule.Has(key))
        {
            rule.Refuse({negated}, std::string("together with \"") + key + '"');
        }
    }
    for (const char* key : {"sourcePorts", "destinationPorts"})
    {
        CheckPorts(rule, key);
        const std::string negated =
            key == std::string("sourcePorts") ? "notSourcePorts" : "notDestinationPorts";
        CheckPorts(rule, negated);
        if (rule.Has(key))
        {
            rule.Refuse({negated}, std::string("together with \"") + key + '"');
        }
    }
    for (const char* key : {"inInterface", "outInterface"})
    {
        CheckName(rule, key, "an interface of this machine", interfaces);
    }
    if (rule.Has("icmpType") && rule.Protocol("protocol") != ICMP)
    {
        rule.Fail("icmpType", "the rule needs \"protocol\": \"icmp\"");
    }
    if (rule.Has("icmpCode"))
    {
        rule.Require({"icmpType"}, "with \"icmpCode\"");
    }
    if (rule.Has("reject") && rule.Text("action") != "reject")
    {
        rule.Refuse({"reject"}, "without \"action\": \"reject\"");
    }
    const auto shortest = rule.Bytes("minLength", 0, 0, LARGEST_PACKET);
    const auto longest = rule.Bytes("maxLength", LARGEST_PACKET, 0, LARGEST_PACKET);
    if (shortest > longest)
    {
        rule.Fail("minLength", "the rule can never match: \"minLength\" is above \"maxLength\"");
    }
}

void
CheckForward(const Reader& forward)
{
    const auto protocol = forward.Protocol("protocol");
    if (protocol == ICMP)
    {
        forward.Fail("protocol", "ICMP has no static mapping", "another protocol");
    }
    else if (HasPorts(protocol))
    {
        forward.Require({"externalPort"}, "with UDP and TCP");
    }
    else if (protocol)
    {
        forward.Refuse({"externalPort", "insidePort"}, "with a protocol without ports");
    }
    forward.Address("externalAddress");
    forward.Address("inside");
}

void
CheckCipher(const Reader& transform)
{
    if (transform.Text("cipher") != "aes-cbc")
    {
        transform.Refuse({"keyBits"}, "with a cipher other than \"aes-cbc\"");
    }
    const auto lifetime = transform.Time("lifetime");
    if (lifetime && (*lifetime % seconds{1} != Duration{0} || *lifetime < seconds{1}))
    {
        transform.Fail("lifetime", "", "whole seconds, at least \"1 s\"");
    }
    const auto volume = transform.Bytes("volume", 0, 0, LARGEST_32_BIT * 1024);
    if (volume % 1024 != 0)
    {
        transform.Fail("volume", "", "whole KB");
    }
}

void
CheckIke(const Reader& ike, bool needsProposals)
{
    for (const auto& vendorId : ike.Items("vendorIds"))
    {
        if (vendorId.Text("hash").empty() && vendorId.Text("hex").empty())
        {
            vendorId.Fail("", "a vendor ID needs \"hash\" or \"hex\"");
        }
    }
    for (const char* list : {"phase1", "phase2"})
    {
        for (const auto& transform : ike.Items(list))
        {
            CheckCipher(transform);
        }
        if (needsProposals && ike.Has(list) && ike.Array(list).empty())
        {
            ike.Fail(list, "a VPN host needs at least one proposal");
        }
    }
}

} // namespace

bool
CheckName(const Reader& reader,
          const std::string& key,
          const std::string& what,
          const std::vector<std::string>& known)
{
    const auto name = reader.OptionalText(key);
    if (!name || std::binary_search(known.begin(), known.end(), *name))
    {
        return name.has_value();
    }
    reader.Fail(key, "", "the name of " + what, Nearest(*name, known));
    return false;
}

void
CheckFirewall(const Reader& firewall, const std::vector<std::string>& interfaces)
{
    auto known = interfaces;
    std::sort(known.begin(), known.end());
    std::set<std::string> names;
    for (const auto& rule : firewall.Items("rules"))
    {
        if (rule.Has("name") && !names.insert(rule.Line("name")).second)
        {
            rule.Fail("name", "another rule of this firewall has the same name");
        }
        CheckRule(rule, known);
    }
}

void
CheckNat(const Reader& nat)
{
    std::uint64_t addresses = 0;
    for (const auto& range : nat.Ranges("pool"))
    {
        addresses += std::uint64_t{range.last.value} - range.first.value + 1;
    }
    if (addresses > MOST_POOL_ADDRESSES)
    {
        nat.Fail("pool", "", "at most " + std::to_string(MOST_POOL_ADDRESSES) + " addresses");
    }
    const auto first = nat.Number("portFirst", 1024);
    const auto last = nat.Number("portLast", 65535);
    if (first > last)
    {
        nat.Fail("portFirst", "\"portFirst\" is above \"portLast\"");
    }
    else if (nat.Text("portAllocation") == "range" &&
             nat.Number("blockSize", 512) > last - first + 1)
    {
        nat.Fail("blockSize", "a block is larger than the range of ports");
    }
    if (nat.Text("otherProtocols") == "pinned-port-owner" && nat.Array("pinnedPorts").empty())
    {
        nat.Fail("otherProtocols", "\"pinned-port-owner\" needs \"pinnedPorts\"");
    }
    std::set<std::tuple<std::uint8_t, std::string, std::uint64_t>> taken;
    for (const auto& forward : nat.Items("forwards"))
    {
        CheckForward(forward);
        if (!taken
                 .insert({forward.Protocol("protocol").value_or(0),
                          forward.Text("externalAddress"),
                          forward.Number("externalPort", 0)})
                 .second)
        {
            forward.Fail("", "another forward has the same protocol, external address and port");
        }
    }
}

void
CheckSystem(const Reader& host)
{
    // Without a section the system is unknown, which has been said.
    CheckIke(host.Object("ike"), host.Has("ike") && host.Bool("vpn", true));
    const Reader l2tp = host.Object("l2tp");
    for (const char* speed : {"txConnectSpeed", "missingTxSpeed"})
    {
        const auto rate = ParseRate(l2tp.Text(speed, "0 bit/s"));
        if (rate && (*rate > double{LARGEST_32_BIT} || *rate != std::floor(*rate)))
        {
            l2tp.Fail(speed, "", "whole bits per second, up to \"4294967295 bit/s\"");
        }
    }
    if (l2tp.Bool("hideAvps", false))
    {
        l2tp.Require({"tunnelSecret"}, "with \"hideAvps\"");
    }
    const Reader ppp = host.Object("ppp");
    ppp.Bytes("mru", SMALLEST_MRU, SMALLEST_MRU, LARGEST_PACKET);
    ppp.Bytes("minMru", SMALLEST_MRU, SMALLEST_MRU, LARGEST_PACKET);
}

} // namespace nattlab::scenario

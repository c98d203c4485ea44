// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/document.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace nattlab::scenario
{

namespace
{

constexpr UnixTime DEFAULT_NOT_BEFORE = 1041379200; //!< 2003-01-01 00:00:00
constexpr UnixTime DEFAULT_NOT_AFTER = 1104537600;  //!< 2005-01-01 00:00:00

VpnServer
BuildServer(const Reader& reader)
{
    VpnServer server;
    server.l2tp = reader.Bool("l2tp", server.l2tp);
    server.presharedKey = reader.Text("presharedKey");
    for (const auto& [name, user] : reader.Members("users"))
    {
        server.users.push_back({name, user.Text("password"), std::nullopt});
        if (const auto code = user.OptionalNumber("refused"))
        {
            server.users.back().refused = static_cast<std::uint32_t>(*code);
        }
    }
    server.address = reader.Address("address").value_or(Ipv4Address{});
    server.dns = reader.Addresses("dns");
    server.wins = reader.Addresses("wins");
    server.ports = reader.Number("ports", server.ports);
    server.pointer = reader.Pointer();
    if (const auto pool = reader.Range("pool"))
    {
        server.pool = *pool;
        if (!(server.address < pool->first) && !(pool->last < server.address))
        {
            reader.Fail("pool", "the server's own address lies in the pool for clients");
        }
    }
    return server;
}

/** Read a list of names of certificates. */
std::vector<std::string>
CertificateList(const Reader& reader, const std::string& key, const Scenario& scenario)
{
    const std::vector<std::string> names = reader.Texts(key);
    for (std::size_t i = 0; i < names.size(); ++i)
    {
        if (!scenario.FindCertificate(names[i]))
        {
            reader.FailElement(key, i, "", "the name of a certificate, see /certificates");
        }
    }
    return names;
}

/** What makes the host Windows. */
void
BuildSystem(const Reader& reader, const Scenario& scenario, Host& host)
{
    host.release = reader.Text("release");
    host.servicePack = static_cast<std::uint8_t>(reader.Number("servicePack", 0));
    host.updated = reader.Bool("updated", host.updated);
    host.tools = reader.Text("tools", host.tools);
    for (const auto& path : reader.Keys("registry"))
    {
        if (auto entry = ParseRegistryEntry(path, reader.At("registry", path)))
        {
            host.registry.push_back(std::move(*entry));
        }
        else
        {
            reader.Object("registry").Fail(path, "", "a number below 4294967296, or a text");
        }
    }
    for (const auto& [name, update] : reader.Members("updates"))
    {
        host.updates.emplace_back(name, BuildHost(host.name, update, scenario));
        host.updates.back().second.updates.clear();
    }
    if (host.release.empty())
    {
        reader.Refuse({"registry"}, "on a host that is no Windows (no \"release\")");
    }
}

Certificate
BuildCertificate(const std::string& name, const Reader& reader)
{
    Certificate certificate;
    certificate.name = name;
    certificate.subject = reader.Text("subject", "CN=" + name);
    certificate.issuer = reader.Text("issuer");
    certificate.authority = reader.Bool("authority", certificate.authority);
    certificate.notBefore = reader.Date("notBefore").value_or(DEFAULT_NOT_BEFORE);
    certificate.notAfter = reader.Date("notAfter").value_or(DEFAULT_NOT_AFTER);
    certificate.keyBits = reader.Number("keyBits", certificate.keyBits);
    certificate.hash = reader.Text("hash", certificate.hash);
    certificate.usages = reader.Texts("usages");
    certificate.dnsName = reader.Text("dnsName");
    certificate.pem = reader.Text("certificate");
    certificate.keyPem = reader.Text("key");
    certificate.pointer = reader.Pointer();
    if (certificate.keyBits % 64 != 0 || certificate.keyBits < 512 || certificate.keyBits > 4096)
    {
        reader.Fail("keyBits", "", "a multiple of 64 from 512 to 4096");
    }
    if (certificate.notAfter <= certificate.notBefore)
    {
        reader.Fail("notAfter", "the certificate ends before it begins", "a time after notBefore");
    }
    if (!certificate.pem.empty())
    {
        reader.Refuse({"subject",
                       "issuer",
                       "authority",
                       "notBefore",
                       "notAfter",
                       "keyBits",
                       "hash",
                       "usages",
                       "dnsName"},
                      "with a certificate that is given");
    }
    else
    {
        reader.Refuse({"key"}, "without the certificate to it");
    }
    return certificate;
}

} // namespace

Attachment
BuildAttachment(const Reader& reader)
{
    const auto link = reader.OptionalText("link");
    const auto address = reader.Prefix("address");
    if (link && link->empty())
    {
        reader.Fail("link", "", "the name of a link");
    }
    if (address && address->address.IsAny())
    {
        reader.Fail("address", "no machine has such an address", "an address of a machine");
    }
    return {link.value_or(""), address.value_or(Ipv4Prefix{}), reader.Rate("rate")};
}

std::optional<RegistryEntry>
ParseRegistryEntry(const std::string& path, const Json& value)
{
    if (value.is_string())
    {
        return RegistryEntry{path, value.get<std::string>()};
    }
    const auto number = ParseWholeNumber(value);
    if (!number || *number > std::numeric_limits<std::uint32_t>::max())
    {
        return std::nullopt;
    }
    return RegistryEntry{path, static_cast<std::uint32_t>(*number)};
}

Host
BuildHost(const std::string& name, const Reader& reader, const Scenario& scenario)
{
    Host host;
    host.name = name;
    host.system = reader.Text("system");
    host.fqdn = reader.Text("fqdn", name);
    host.at = BuildAttachment(reader);
    host.gateway = reader.Address("gateway");
    host.ttl = static_cast<std::uint8_t>(reader.Number("ttl", host.ttl));
    host.vpn = reader.Bool("vpn", host.vpn);
    host.errors = reader.Text("errors", host.errors);
    const auto section = [&](const char* key)
    {
        return reader.AsSection(key, scenario.file)
            .value_or(Section{Json::object(), reader.PointerTo(key), scenario.file});
    };
    host.ike = section("ike");
    host.ipsec = section("ipsec");
    host.l2tp = section("l2tp");
    host.ppp = section("ppp");
    host.firewall = reader.AsSection("firewall", scenario.file);
    host.pointer = reader.Pointer();
    BuildSystem(reader, scenario, host);
    host.certificates = CertificateList(reader, "certificates", scenario);
    host.trustedRoots = CertificateList(reader, "trustedRoots", scenario);
    host.clock = reader.Date("clock");
    if (reader.Has("server"))
    {
        host.server = BuildServer(reader.Object("server"));
        if (!host.vpn)
        {
            reader.Fail("server", "a host without VPN cannot be a VPN server");
        }
        if (host.server->presharedKey.empty() && host.certificates.empty() &&
            host.trustedRoots.empty())
        {
            reader.Object("server").Fail(
                "",
                "the server needs a \"presharedKey\", or the host \"certificates\" or at least "
                "\"trustedRoots\"");
        }
    }
    CheckSystem(reader);
    CheckFirewall(reader.Object("firewall"), {"link", "ipsec", "ppp"});
    return host;
}

void
BuildCertificates(Scenario& scenario, const Reader& root)
{
    for (const auto& [name, reader] : root.Members("certificates"))
    {
        scenario.certificates.push_back(BuildCertificate(name, reader));
    }
    const auto names = CertificateNames(scenario);
    for (const auto& [name, reader] : root.Members("certificates"))
    {
        if (!reader.Has("issuer") || !CheckName(reader, "issuer", "a certificate", names))
        {
            continue;
        }
        std::size_t steps = 0;
        const Certificate* at = scenario.FindCertificate(name);
        while (at && !at->issuer.empty() && steps <= scenario.certificates.size())
        {
            at = scenario.FindCertificate(at->issuer);
            ++steps;
        }
        if (steps > scenario.certificates.size())
        {
            reader.Fail("issuer", "the chain of issuers comes back to this certificate");
        }
        const Certificate* issuer = scenario.FindCertificate(reader.Text("issuer"));
        if (issuer && !issuer->pem.empty())
        {
            reader.Fail("issuer", "a certificate that is given as PEM cannot sign others here");
        }
    }
}

} // namespace nattlab::scenario

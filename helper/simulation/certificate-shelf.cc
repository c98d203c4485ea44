// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/certificate-shelf.h"

#include "helper/scenario/problem.h"

#include <stdexcept>

namespace nattlab
{

namespace
{

[[noreturn]] void
Fail(const scenario::Scenario& scenario,
     const scenario::Certificate& certificate,
     const std::string& what)
{
    scenario::Problem problem;
    problem.file = scenario.file;
    problem.pointer = certificate.pointer;
    problem.message = what;
    throw scenario::ScenarioErrors({problem});
}

} // namespace

CertificateShelf::CertificateShelf(const scenario::Scenario& scenario)
    : m_scenario(scenario),
      m_pki(scenario.seed)
{
}

const pki::IssuedCertificate&
CertificateShelf::Issue(const scenario::Certificate& certificate)
{
    const auto known = m_issued.find(certificate.name);
    if (known != m_issued.end())
    {
        return *known->second;
    }
    if (!certificate.issuer.empty())
    {
        Issue(*m_scenario.FindCertificate(certificate.issuer));
    }
    pki::CertificateDescription description;
    description.name = certificate.name;
    description.subject = certificate.subject;
    description.issuer = certificate.issuer;
    description.authority = certificate.authority;
    description.notBefore = certificate.notBefore;
    description.notAfter = certificate.notAfter;
    description.keyBits = certificate.keyBits;
    description.usages = certificate.usages;
    description.hash = pki::SignatureHashNamed(certificate.hash);
    description.dnsName = certificate.dnsName;
    const pki::IssuedCertificate& issued = m_pki.Issue(description);
    m_issued[certificate.name] = &issued;
    return issued;
}

std::vector<Bytes>
CertificateShelf::ChainOf(const std::string& name)
{
    const scenario::Certificate& certificate = *m_scenario.FindCertificate(name);
    if (!certificate.pem.empty())
    {
        return pki::CertificatesFrom(ByteView{certificate.pem});
    }
    Issue(certificate);
    return m_pki.Machine(name).chain;
}

std::shared_ptr<const pki::Store>
CertificateShelf::StoreOf(const scenario::Host& host)
{
    if (host.certificates.empty() && host.trustedRoots.empty())
    {
        return nullptr;
    }
    auto store = std::make_shared<pki::Store>();
    const scenario::Certificate* at = nullptr;
    try
    {
        for (const std::string& name : host.trustedRoots)
        {
            at = m_scenario.FindCertificate(name);
            store->AddRoot(at->pem.empty() ? Issue(*at).der : ChainOf(name).front());
        }
        for (const std::string& name : host.certificates)
        {
            at = m_scenario.FindCertificate(name);
            if (at->pem.empty())
            {
                Issue(*at);
                store->AddMachineCertificate(m_pki.Machine(name));
                continue;
            }
            if (at->keyPem.empty())
            {
                Fail(m_scenario, *at, "the private key is not given, and a host needs it");
            }
            store->AddMachineCertificate(
                {ChainOf(name), pki::RsaKey::FromPem(ByteView{at->keyPem})});
        }
    }
    catch (const std::invalid_argument& error)
    {
        Fail(m_scenario, *at, error.what());
    }
    return store;
}

} // namespace nattlab

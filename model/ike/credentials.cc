// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The pre-shared keys and certificates of this host, and which methods they allow.
 */
#include "model/ike/core.h"

#include <algorithm>

namespace nattlab::ike
{

void
Engine::Core::SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key)
{
    if (peer)
    {
        m_presharedKeys[*peer] = std::move(key);
    }
    else
    {
        m_anyKey = std::move(key);
    }
}

void
Engine::Core::ForgetPresharedKey(Ipv4Address peer)
{
    m_presharedKeys.erase(peer);
}

void
Engine::Core::SetCertificates(std::shared_ptr<const pki::Store> store)
{
    m_store = std::move(store);
}

const Bytes*
Engine::Core::PresharedKeyOf(Ipv4Address remote) const
{
    // RFC 2409 5.4: the identity is not known yet, so the address alone selects the key.
    const auto it = m_presharedKeys.find(remote);
    if (it != m_presharedKeys.end())
    {
        return &it->second;
    }
    return m_anyKey ? &*m_anyKey : nullptr;
}

/** \return the methods that this host has credentials for, the preferred first. */
std::vector<AuthMethod>
Engine::Core::UsableMethods(Ipv4Address remote) const
{
    std::vector<AuthMethod> usable;
    for (const AuthMethod method : m_profile->auth)
    {
        const bool has = method == AuthMethod::PresharedKey
                             ? PresharedKeyOf(remote) != nullptr
                             : m_store && m_store->HasMachineCertificate();
        if (has)
        {
            usable.push_back(method);
        }
    }
    return usable;
}

/** \return why no method is usable: what this host would have needed. */
Reason
Engine::Core::WithoutCredentials() const
{
    const auto knows = [&](AuthMethod method)
    { return std::count(m_profile->auth.begin(), m_profile->auth.end(), method) != 0; };
    const bool key = knows(AuthMethod::PresharedKey);
    const bool certificate = knows(AuthMethod::RsaSignature) && (m_store || !key);
    return certificate ? Reason::IkeNoCertificate : Reason::IkeNoPresharedKey;
}

/** \return what the calendar of this host says. */
pki::UnixTime
Engine::Core::Calendar(Instant now) const
{
    return m_host.clock + std::chrono::duration_cast<seconds>(now.time_since_epoch()).count();
}

} // namespace nattlab::ike

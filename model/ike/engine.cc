// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/engine.h"

#include "model/ike/core.h"

namespace nattlab::ike
{

Engine::Engine(std::shared_ptr<const Profile> profile,
               Host host,
               std::uint64_t seed,
               Tracer tracer,
               KeyLog* keys)
    : m_core(std::make_unique<Core>(std::move(profile), std::move(host), seed, tracer, keys))
{
}

Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

void
Engine::SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key)
{
    m_core->SetPresharedKey(peer, std::move(key));
}

void
Engine::ForgetPresharedKey(Ipv4Address peer)
{
    m_core->ForgetPresharedKey(peer);
}

void
Engine::SetCertificates(std::shared_ptr<const pki::Store> store)
{
    m_core->SetCertificates(std::move(store));
}

void
Engine::SetProfile(std::shared_ptr<const Profile> profile)
{
    m_core->SetProfile(std::move(profile));
}

void
Engine::Listen(bool on)
{
    m_core->Listen(on);
}

Output
Engine::Acquire(const Request& request, Instant now)
{
    Turn turn{now, {}};
    m_core->Acquire(turn, request);
    return std::move(turn.out);
}

Output
Engine::Receive(const Message& message, Instant now)
{
    Turn turn{now, {}};
    m_core->Receive(turn, message);
    return std::move(turn.out);
}

Output
Engine::Expire(Instant now)
{
    Turn turn{now, {}};
    m_core->Expire(turn);
    return std::move(turn.out);
}

std::optional<Instant>
Engine::Deadline() const
{
    return m_core->Deadline();
}

Output
Engine::Rekey(std::uint32_t inboundSpi, Instant now)
{
    Turn turn{now, {}};
    m_core->Rekey(turn, inboundSpi);
    return std::move(turn.out);
}

Output
Engine::DeleteChild(std::uint32_t inboundSpi, Instant now)
{
    Turn turn{now, {}};
    m_core->DeleteChild(turn, inboundSpi);
    return std::move(turn.out);
}

Output
Engine::DeletePeer(PeerId peer, Instant now)
{
    Turn turn{now, {}};
    m_core->DeletePeer(turn, peer);
    return std::move(turn.out);
}

void
Engine::NoteSent(PeerId peer, Instant now)
{
    m_core->NoteSent(peer, now);
}

Output
Engine::NoteAuthenticatedSource(PeerId peer, Endpoint local, Endpoint remote, Instant now)
{
    Turn turn{now, {}};
    m_core->NoteAuthenticatedSource(turn, peer, local, remote);
    return std::move(turn.out);
}

void
Engine::Reset()
{
    m_core->Reset();
}

Output
Engine::Shutdown(Instant now)
{
    Turn turn{now, {}};
    m_core->Shutdown(turn);
    return std::move(turn.out);
}

std::size_t
Engine::PeerCount() const
{
    return m_core->PeerCount();
}

std::size_t
Engine::ChildCount() const
{
    return m_core->ChildCount();
}

std::vector<PeerStatus>
Engine::Peers() const
{
    return m_core->Peers();
}

std::vector<ChildSa>
Engine::Children() const
{
    return m_core->Children();
}

const Counters&
Engine::Count() const
{
    return m_core->Count();
}

} // namespace nattlab::ike

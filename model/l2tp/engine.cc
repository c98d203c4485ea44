// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/engine.h"

#include "model/l2tp/engine-core.h"

#include <utility>

namespace nattlab::l2tp
{

Engine::Engine(std::shared_ptr<const Config> config,
               const std::string& device,
               std::uint64_t seed,
               Tracer tracer)
    : m_core(std::make_unique<Core>(std::move(config), device, seed, tracer))
{
}

Engine::Engine(const Config& config, const std::string& device, std::uint64_t seed, Tracer tracer)
    : Engine(std::make_shared<const Config>(config), device, seed, tracer)
{
}

Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

DialResult
Engine::Dial(PathId path, ConnectionId connection, Instant now)
{
    return m_core->Dial(path, connection, now);
}

DialResult
Engine::AddSession(std::uint16_t tunnel, ConnectionId connection, Instant now)
{
    return m_core->AddSession(tunnel, connection, now);
}

Output
Engine::Receive(const DatagramView& datagram, Instant now)
{
    return m_core->Receive(datagram, now);
}

Output
Engine::SendFrame(SessionKey session, ByteView ppp, TraceTag tag, Instant now)
{
    return m_core->SendFrame(session, ppp, tag, now);
}

Output
Engine::HangUp(SessionKey session, Instant now)
{
    return m_core->HangUp(session, now);
}

Output
Engine::Stop(Instant now)
{
    return m_core->Stop(now);
}

Output
Engine::PathLost(PathId path, Reason reason, Instant now)
{
    return m_core->PathLost(path, reason, now);
}

Output
Engine::Expire(Instant now)
{
    return m_core->Expire(now);
}

std::optional<Instant>
Engine::Deadline() const
{
    return m_core->Deadline();
}

void
Engine::Reset()
{
    m_core->Reset();
}

std::size_t
Engine::TunnelCount() const
{
    return m_core->TunnelCount();
}

std::size_t
Engine::SessionCount() const
{
    return m_core->SessionCount();
}

const Config&
Engine::GetConfig() const
{
    return m_core->GetConfig();
}

} // namespace nattlab::l2tp

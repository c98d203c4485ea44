// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/nat.h"

#include "model/nat/engine.h"

#include "model/packet/prefetch.h"

#include <utility>

namespace nattlab
{

const char*
NameOf(NatOutcome outcome)
{
    switch (outcome)
    {
    case NatOutcome::Untouched:
        return "untouched";
    case NatOutcome::Translated:
        return "translated";
    case NatOutcome::Local:
        return "local";
    case NatOutcome::Drop:
        return "drop";
    case NatOutcome::Held:
        return "held";
    }
    return "";
}

Nat::Nat(NatConfig config, std::string device, std::uint64_t seed, Tracer tracer)
    : m_engine(std::make_unique<Engine>(std::move(config), device, seed, tracer))
{
}

Nat::~Nat() = default;
Nat::Nat(Nat&&) noexcept = default;
Nat& Nat::operator=(Nat&&) noexcept = default;

bool
Nat::OwnsAddress(Ipv4Address address) const
{
    return m_engine->OwnsAddress(address);
}

NatResult
Nat::TranslateDestination(Packet& packet, bool fromInside, Instant now)
{
    return m_engine->TranslateDestination(packet, fromInside, now);
}

NatResult
Nat::TranslateSource(Packet& packet, bool fromInside, bool toOutside, Instant now)
{
    return m_engine->TranslateSource(packet, fromInside, toOutside, now);
}

std::vector<NatReleased>
Nat::TakeReleased()
{
    return m_engine->TakeReleased();
}

void
Nat::Prefetch() const
{
    nattlab::Prefetch(*m_engine);
}

void
Nat::Expire(Instant now)
{
    m_engine->Expire(now);
}

std::optional<Instant>
Nat::Deadline() const
{
    return m_engine->Deadline();
}

void
Nat::Reboot(Instant now)
{
    m_engine->Reboot(now);
}

std::size_t
Nat::MappingCount() const
{
    return m_engine->MappingCount();
}

std::vector<NatMappingView>
Nat::Mappings() const
{
    return m_engine->Mappings();
}

const NatConfig&
Nat::Config() const
{
    return m_engine->Config();
}

} // namespace nattlab

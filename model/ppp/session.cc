// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/session.h"

#include "model/ppp/link.h"

#include <array>
#include <utility>

namespace nattlab::ppp
{

std::string_view NameOf(Phase phase)
{
    static constexpr std::array<std::string_view, 6> NAMES = {
        "dead", "establish", "authenticate", "network", "open", "terminating"};
    return NAMES[static_cast<std::size_t>(phase)];
}

Session::Session(std::shared_ptr<const Config> config,
                 Role role,
                 std::string device,
                 std::uint64_t seed,
                 ConnectionId connection,
                 AddressPool* pool,
                 Tracer tracer,
                 Login login)
    : m_impl(std::make_unique<Impl>(std::move(config),
                                    role,
                                    std::move(device),
                                    seed,
                                    connection,
                                    pool,
                                    tracer,
                                    std::move(login)))
{
}

Session::Session(const Config& config,
                 Role role,
                 std::string device,
                 std::uint64_t seed,
                 ConnectionId connection,
                 AddressPool* pool,
                 Tracer tracer,
                 Login login)
    : Session(std::make_shared<const Config>(config),
              role,
              std::move(device),
              seed,
              connection,
              pool,
              tracer,
              std::move(login))
{
}

Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Output Session::Start(Instant now)
{
    return m_impl->Start(now);
}

Output Session::Receive(ByteView frame, TraceTag tag, Instant now)
{
    return m_impl->Receive(frame, tag, now);
}

Output Session::SendIp(ByteView packet, TraceTag tag, Instant)
{
    return m_impl->SendIp(packet, tag);
}

Output Session::Terminate(Instant now, Reason why)
{
    return m_impl->Terminate(now, why);
}

Output Session::LowerDown(Reason why, Instant now)
{
    return m_impl->LowerDown(why, now);
}

Output Session::Expire(Instant now)
{
    return m_impl->Expire(now);
}

std::optional<Instant> Session::Deadline() const
{
    return m_impl->Deadline();
}

Phase Session::CurrentPhase() const
{
    return m_impl->CurrentPhase();
}

} // namespace nattlab::ppp

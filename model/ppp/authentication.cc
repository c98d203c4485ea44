// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/authentication.h"

#include "model/ppp/ms-chap-v2.h"

namespace nattlab::ppp
{

std::optional<Failure> Authentication::Setback() const
{
    return std::nullopt;
}

void Repeater::Begin(Instant now)
{
    m_sent = 1;
    m_deadline = now + m_timers->restart;
}

std::uint32_t Repeater::Again(Instant now)
{
    if (m_sent >= m_timers->maxConfigure)
    {
        m_deadline.reset();
        return 0;
    }
    m_deadline = now + m_timers->restart;
    return m_sent++;
}

const std::string* FindPassword(const Config& config, const std::string& user)
{
    auto it = config.users.find(user);
    if (it == config.users.end())
    {
        it = config.users.find(std::string(mschap::StripDomain(user)));
    }
    return it == config.users.end() ? nullptr : &it->second;
}

std::uint32_t RefusalOf(const Config& config, const std::string& user)
{
    auto it = config.refusedUsers.find(user);
    if (it == config.refusedUsers.end())
    {
        it = config.refusedUsers.find(std::string(mschap::StripDomain(user)));
    }
    return it == config.refusedUsers.end() ? 0 : it->second;
}

} // namespace nattlab::ppp

// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/control-channel.h"

#include <algorithm>
#include <utility>

namespace nattlab::l2tp
{

namespace
{

// RFC 2661 4.4.3: without a Receive Window Size AVP the window is 4.
constexpr std::uint16_t DEFAULT_WINDOW = 4;

// RFC 2661 5.8: a number is old when it is the last one received or one of 32767 before it.
constexpr std::uint16_t HALF = 32768;

} // namespace

ControlChannel::ControlChannel(const Config& config)
    : m_initial(config.retransmitInitial),
      m_cap(std::max(config.retransmitCap, config.retransmitInitial)),
      m_retransmissions(config.retransmissions),
      m_congestionControl(config.congestionControl),
      m_receiveWindow(config.receiveWindow == 0 ? DEFAULT_WINDOW : config.receiveWindow),
      m_peerWindow(DEFAULT_WINDOW),
      m_threshold(DEFAULT_WINDOW)
{
    m_receiveWindow =
        static_cast<std::uint16_t>(std::min<unsigned>(m_receiveWindow, config.maxOutOfOrder + 1u));
}

void
ControlChannel::Enqueue(Outgoing message)
{
    m_queue.push_back(std::move(message));
}

void
ControlChannel::SetPeerWindow(std::uint16_t window)
{
    m_peerWindow = std::max<std::uint16_t>(window, 1);
    m_threshold = m_peerWindow;
}

void
ControlChannel::Abandon()
{
    m_unacknowledged = Ns();
    m_queue.clear();
    m_inFlight = 0;
    m_deadline.reset();
}

std::size_t
ControlChannel::SentCount() const
{
    std::size_t count = m_inFlight;
    while (count < m_queue.size() && m_queue[count].sent > 0)
    {
        ++count;
    }
    return count;
}

std::size_t
ControlChannel::Allowed() const
{
    return m_congestionControl ? std::min<std::size_t>(m_congestionWindow, m_peerWindow)
                               : m_peerWindow;
}

void
ControlChannel::StartTimer(Instant now)
{
    if (m_inFlight == 0)
    {
        m_deadline.reset();
        return;
    }
    Duration interval = m_initial;
    for (unsigned i = 0; i < m_timeouts && interval < m_cap; ++i)
    {
        interval = std::min(interval * 2, m_cap);
    }
    m_deadline = now + interval;
}

void
ControlChannel::Acknowledge(std::uint16_t nr, Instant now)
{
    // What was sent before a timeout and not again since can be acknowledged all the same.
    const auto count = static_cast<std::uint16_t>(nr - m_unacknowledged);
    if (count == 0 || count > SentCount())
    {
        return;
    }
    m_queue.erase(m_queue.begin(), m_queue.begin() + count);
    m_inFlight -= std::min<std::size_t>(count, m_inFlight);
    m_unacknowledged = nr;
    m_timeouts = 0;
    StartTimer(now);

    // RFC 2661 appendix A.
    if (m_congestionWindow < m_threshold)
    {
        ++m_congestionWindow;
    }
    else if (++m_credits >= m_congestionWindow)
    {
        m_credits = 0;
        ++m_congestionWindow;
    }
    m_congestionWindow = std::min<unsigned>(m_congestionWindow, m_peerWindow);
}

const Outgoing*
ControlChannel::Next(Instant now)
{
    if (m_inFlight >= m_queue.size() || m_inFlight >= Allowed())
    {
        return nullptr;
    }
    Outgoing& message = m_queue[m_inFlight];
    message.ns = static_cast<std::uint16_t>(m_unacknowledged + m_inFlight);
    ++message.sent;
    ++m_inFlight;
    if (m_inFlight == 1)
    {
        StartTimer(now);
    }
    return &message;
}

ControlChannel::Timeout
ControlChannel::Expire(Instant now)
{
    if (!m_deadline || *m_deadline > now)
    {
        return Timeout::None;
    }
    m_deadline.reset();
    if (m_timeouts >= m_retransmissions)
    {
        return Timeout::GiveUp;
    }
    ++m_timeouts;
    m_threshold = std::max(m_congestionWindow / 2, 1u);
    m_congestionWindow = 1;
    m_credits = 0;
    m_inFlight = 0;
    return Timeout::Resend;
}

bool
ControlChannel::Holds(MessageType type) const
{
    return std::any_of(m_queue.begin(),
                       m_queue.end(),
                       [type](const Outgoing& message) { return message.type == type; });
}

std::uint16_t
ControlChannel::Ns() const
{
    return static_cast<std::uint16_t>(m_unacknowledged + SentCount());
}

ControlChannel::Arrival
ControlChannel::Arrive(std::uint16_t ns, std::uint16_t session, ByteView body, TraceTag tag)
{
    const auto ahead = static_cast<std::uint16_t>(ns - m_nr);
    if (ahead == 0)
    {
        ++m_nr;
        return Arrival::InOrder;
    }
    if (ahead >= HALF)
    {
        return Arrival::Duplicate;
    }
    if (ahead >= m_receiveWindow)
    {
        return Arrival::TooFar;
    }
    const bool isNew = m_early.emplace(ns, Incoming{session, body.ToBytes(), tag}).second;
    return isNew ? Arrival::Early : Arrival::Duplicate;
}

std::optional<Incoming>
ControlChannel::TakeEarly()
{
    const auto it = m_early.find(m_nr);
    if (it == m_early.end())
    {
        return std::nullopt;
    }
    Incoming message = std::move(it->second);
    m_early.erase(it);
    ++m_nr;
    return message;
}

} // namespace nattlab::l2tp

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_AUTHENTICATION_H
#define NATTLAB_PPP_AUTHENTICATION_H

#include "model/crypto/random.h"
#include "model/packet/time.h"
#include "model/ppp/config.h"
#include "model/ppp/negotiation.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace nattlab::ppp
{

/** What a step of an authentication came to. */
struct AuthResult
{
    bool success{false};
    std::optional<Failure> failure{};
    Reason refused{Reason::None}; //!< the packet was thrown away unprocessed
    Reason denied{Reason::None};  //!< the packet was understood, and what it claims is wrong
};

/** One end of an authentication protocol, from the start of its phase to the end of the link. */
class Authentication
{
  public:
    virtual ~Authentication() = default;

    /** \return PPP_CHAP or PPP_PAP. */
    virtual std::uint16_t ProtocolNumber() const = 0;

    virtual void Start(Instant now, Frames& out) = 0;

    virtual AuthResult Receive(const ControlPacket& packet, Instant now, Frames& out) = 0;

    /** Send again what went unanswered, if its time has come. */
    virtual AuthResult Expire(Instant now, Frames& out) = 0;

    virtual std::optional<Instant> Deadline() const = 0;

    /** \return the user whose identity was proved, or is to be. */
    virtual std::string User() const = 0;

    /** \return what went wrong so far without being final: a retry is awaited. */
    virtual std::optional<Failure> Setback() const;
};

/** A message that is sent again until it is answered, as often as Timers::maxConfigure says. */
class Repeater
{
  public:
    /** \p timers must outlive the repeater. */
    explicit Repeater(const Timers& timers)
        : m_timers(&timers)
    {
    }

    /** Note a first sending. */
    void Begin(Instant now);

    /** It is answered. */
    void Stop()
    {
        m_deadline.reset();
    }

    bool Due(Instant now) const
    {
        return m_deadline && *m_deadline <= now;
    }

    /** Note another sending; \return how many times it was sent before, or 0 when it may not be. */
    std::uint32_t Again(Instant now);

    std::optional<Instant> Deadline() const
    {
        return m_deadline;
    }

  private:
    const Timers* m_timers;
    std::uint32_t m_sent{0};
    std::optional<Instant> m_deadline;
};

/** \return the password of \p user, by the whole name or by the name without its domain. */
const std::string* FindPassword(const Config& config, const std::string& user);

/** \return the E= code to refuse \p user with though the password is right; 0 for none. */
std::uint32_t RefusalOf(const Config& config, const std::string& user);

/**
 * \return the client's end of CHAP with MD5 (RFC 1994) or MS-CHAPv2 (RFC 2759). It, as all of
 * these, must not outlive what it is given by reference.
 */
std::unique_ptr<Authentication>
MakeChapClient(const Config& config, const Login& login, AuthMethod method, RandomStream random);

/** \return the server's end of CHAP with MD5 or MS-CHAPv2. */
std::unique_ptr<Authentication>
MakeChapServer(const Config& config, AuthMethod method, RandomStream random);

/** \return the client's end of PAP (RFC 1334 2). */
std::unique_ptr<Authentication> MakePapClient(const Config& config, const Login& login);

/** \return the server's end of PAP. */
std::unique_ptr<Authentication> MakePapServer(const Config& config);

} // namespace nattlab::ppp

#endif

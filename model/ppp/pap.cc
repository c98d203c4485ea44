// SPDX-License-Identifier: GPL-2.0-only
// PAP, RFC 1334 2.
#include "model/ppp/authentication.h"

namespace nattlab::ppp
{

namespace
{

/** Append a text with a length octet before it. */
void AppendText(Bytes& to, std::string_view text)
{
    const ByteView clipped = ByteView(text).Sub(0, 255);
    Append8(to, static_cast<std::uint8_t>(clipped.size()));
    Append(to, clipped);
}

std::string ReadText(ByteReader& reader)
{
    const ByteView text = reader.Read(reader.Read8());
    return std::string(text.begin(), text.end());
}

class PapClient : public Authentication
{
  public:
    PapClient(const Config& config, const Login& login)
        : m_login(&login),
          m_repeater(config.timers)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_PAP;
    }

    void Start(Instant now, Frames& out) override
    {
        Send(0, out);
        m_repeater.Begin(now);
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Frames&) override
    {
        AuthResult result;
        if (!m_repeater.Deadline() || packet.id != m_id ||
            (packet.code != PAP_ACK && packet.code != PAP_NAK))
        {
            result.refused = Reason::PppUnexpectedMessage;
            return result;
        }
        m_repeater.Stop();
        result.success = packet.code == PAP_ACK;
        if (!result.success)
        {
            result.failure = Failure{Reason::PppAuthFailed, MessageName(PPP_PAP, PAP_NAK)};
        }
        return result;
    }

    AuthResult Expire(Instant now, Frames& out) override
    {
        AuthResult result;
        if (!m_repeater.Due(now))
        {
            return result;
        }
        if (const std::uint32_t before = m_repeater.Again(now))
        {
            Send(before, out);
        }
        else
        {
            result.failure = Failure{Reason::PppNoAnswer, MessageName(PPP_PAP, PAP_REQUEST)};
        }
        return result;
    }

    std::optional<Instant> Deadline() const override
    {
        return m_repeater.Deadline();
    }

    std::string User() const override
    {
        return m_login->user;
    }

  private:
    void Send(std::uint32_t before, Frames& out)
    {
        Bytes data;
        AppendText(data, m_login->user);
        AppendText(data, m_login->password);
        // RFC 1334 2.2.1: a new identifier each time.
        ppp::Send(out, PPP_PAP, {PAP_REQUEST, ++m_id, data}, before);
    }

    const Login* m_login;
    Repeater m_repeater;
    std::uint8_t m_id{0};
};

class PapServer : public Authentication
{
  public:
    explicit PapServer(const Config& config)
        : m_config(&config)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_PAP;
    }

    void Start(Instant, Frames&) override
    {
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Frames& out) override
    {
        AuthResult result;
        if (packet.code != PAP_REQUEST)
        {
            result.refused = Reason::PppUnexpectedMessage;
            return result;
        }
        ByteReader reader(packet.data);
        const std::string user = ReadText(reader);
        const std::string password = ReadText(reader);
        if (!reader.Ok())
        {
            result.refused = Reason::PppMalformed;
            return result;
        }
        if (!m_reply) // RFC 1334 2.2.2: a repeated request is given the same answer
        {
            m_user = user;
            const std::string* expected = FindPassword(*m_config, user);
            result.success = expected && *expected == password && RefusalOf(*m_config, user) == 0;
            m_reply = result.success ? PAP_ACK : PAP_NAK;
            if (!result.success)
            {
                result.denied = Reason::PppAuthFailed;
                result.failure = Failure{Reason::PppAuthFailed, MessageName(PPP_PAP, PAP_REQUEST)};
            }
        }
        constexpr std::uint8_t emptyMessage = 0;
        Send(out, PPP_PAP, {*m_reply, packet.id, ByteView(&emptyMessage, 1)});
        return result;
    }

    AuthResult Expire(Instant, Frames&) override
    {
        return {};
    }

    std::optional<Instant> Deadline() const override
    {
        return std::nullopt;
    }

    std::string User() const override
    {
        return m_user;
    }

  private:
    const Config* m_config;
    std::string m_user;
    std::optional<std::uint8_t> m_reply;
};

} // namespace

std::unique_ptr<Authentication> MakePapClient(const Config& config, const Login& login)
{
    return std::make_unique<PapClient>(config, login);
}

std::unique_ptr<Authentication> MakePapServer(const Config& config)
{
    return std::make_unique<PapServer>(config);
}

} // namespace nattlab::ppp

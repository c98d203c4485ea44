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
    explicit PapClient(const Config& config)
        : m_config(&config),
          m_repeater(config.timers)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_PAP;
    }

    void Start(Instant now, Outbox& out) override
    {
        Send(0, out);
        m_repeater.Begin(now);
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Outbox&) override
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

    AuthResult Expire(Instant now, Outbox& out) override
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
        return m_config->user;
    }

  private:
    void Send(std::uint32_t before, Outbox& out)
    {
        ControlPacket packet{PAP_REQUEST, ++m_id, {}}; // RFC 1334 2.2.1: a new one each time
        AppendText(packet.data, m_config->user);
        AppendText(packet.data, m_config->password);
        out.push_back({PPP_PAP, std::move(packet), before});
    }

    const Config* m_config;
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

    void Start(Instant, Outbox&) override
    {
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Outbox& out) override
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
        out.push_back({PPP_PAP, {*m_reply, packet.id, {0}}}); // an empty message
        return result;
    }

    AuthResult Expire(Instant, Outbox&) override
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

std::unique_ptr<Authentication> MakePapClient(const Config& config)
{
    return std::make_unique<PapClient>(config);
}

std::unique_ptr<Authentication> MakePapServer(const Config& config)
{
    return std::make_unique<PapServer>(config);
}

} // namespace nattlab::ppp

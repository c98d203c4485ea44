// SPDX-License-Identifier: GPL-2.0-only
// CHAP, RFC 1994, with MD5 or, as MS-CHAPv2, RFC 2759.
#include "model/crypto/hash.h"
#include "model/ppp/authentication.h"
#include "model/ppp/ms-chap-v2.h"

namespace nattlab::ppp
{

namespace
{

/** The data of a Challenge or Response (RFC 1994 4.1). */
struct ChapValue
{
    Bytes value;
    std::string name;

    static std::optional<ChapValue> Parse(ByteView data)
    {
        ByteReader reader(data);
        ChapValue chap;
        chap.value = reader.Read(reader.Read8()).ToBytes();
        const ByteView rest = reader.Rest();
        if (!reader.Ok() || chap.value.empty())
        {
            return std::nullopt;
        }
        chap.name.assign(rest.begin(), rest.end());
        return chap;
    }

    Bytes Build() const
    {
        Bytes data;
        Append8(data, static_cast<std::uint8_t>(value.size()));
        Append(data, value);
        Append(data, ByteView(std::string_view(name)).Sub(0, 255));
        return data;
    }
};

/** RFC 1994 4.1: the hash over identifier, secret and challenge. */
Bytes Md5Response(std::uint8_t id, std::string_view secret, ByteView challenge)
{
    return crypto::Digest(crypto::HashAlgorithm::Md5,
                          {ByteView(&id, 1), ByteView(secret), challenge});
}

AuthResult Refused(Reason reason)
{
    AuthResult result;
    result.refused = reason;
    return result;
}

AuthResult NoAnswer(std::uint8_t code)
{
    AuthResult result;
    result.failure = Failure{Reason::PppNoAnswer, MessageName(PPP_CHAP, code)};
    return result;
}

class ChapClient : public Authentication
{
  public:
    ChapClient(const Config& config, AuthMethod method, RandomStream random)
        : m_config(&config),
          m_method(method),
          m_random(random),
          m_repeater(config.timers),
          m_password(config.password)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_CHAP;
    }

    void Start(Instant, Outbox&) override
    {
    }

    AuthResult Receive(const ControlPacket& packet, Instant now, Outbox& out) override
    {
        if (packet.code == CHAP_CHALLENGE)
        {
            return OnChallenge(packet, now, out);
        }
        const bool verdict = packet.code == CHAP_SUCCESS || packet.code == CHAP_FAILURE;
        if (!verdict || !m_repeater.Deadline() || packet.id != m_response.id)
        {
            return Refused(Reason::PppUnexpectedMessage);
        }
        m_repeater.Stop();
        return packet.code == CHAP_SUCCESS ? OnSuccess(packet) : OnFailure(packet, now, out);
    }

    AuthResult Expire(Instant now, Outbox& out) override
    {
        if (!m_repeater.Due(now))
        {
            return {};
        }
        // The Success may be lost: the server answers a repeated Response (RFC 1994 4.1).
        const std::uint32_t before = m_repeater.Again(now);
        if (before == 0)
        {
            return NoAnswer(CHAP_RESPONSE);
        }
        out.push_back({PPP_CHAP, m_response, before});
        return {};
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
    AuthResult OnChallenge(const ControlPacket& packet, Instant now, Outbox& out)
    {
        const auto challenge = ChapValue::Parse(packet.data);
        const bool rightSize = m_method != AuthMethod::MsChapV2 ||
                               (challenge && challenge->value.size() == mschap::CHALLENGE_SIZE);
        if (!challenge || !rightSize)
        {
            return Refused(Reason::PppMalformed);
        }
        m_challenge = challenge->value;
        Respond(packet.id, now, out);
        return {};
    }

    void Respond(std::uint8_t id, Instant now, Outbox& out)
    {
        ChapValue response;
        response.name = m_config->user;
        if (m_method == AuthMethod::ChapMd5)
        {
            response.value = Md5Response(id, m_password, m_challenge);
        }
        else
        {
            m_peerChallenge = m_random.Take(mschap::CHALLENGE_SIZE);
            m_ntResponse =
                mschap::NtResponse(m_challenge, m_peerChallenge, m_config->user, m_password);
            response.value = Concat({m_peerChallenge, Bytes(8), m_ntResponse, Bytes(1)});
        }
        m_response = {CHAP_RESPONSE, id, response.Build()};
        out.push_back({PPP_CHAP, m_response});
        m_repeater.Begin(now);
    }

    AuthResult OnSuccess(const ControlPacket& packet)
    {
        AuthResult result;
        if (m_method == AuthMethod::MsChapV2)
        {
            // RFC 2759 5: the peer must end the link when this response is not the right one.
            const std::string expected = mschap::AuthenticatorResponse(
                m_password, m_ntResponse, m_peerChallenge, m_challenge, m_config->user);
            if (ByteView(packet.data).Sub(0, expected.size()) !=
                ByteView(std::string_view(expected)))
            {
                result.failure =
                    Failure{Reason::PppAuthServer, MessageName(PPP_CHAP, CHAP_SUCCESS)};
                return result;
            }
        }
        result.success = true;
        return result;
    }

    AuthResult OnFailure(const ControlPacket& packet, Instant now, Outbox& out)
    {
        const std::string message(packet.data.begin(), packet.data.end());
        const auto text = m_method == AuthMethod::MsChapV2 ? mschap::ParseFailure(message)
                                                           : std::optional<mschap::FailureText>{};
        if (text && text->retry && m_retries < m_config->retryPasswords.size())
        {
            m_password = m_config->retryPasswords[m_retries++];
            m_challenge = text->challenge;
            // RFC 2759 9.1.4: the retry answers the challenge in the failure, identifier plus one.
            Respond(static_cast<std::uint8_t>(packet.id + 1), now, out);
            return {};
        }
        AuthResult result;
        result.failure = Failure{Reason::PppAuthFailed, MessageName(PPP_CHAP, CHAP_FAILURE)};
        if (text)
        {
            result.failure->errorCode = text->error;
        }
        return result;
    }

    const Config* m_config;
    AuthMethod m_method;
    RandomStream m_random;
    Repeater m_repeater;
    std::string m_password;
    std::size_t m_retries{0};
    Bytes m_challenge;
    Bytes m_peerChallenge;
    Bytes m_ntResponse;
    ControlPacket m_response;
};

class ChapServer : public Authentication
{
  public:
    ChapServer(const Config& config, AuthMethod method, RandomStream random)
        : m_config(&config),
          m_method(method),
          m_random(random),
          m_repeater(config.timers)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_CHAP;
    }

    void Start(Instant now, Outbox& out) override
    {
        SendChallenge(0, out);
        m_repeater.Begin(now);
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Outbox& out) override
    {
        if (packet.code != CHAP_RESPONSE)
        {
            return Refused(Reason::PppUnexpectedMessage);
        }
        const auto response = ChapValue::Parse(packet.data);
        if (!response)
        {
            return Refused(Reason::PppMalformed);
        }
        if (m_reply && packet.id == m_reply->id)
        {
            out.push_back({PPP_CHAP, *m_reply, 1}); // RFC 1994 4.1: the same answer again
            return {};
        }
        if (m_decided || packet.id != m_id)
        {
            return Refused(Reason::PppUnexpectedMessage);
        }
        m_repeater.Stop();
        m_user = response->name;
        return Decide(*response, out);
    }

    AuthResult Expire(Instant now, Outbox& out) override
    {
        if (!m_repeater.Due(now))
        {
            return {};
        }
        const std::uint32_t before = m_repeater.Again(now);
        if (before == 0)
        {
            return NoAnswer(CHAP_CHALLENGE);
        }
        SendChallenge(before, out);
        return {};
    }

    std::optional<Instant> Deadline() const override
    {
        return m_repeater.Deadline();
    }

    std::string User() const override
    {
        return m_user;
    }

    std::optional<Failure> Setback() const override
    {
        return m_setback;
    }

  private:
    void SendChallenge(std::uint32_t before, Outbox& out)
    {
        // RFC 1994 4.1: identifier and value change each time a Challenge is sent.
        m_challenge = m_random.Take(mschap::CHALLENGE_SIZE);
        const ChapValue challenge{m_challenge, m_config->name};
        out.push_back({PPP_CHAP, {CHAP_CHALLENGE, ++m_id, challenge.Build()}, before});
    }

    AuthResult Decide(const ChapValue& response, Outbox& out)
    {
        const std::string* password = FindPassword(*m_config, response.name);
        const std::uint32_t refusal = RefusalOf(*m_config, response.name);
        const bool proved = password && Proves(response, *password);
        AuthResult result;
        result.success = proved && refusal == 0;
        std::string text;
        if (result.success)
        {
            text = m_method == AuthMethod::MsChapV2 ? Proof(response, *password) : "";
            m_setback.reset();
            m_decided = true;
        }
        else
        {
            result.denied = Reason::PppAuthFailed;
            text = Fail(proved ? refusal : 691, result);
        }
        const std::uint8_t code = result.success ? CHAP_SUCCESS : CHAP_FAILURE;
        m_reply = ControlPacket{code, m_id, ByteView(std::string_view(text)).ToBytes()};
        out.push_back({PPP_CHAP, *m_reply});
        if (!m_decided)
        {
            ++m_id; // RFC 2759 9.1.4: of the retry that is awaited
        }
        return result;
    }

    /** \return the text of the Failure; sets the result's failure when it is the last word. */
    std::string Fail(std::uint32_t error, AuthResult& result)
    {
        Failure failure{Reason::PppAuthFailed, MessageName(PPP_CHAP, CHAP_RESPONSE)};
        if (m_method == AuthMethod::ChapMd5)
        {
            m_decided = true;
            result.failure = failure;
            return {};
        }
        failure.errorCode = error;
        // Another password can help against a wrong one, not against a closed account.
        const bool retry = error == 691 && m_retries < m_config->authRetries;
        m_challenge = m_random.Take(mschap::CHALLENGE_SIZE);
        if (retry)
        {
            ++m_retries;
            m_setback = failure;
        }
        else
        {
            m_decided = true;
            result.failure = failure;
        }
        return mschap::BuildFailure({error, retry, m_challenge});
    }

    bool Proves(const ChapValue& response, const std::string& password) const
    {
        const ByteView value = response.value;
        if (m_method == AuthMethod::ChapMd5)
        {
            return value == ByteView(Md5Response(m_id, password, m_challenge));
        }
        return value.size() == mschap::RESPONSE_SIZE &&
               value.Sub(24, 24) == ByteView(mschap::NtResponse(
                                        m_challenge, value.Sub(0, 16), response.name, password));
    }

    std::string Proof(const ChapValue& response, const std::string& password) const
    {
        const ByteView value = response.value;
        return mschap::AuthenticatorResponse(
            password, value.Sub(24, 24), value.Sub(0, 16), m_challenge, response.name);
    }

    const Config* m_config;
    AuthMethod m_method;
    RandomStream m_random;
    Repeater m_repeater;
    std::uint8_t m_id{0};
    Bytes m_challenge;
    std::string m_user;
    std::uint32_t m_retries{0};
    std::optional<Failure> m_setback;
    std::optional<ControlPacket> m_reply; //!< the last verdict given
    bool m_decided{false};
};

} // namespace

std::unique_ptr<Authentication>
MakeChapClient(const Config& config, AuthMethod method, RandomStream random)
{
    return std::make_unique<ChapClient>(config, method, random);
}

std::unique_ptr<Authentication>
MakeChapServer(const Config& config, AuthMethod method, RandomStream random)
{
    return std::make_unique<ChapServer>(config, method, random);
}

} // namespace nattlab::ppp

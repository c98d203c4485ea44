// SPDX-License-Identifier: GPL-2.0-only
// CHAP, RFC 1994, with MD5 or, as MS-CHAPv2, RFC 2759.
#include "model/crypto/hash.h"
#include "model/ppp/authentication.h"
#include "model/ppp/ms-chap-v2.h"

#include <array>
#include <initializer_list>
#include <utility>

namespace nattlab::ppp
{

namespace
{

/** The data of a Challenge or Response (RFC 1994 4.1), where they stand. */
struct ChapValue
{
    ByteView value;
    ByteView name;

    static std::optional<ChapValue> Parse(ByteView data)
    {
        ByteReader reader(data);
        ChapValue chap;
        chap.value = reader.Read(reader.Read8());
        chap.name = reader.Rest();
        return reader.Ok() && !chap.value.empty() ? std::optional(chap) : std::nullopt;
    }
};

/** \return the data of a Challenge or Response; the value is given in parts. */
Bytes BuildValue(std::initializer_list<ByteView> parts, std::string_view name)
{
    const ByteView shown = ByteView(name).Sub(0, 255);
    Bytes data;
    data.reserve(1 + mschap::RESPONSE_SIZE + shown.size());
    Append8(data, 0);
    for (const ByteView part : parts)
    {
        Append(data, part);
    }
    data[0] = static_cast<std::uint8_t>(data.size() - 1);
    Append(data, shown);
    return data;
}

/** The first field of an MS-CHAPv2 Response (RFC 2759 4). */
ByteView PeerChallengeIn(ByteView response)
{
    return response.Sub(0, mschap::CHALLENGE_SIZE);
}

/** The third field, behind eight reserved octets. */
ByteView NtResponseIn(ByteView response)
{
    return response.Sub(24, 24);
}

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
    ChapClient(const Config& config, const Login& login, AuthMethod method, RandomStream random)
        : m_login(&login),
          m_method(method),
          m_random(random),
          m_repeater(config.timers),
          m_password(&login.password)
    {
    }

    std::uint16_t ProtocolNumber() const override
    {
        return PPP_CHAP;
    }

    void Start(Instant, Frames&) override
    {
    }

    AuthResult Receive(const ControlPacket& packet, Instant now, Frames& out) override
    {
        if (packet.code == CHAP_CHALLENGE)
        {
            return OnChallenge(packet, now, out);
        }
        const bool verdict = packet.code == CHAP_SUCCESS || packet.code == CHAP_FAILURE;
        if (!verdict || !m_repeater.Deadline() || packet.id != m_responseId)
        {
            return Refused(Reason::PppUnexpectedMessage);
        }
        m_repeater.Stop();
        return packet.code == CHAP_SUCCESS ? OnSuccess(packet) : OnFailure(packet, now, out);
    }

    AuthResult Expire(Instant now, Frames& out) override
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
        Send(out, PPP_CHAP, {CHAP_RESPONSE, m_responseId, m_response}, before);
        return {};
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
    AuthResult OnChallenge(const ControlPacket& packet, Instant now, Frames& out)
    {
        const auto challenge = ChapValue::Parse(packet.data);
        const bool rightSize = m_method != AuthMethod::MsChapV2 ||
                               (challenge && challenge->value.size() == mschap::CHALLENGE_SIZE);
        if (!challenge || !rightSize)
        {
            return Refused(Reason::PppMalformed);
        }
        m_challenge = challenge->value.ToBytes();
        Respond(packet.id, now, out);
        return {};
    }

    void Respond(std::uint8_t id, Instant now, Frames& out)
    {
        m_responseId = id;
        if (m_method == AuthMethod::ChapMd5)
        {
            m_response = BuildValue({Md5Response(id, *m_password, m_challenge)}, m_login->user);
        }
        else
        {
            constexpr std::uint8_t reserved[8] = {};
            constexpr std::uint8_t flags = 0;
            const Bytes peerChallenge = m_random.Take(mschap::CHALLENGE_SIZE);
            const Bytes proof =
                mschap::NtResponse(m_challenge, peerChallenge, m_login->user, *m_password);
            m_response = BuildValue(
                {peerChallenge, {reserved, sizeof reserved}, proof, {&flags, 1}}, m_login->user);
        }
        Send(out, PPP_CHAP, {CHAP_RESPONSE, m_responseId, m_response});
        m_repeater.Begin(now);
    }

    AuthResult OnSuccess(const ControlPacket& packet)
    {
        AuthResult result;
        if (m_method == AuthMethod::MsChapV2)
        {
            // RFC 2759 5: the peer must end the link when this response is not the right one.
            const ByteView sent = ChapValue::Parse(m_response)->value;
            const std::string expected = mschap::AuthenticatorResponse(
                *m_password, NtResponseIn(sent), PeerChallengeIn(sent), m_challenge, m_login->user);
            if (packet.data.Sub(0, expected.size()) != ByteView(std::string_view(expected)))
            {
                result.failure =
                    Failure{Reason::PppAuthServer, MessageName(PPP_CHAP, CHAP_SUCCESS)};
                return result;
            }
        }
        // No verdict is awaited any more, and another Challenge has another Response.
        m_challenge = Bytes{};
        m_response = Bytes{};
        result.success = true;
        return result;
    }

    AuthResult OnFailure(const ControlPacket& packet, Instant now, Frames& out)
    {
        const std::string message(packet.data.begin(), packet.data.end());
        const auto text = m_method == AuthMethod::MsChapV2 ? mschap::ParseFailure(message)
                                                           : std::optional<mschap::FailureText>{};
        if (text && text->retry && m_retries < m_login->retryPasswords.size())
        {
            m_password = &m_login->retryPasswords[m_retries++];
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

    const Login* m_login;
    AuthMethod m_method;
    std::uint8_t m_responseId{0};
    RandomStream m_random;
    Repeater m_repeater;
    const std::string* m_password; //!< the one in use
    std::size_t m_retries{0};
    Bytes m_challenge;
    Bytes m_response; //!< data of the last one sent
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

    void Start(Instant now, Frames& out) override
    {
        SendChallenge(0, out);
        m_repeater.Begin(now);
    }

    AuthResult Receive(const ControlPacket& packet, Instant, Frames& out) override
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
            SendReply(1, out); // RFC 1994 4.1: the same answer again
            return {};
        }
        if (m_decided || packet.id != m_id)
        {
            return Refused(Reason::PppUnexpectedMessage);
        }
        m_repeater.Stop();
        m_user.assign(response->name.begin(), response->name.end());
        return Decide(response->value, out);
    }

    AuthResult Expire(Instant now, Frames& out) override
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
    void SendChallenge(std::uint32_t before, Frames& out)
    {
        // RFC 1994 4.1: identifier and value change each time a Challenge is sent.
        m_random.Fill(m_challenge.data(), m_challenge.size());
        const Bytes data = BuildValue({Challenge()}, m_config->name);
        Send(out, PPP_CHAP, {CHAP_CHALLENGE, ++m_id, data}, before);
    }

    void SendReply(std::uint32_t before, Frames& out) const
    {
        Send(out,
             PPP_CHAP,
             {m_reply->code, m_reply->id, ByteView(std::string_view(m_reply->text))},
             before);
    }

    ByteView Challenge() const
    {
        return {m_challenge.data(), m_challenge.size()};
    }

    AuthResult Decide(ByteView response, Frames& out)
    {
        const std::string* password = FindPassword(*m_config, m_user);
        const std::uint32_t refusal = RefusalOf(*m_config, m_user);
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
        m_reply = Reply{code, m_id, std::move(text)};
        SendReply(0, out);
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
        m_random.Fill(m_challenge.data(), m_challenge.size());
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
        return mschap::BuildFailure({error, retry, Challenge().ToBytes()});
    }

    bool Proves(ByteView response, const std::string& password) const
    {
        if (m_method == AuthMethod::ChapMd5)
        {
            return response == ByteView(Md5Response(m_id, password, Challenge()));
        }
        return response.size() == mschap::RESPONSE_SIZE &&
               NtResponseIn(response) ==
                   ByteView(mschap::NtResponse(
                       Challenge(), PeerChallengeIn(response), m_user, password));
    }

    std::string Proof(ByteView response, const std::string& password) const
    {
        return mschap::AuthenticatorResponse(
            password, NtResponseIn(response), PeerChallengeIn(response), Challenge(), m_user);
    }

    /** A verdict that was given. */
    struct Reply
    {
        std::uint8_t code;
        std::uint8_t id;
        std::string text;
    };

    const Config* m_config;
    AuthMethod m_method;
    RandomStream m_random;
    Repeater m_repeater;
    std::uint8_t m_id{0};
    std::array<std::uint8_t, mschap::CHALLENGE_SIZE> m_challenge{}; //!< the last one sent
    std::string m_user;
    std::uint32_t m_retries{0};
    std::optional<Failure> m_setback;
    std::optional<Reply> m_reply; //!< the last verdict given
    bool m_decided{false};
};

} // namespace

std::unique_ptr<Authentication>
MakeChapClient(const Config& config, const Login& login, AuthMethod method, RandomStream random)
{
    return std::make_unique<ChapClient>(config, login, method, random);
}

std::unique_ptr<Authentication>
MakeChapServer(const Config& config, AuthMethod method, RandomStream random)
{
    return std::make_unique<ChapServer>(config, method, random);
}

} // namespace nattlab::ppp

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Two hosts made from presets, whose IKE engines are joined by hand: NATs are changes of addresses
 * and ports on the way.
 */
#ifndef NATTLAB_TEST_SIMULATION_PRESET_LAB_H
#define NATTLAB_TEST_SIMULATION_PRESET_LAB_H

#include "helper/scenario/load.h"
#include "helper/simulation/engine-config.h"
#include "model/crypto/cipher.h"
#include "model/crypto/hash.h"
#include "model/ike/engine.h"
#include "test/helper/simulation/preset-wire.h"

#include <deque>
#include <string>
#include <vector>

namespace nattlab::test
{

inline const char* const CLIENT_INSIDE = "192.168.1.2";
inline const char* const CLIENT_OUTSIDE = "203.0.113.7";
inline const char* const SERVER_INSIDE = "10.0.0.5";
inline const char* const SERVER_OUTSIDE = "198.51.100.1";

inline Ipv4Address
AddressOf(const char* text)
{
    return *Ipv4Address::Parse(text);
}

/** A client and a server on one link, each of a system preset. */
inline scenario::Scenario
LoadPair(const std::string& client, const std::string& server)
{
    scenario::LoadOptions options;
    options.file = NATTLAB_SOURCE_DIR "/scenarios/pair.json";
    return scenario::LoadText(R"({
        "title": "Two presets",
        "links": {"wire": {}},
        "hosts": {
            "client": {"system": ")" +
                                  client + R"(", "link": "wire",
                       "address": "192.0.2.1/24", "fqdn": "client.example.net"},
            "server": {"system": ")" +
                                  server + R"(", "link": "wire",
                       "address": "192.0.2.2/24", "fqdn": "vpn.example.com",
                       "server": {"presharedKey": "secret", "users": {"u": {"password": "p"}},
                                  "address": "172.16.0.1", "pool": "172.16.0.2-172.16.0.9"}}}})",
                              options);
}

/** What a host of that scenario is. */
inline HostConfig
ConfigOf(const scenario::Scenario& scenario, const std::string& name)
{
    return MakeHostConfig(scenario, *scenario.FindHost(name));
}

/** An IKE engine with what it left behind. */
struct IkeEnd
{
    IkeEnd(const HostConfig& config, const char* address)
        : node(log.AddNode(config.name)),
          engine(config.ike.Pointer(),
                 {config.name, config.fqdn, {AddressOf(address)}},
                 1,
                 Tracer{log, node},
                 &keys)
    {
        engine.SetPresharedKey(std::nullopt, ByteView{std::string_view{"secret"}}.ToBytes());
    }

    /** \return the notices of one kind. */
    template <typename T>
    std::vector<T> All() const
    {
        std::vector<T> found;
        for (const ike::Notice& notice : notices)
        {
            if (const T* n = std::get_if<T>(&notice))
            {
                found.push_back(*n);
            }
        }
        return found;
    }

    EventLog log;
    NodeId node;
    KeyLog keys;
    ike::Engine engine;
    std::vector<ike::Notice> notices;
};

/** A message as its sender sent it. */
struct SentMessage
{
    Instant at;
    bool fromClient;
    ike::Message message;
};

/** The two ends on one wire. */
class PresetLab
{
  public:
    scenario::Scenario scenario;
    const bool clientNat;
    const bool serverNat;
    IkeEnd client;
    IkeEnd server;
    bool clientIsHeard{true};
    std::size_t serverHears{SIZE_MAX}; //!< so many messages of the client, then no more
    std::vector<SentMessage> sent;

    PresetLab(const std::string& clientPreset,
              const std::string& serverPreset,
              bool natOfClient,
              bool natOfServer = false)
        : scenario(LoadPair(clientPreset, serverPreset)),
          clientNat(natOfClient),
          serverNat(natOfServer),
          client(ConfigOf(scenario, "client"), clientNat ? CLIENT_INSIDE : CLIENT_OUTSIDE),
          server(ConfigOf(scenario, "server"), serverNat ? SERVER_INSIDE : SERVER_OUTSIDE)
    {
        server.engine.Listen(true);
    }

    /** The client wants L2TP to be protected. */
    void Dial()
    {
        const Ipv4Address own = AddressOf(clientNat ? CLIENT_INSIDE : CLIENT_OUTSIDE);
        const Ipv4Address peer = AddressOf(SERVER_OUTSIDE);
        Take(true, client.engine.Acquire({own, peer, {own, peer, 17, 1701, 1701}, 1}, m_now));
        Settle();
    }

    /** Let the time pass. */
    void Run(Duration span)
    {
        const Instant end = m_now + span;
        Settle();
        while (const auto next = Earlier(client.engine.Deadline(), server.engine.Deadline()))
        {
            if (*next > end)
            {
                break;
            }
            m_now = *next;
            Take(true, client.engine.Expire(m_now));
            Take(false, server.engine.Expire(m_now));
            Settle();
        }
        m_now = end;
    }

    /** \return what one end sent, keepalives not counted. */
    std::vector<SentMessage> From(bool fromClient) const
    {
        std::vector<SentMessage> found;
        for (const SentMessage& s : sent)
        {
            if (s.fromClient == fromClient && !s.message.keepalive)
            {
                found.push_back(s);
            }
        }
        return found;
    }

    /** \return message \p n (from 1) of those that an end sent, cut into its parts. */
    WireMessage Cut(bool fromClient, std::size_t n) const
    {
        const auto all = From(fromClient);
        if (n > all.size())
        {
            ADD_FAILURE() << "no message " << n << " of the " << (fromClient ? "client" : "server");
            return {};
        }
        return CutMessage(all[n - 1].message.payload);
    }

    /** \return seconds from the start at which an end sent. */
    std::vector<double> Times(bool fromClient) const
    {
        std::vector<double> times;
        for (const SentMessage& s : From(fromClient))
        {
            times.push_back(std::chrono::duration<double>(s.at - Instant{}).count());
        }
        return times;
    }

    /** Phase-1 cipher and hash, which the test has read from the bytes. */
    struct Algorithms
    {
        crypto::CipherAlgorithm cipher;
        crypto::HashAlgorithm hash;
    };

    /** \return what the transform says that the server chose. */
    Algorithms Chosen() const
    {
        const auto texts = TransformTexts(Cut(false, 1).All(1).at(0));
        EXPECT_EQ(texts.size(), 1u);
        const std::string& t = texts.at(0);
        // RFC 2409 appendix A: attribute 1 is the cipher (1 DES, 5 3DES, 7 AES), 2 the hash (1
        // MD5).
        return {t.find(" 1=1 ") != std::string::npos   ? crypto::CipherAlgorithm::DesCbc
                : t.find(" 1=7 ") != std::string::npos ? crypto::CipherAlgorithm::AesCbc
                                                       : crypto::CipherAlgorithm::TripleDesCbc,
                t.find(" 2=1 ") != std::string::npos ? crypto::HashAlgorithm::Md5
                                                     : crypto::HashAlgorithm::Sha1};
    }

    /** \return the payloads of Main Mode 5, decrypted with the key of the key log. */
    std::vector<WirePayload> Main5() const
    {
        // RFC 2409 appendix B: the first IV is a hash of both Diffie-Hellman values.
        const Bytes ours = Cut(true, 2).All(4).at(0);
        const Bytes theirs = Cut(false, 2).All(4).at(0);
        return Decrypt(Cut(true, 3), {ours, theirs});
    }

    /** \return the payloads of Quick Mode 1. */
    std::vector<WirePayload> Quick1() const
    {
        return DecryptFirst(Cut(true, 4));
    }

    /** \return the payloads of Quick Mode 2 or 4, the fourth and fifth message of a server. */
    std::vector<WirePayload> Quick(std::size_t number) const
    {
        const std::size_t n = 3 + number / 2;
        return DecryptWith(Cut(false, n), LastBlock(Cut(true, n).encrypted));
    }

    /** The client deletes its security associations. \return the payloads of the message. */
    std::vector<WirePayload> Delete()
    {
        const std::size_t before = From(true).size();
        Take(true,
             client.engine.DeleteChild(client.All<ike::ChildUp>().at(0).sa.inboundSpi, m_now));
        return DecryptFirst(Cut(true, before + 1));
    }

  private:
    void Take(bool fromClient, ike::Output out)
    {
        IkeEnd& end = fromClient ? client : server;
        for (ike::Message& message : out.messages)
        {
            sent.push_back({m_now, fromClient, std::move(message)});
            m_way.push_back(sent.back());
        }
        end.notices.insert(end.notices.end(), out.notices.begin(), out.notices.end());
    }

    void Settle()
    {
        while (!m_way.empty())
        {
            const SentMessage next = std::move(m_way.front());
            m_way.pop_front();
            if (!next.fromClient)
            {
                Take(true, client.engine.Receive(ToClient(next.message), m_now));
            }
            else if (clientIsHeard && serverHears > 0)
            {
                --serverHears;
                Take(false, server.engine.Receive(ToServer(next.message), m_now));
            }
        }
    }

    /** The client's NAT maps port P to 10000 + P; the server's keeps its forwarded ports. */
    ike::Message ToServer(ike::Message m) const
    {
        std::swap(m.local, m.remote);
        m.local.address = AddressOf(serverNat ? SERVER_INSIDE : SERVER_OUTSIDE);
        m.remote.address = AddressOf(CLIENT_OUTSIDE);
        m.remote.port = static_cast<std::uint16_t>(m.remote.port + (clientNat ? 10000 : 0));
        return m;
    }

    ike::Message ToClient(ike::Message m) const
    {
        std::swap(m.local, m.remote);
        m.local.address = AddressOf(clientNat ? CLIENT_INSIDE : CLIENT_OUTSIDE);
        m.local.port = static_cast<std::uint16_t>(m.local.port - (clientNat ? 10000 : 0));
        m.remote.address = AddressOf(SERVER_OUTSIDE);
        return m;
    }

    Bytes LastBlock(const Bytes& encrypted) const
    {
        return ByteView{encrypted}
            .Sub(encrypted.size() - crypto::BlockSize(Chosen().cipher))
            .ToBytes();
    }

    /** The first message of a Quick Mode or informational exchange. */
    std::vector<WirePayload> DecryptFirst(const WireMessage& message) const
    {
        // RFC 2409 appendix B: a hash of the last block of Main Mode and the message's identifier.
        Bytes id;
        Append32(id, message.id);
        return Decrypt(message, {LastBlock(Cut(false, 3).encrypted), id});
    }

    std::vector<WirePayload> Decrypt(const WireMessage& message,
                                     std::initializer_list<ByteView> ivFrom) const
    {
        const Algorithms chosen = Chosen();
        Bytes iv = crypto::Digest(chosen.hash, ivFrom);
        iv.resize(crypto::BlockSize(chosen.cipher));
        return DecryptWith(message, iv);
    }

    std::vector<WirePayload> DecryptWith(const WireMessage& message, const Bytes& iv) const
    {
        if (client.keys.ike.empty())
        {
            ADD_FAILURE() << "no IKE key was logged";
            return {};
        }
        crypto::CbcCipher cipher(Chosen().cipher, client.keys.ike.front().encryptionKey);
        Bytes bytes = message.encrypted;
        cipher.Decrypt(iv, bytes.data(), bytes.size());
        return CutPayloads(message.next, bytes);
    }

    Instant m_now{};
    std::deque<SentMessage> m_way;
};

/** \return the bodies of one type among payloads. */
inline std::vector<Bytes>
BodiesOf(const std::vector<WirePayload>& payloads, int type)
{
    WireMessage m;
    m.payloads = payloads;
    return m.All(type);
}

} // namespace nattlab::test

#endif

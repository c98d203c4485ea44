// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A small public key infrastructure, and a lab whose ends have certificates from it.
 */
#ifndef NATTLAB_TEST_IKE_CERTIFICATES_H
#define NATTLAB_TEST_IKE_CERTIFICATES_H

#include "model/ike/keys.h"
#include "model/pki/authority.h"
#include "test/model/ike/lab.h"

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>

namespace nattlab::ike::test
{

constexpr pki::UnixTime TODAY = 1'090'000'000; // 2004-07-16
constexpr pki::UnixTime DAY = 86'400;

/** \return certificates that are valid for a month around TODAY. */
inline const pki::Pki&
Certificates()
{
    static const pki::Pki all = []
    {
        pki::Pki made{1};
        bool narrow = false;
        const auto issue = [&](const char* name, const char* issuer, bool authority, bool big)
        {
            pki::CertificateDescription d;
            d.name = name;
            d.issuer = issuer;
            d.authority = authority;
            if (narrow)
            {
                d.pathLength = 0;
            }
            d.notBefore = TODAY - 15 * DAY;
            d.notAfter = TODAY + 15 * DAY;
            d.keyBits = big ? 1024 : 512;
            made.Issue(d);
        };
        issue("root", "", true, false);
        issue("other-root", "", true, false);
        narrow = true; // no authority may stand below it
        issue("narrow-root", "", true, false);
        narrow = false;
        issue("middle", "root", true, false);
        issue("client", "root", false, false);
        issue("server", "root", false, false);
        issue("other-client", "other-root", false, false);
        issue("other-server", "other-root", false, false);
        issue("low-client", "middle", false, true);
        issue("low-server", "middle", false, true);
        issue("narrow-middle", "narrow-root", true, false);
        issue("narrow-client", "narrow-middle", false, false);
        issue("narrow-server", "narrow-middle", false, false);
        return made;
    }();
    return all;
}

/** \return a store with these machine certificates and roots. */
inline std::shared_ptr<pki::Store>
MakeStore(std::initializer_list<const char*> machine, std::initializer_list<const char*> roots)
{
    auto store = std::make_shared<pki::Store>();
    for (const char* name : machine)
    {
        store->AddMachineCertificate(Certificates().Machine(name));
    }
    for (const char* name : roots)
    {
        store->AddRoot(Certificates().Find(name).der);
    }
    return store;
}

/** \return credentials of two ends that trust one root. */
inline Credentials
Signing(const char* client = "client", const char* server = "server")
{
    return {false, MakeStore({client}, {"root"}), MakeStore({server}, {"root"}), TODAY, TODAY};
}

/** \return the subject of a certificate as a DER distinguished name. */
inline Bytes
SubjectOf(const char* name)
{
    return Certificates().Find(name).subject;
}

/**
 * Somebody between the two ends who knows the client's keys: opens MM5, and may change what is in
 * it. The far end answers from the changed cipher block, so what follows cannot be read by all.
 */
class Tap
{
  public:
    explicit Tap(const Lab& lab)
        : m_lab(lab)
    {
    }

    /** \return the payloads of a message in clear, or of MM5. */
    Chain Read(const std::string& name) const
    {
        const Flight& flight = Find(name);
        const Header header = *DecodeHeader(flight.message.payload);
        const ByteView body = ByteView{flight.message.payload}.Sub(Header::SIZE);
        if (!header.Encrypted())
        {
            return *DecodeChain(header.next, body.ToBytes());
        }
        return Open(flight.message.payload, FirstIv());
    }

    /** \return the payloads of MM6, which goes on from MM5. */
    Chain ReadMm6() const
    {
        const Bytes& mm5 = Find("MM5").message.payload;
        return Open(Find("MM6").message.payload, ByteView{mm5}.Sub(mm5.size() - 8));
    }

    /** \return MM5 with other payloads. */
    Bytes Mm5With(const std::vector<Payload>& payloads) const
    {
        Header header = *DecodeHeader(Find("MM5").message.payload);
        header.next = TypeOf(payloads.front());
        return EncodeMessage(header, EncryptPayloads(Cipher(), FirstIv(), EncodeChain(payloads)));
    }

    /** \return HASH_I over an identity. The client's streams are named, so its secrets are known.
     */
    ShortBytes HashI(ByteView idBody) const
    {
        constexpr auto SHA1 = crypto::HashAlgorithm::Sha1;
        RandomStream stream{1, "client", "ike.dh"};
        const auto dh = crypto::GenerateDhKey(crypto::DhGroup::Modp1024, stream);
        const Chain mm3 = Read("MM3");
        const Chain mm4 = Read("MM4");
        const Bytes gxr = mm4.Find<KeyExchangePayload>()->value;
        const Bytes shared = *crypto::SharedSecret(dh, gxr);
        const Header header = *DecodeHeader(Find("MM5").message.payload);
        const Cookies cookies{header.initiatorCookie, header.responderCookie};
        const ShortBytes skeyid = SkeyidOfSignatures(
            SHA1, mm3.Find<NoncePayload>()->value, mm4.Find<NoncePayload>()->value, shared);
        return MainModeHash(SHA1,
                            DeriveKeys(SHA1, skeyid, shared, cookies),
                            dh.publicValue,
                            gxr,
                            cookies.initiator,
                            cookies.responder,
                            *Read("MM1").Body(PAYLOAD_SA),
                            idBody);
    }

  private:
    const Flight& Find(const std::string& name) const
    {
        for (const Flight& flight : m_lab.sent)
        {
            if (flight.name == name)
            {
                return flight;
            }
        }
        throw std::logic_error(name + " was not sent");
    }

    ShortBytes FirstIv() const
    {
        return PhaseOneIv(crypto::HashAlgorithm::Sha1,
                          Read("MM3").Find<KeyExchangePayload>()->value,
                          Read("MM4").Find<KeyExchangePayload>()->value,
                          8);
    }

    crypto::CbcCipher Cipher() const
    {
        return {crypto::CipherAlgorithm::TripleDesCbc, m_lab.client.keys.ike.back().encryptionKey};
    }

    Chain Open(const Bytes& message, ByteView iv) const
    {
        const auto plain = DecryptPayloads(Cipher(), iv, ByteView{message}.Sub(Header::SIZE));
        return *DecodeChain(DecodeHeader(message)->next, *plain, 7);
    }

    const Lab& m_lab;
};

} // namespace nattlab::ike::test

#endif

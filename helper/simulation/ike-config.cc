// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/choice.h"
#include "helper/simulation/engine-config.h"

#include "model/crypto/hash.h"

namespace nattlab
{

namespace
{

using scenario::Section;

crypto::CipherAlgorithm
Cipher(const Section& section)
{
    using crypto::CipherAlgorithm;
    return Choose(section,
                  "cipher",
                  CipherAlgorithm::TripleDesCbc,
                  {{"null", CipherAlgorithm::Null},
                   {"des-cbc", CipherAlgorithm::DesCbc},
                   {"3des-cbc", CipherAlgorithm::TripleDesCbc},
                   {"aes-cbc", CipherAlgorithm::AesCbc}});
}

crypto::HashAlgorithm
Hash(const Section& section, std::string_view key)
{
    using crypto::HashAlgorithm;
    return Choose(section,
                  key,
                  HashAlgorithm::Sha1,
                  {{"md5", HashAlgorithm::Md5}, {"sha1", HashAlgorithm::Sha1}});
}

std::uint32_t
WholeSeconds(const Section& section, std::string_view key, std::uint32_t fallback)
{
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<seconds>(section.Time(key, seconds{fallback})).count());
}

ike::VendorId
MakeVendorId(const Section& section)
{
    ike::VendorId id;
    id.name = section.Text("name", "");
    Bytes hash;
    if (section.Has("hash"))
    {
        const std::string text = section.Text("hash", "");
        hash = crypto::Digest(crypto::HashAlgorithm::Md5, {ByteView{text}});
    }
    id.bytes = Concat({hash, FromHex(section.Text("hex", ""))});
    return id;
}

ike::Phase1Transform
MakePhase1(const Section& section)
{
    ike::Phase1Transform t;
    t.cipher = Cipher(section);
    ReadNumber(section, "keyBits", t.keyBits);
    t.hash = Hash(section, "hash");
    t.auth = Choose(section, "auth", t.auth, {{"preshared-key", ike::AuthMethod::PresharedKey}});
    t.group =
        static_cast<crypto::DhGroup>(section.Number("group", static_cast<std::uint64_t>(t.group)));
    t.lifeSeconds = WholeSeconds(section, "lifetime", t.lifeSeconds);
    return t;
}

ike::Phase2Proposal
MakePhase2(const Section& section)
{
    ike::Phase2Proposal p;
    p.cipher = Cipher(section);
    ReadNumber(section, "keyBits", p.keyBits);
    p.integrity = Hash(section, "integrity");
    p.lifeSeconds = WholeSeconds(section, "lifetime", p.lifeSeconds);
    p.lifeKilobytes = static_cast<std::uint32_t>(
        section.Bytes("volume", std::uint64_t{p.lifeKilobytes} * 1024) / 1024);
    if (section.Has("pfs"))
    {
        p.pfs = static_cast<crypto::DhGroup>(section.Number("pfs", 0));
    }
    return p;
}

void
ReadMessageRules(const Section& s, ike::Profile& p)
{
    p.preference =
        Choose(s,
               "preference",
               p.preference,
               {{"initiator", ike::Preference::Initiator}, {"own", ike::Preference::Own}});
    p.ignoreUnknownAttributes = s.Bool("ignoreUnknownAttributes", p.ignoreUnknownAttributes);
    if (s.Has("retransmitGaps"))
    {
        p.retransmitGaps = s.Times("retransmitGaps");
    }
    p.giveUpWait = s.Time("giveUpWait", p.giveUpWait);
    p.responderRetransmits = s.Bool("responderRetransmits", p.responderRetransmits);
    ReadNumber(s, "halfOpenLimit", p.halfOpenLimit);
    p.sendErrorNotify = s.Bool("sendErrorNotify", p.sendErrorNotify);
    p.notifyUndecryptable = s.Bool("notifyUndecryptable", p.notifyUndecryptable);
    p.notifyCarriesMessageId = s.Bool("notifyCarriesMessageId", p.notifyCarriesMessageId);
    p.unprotectedNotify = Choose(s,
                                 "unprotectedNotify",
                                 p.unprotectedNotify,
                                 {{"ends-negotiation", ike::UnprotectedNotify::EndsNegotiation},
                                  {"is-recorded", ike::UnprotectedNotify::IsRecorded}});
    p.earlyNotifyIv = Choose(s,
                             "earlyNotifyIv",
                             p.earlyNotifyIv,
                             {{"last-received", ike::EarlyNotifyIv::LastReceived},
                              {"last-sent", ike::EarlyNotifyIv::LastSent}});
    p.initialContact = s.Bool("initialContact", p.initialContact);
    p.obeyInitialContact = s.Bool("obeyInitialContact", p.obeyInitialContact);
    p.checkMainModeAddress = s.Bool("checkMainModeAddress", p.checkMainModeAddress);
    p.reauthentication = Choose(s,
                                "reauthentication",
                                p.reauthentication,
                                {{"when-needed", ike::Reauthentication::WhenNeeded},
                                 {"at-expiry", ike::Reauthentication::AtExpiry}});
    p.reauthenticateOnNatTPort = s.Bool("reauthenticateOnNatTPort", p.reauthenticateOnNatTPort);
    p.followMovedPeer = s.Bool("followMovedPeer", p.followMovedPeer);
}

void
ReadQuickModeRules(const Section& s, ike::Profile& p)
{
    p.responderBehindNat = Choose(s,
                                  "responderBehindNat",
                                  p.responderBehindNat,
                                  {{"refuse", ike::ResponderBehindNat::Refuse},
                                   {"if-only-one", ike::ResponderBehindNat::IfOnlyOne},
                                   {"if-both", ike::ResponderBehindNat::IfBoth}});
    p.checkQuickModeAddress = s.Bool("checkQuickModeAddress", p.checkQuickModeAddress);
    ReadNumber(s, "nonceSize", p.nonceSize);
    p.natOa = Choose(s,
                     "natOa",
                     p.natOa,
                     {{"only-if-behind-nat", ike::NatOaPolicy::OnlyIfBehindNat},
                      {"both", ike::NatOaPolicy::Both}});
    p.identity = Choose(s,
                        "identity",
                        p.identity,
                        {{"address", ike::QuickModeIdentity::Address},
                         {"fqdn-when-nated", ike::QuickModeIdentity::FqdnWhenNated}});
    p.responderPort = Choose(
        s,
        "responderPort",
        p.responderPort,
        {{"from-selector", ike::ResponderPort::FromSelector}, {"any", ike::ResponderPort::Any}});
    p.replyIdentity = Choose(
        s,
        "replyIdentity",
        p.replyIdentity,
        {{"echo", ike::ReplyIdentity::Echo}, {"windows-2003", ike::ReplyIdentity::Windows2003}});
    p.acceptFqdnIdentity = s.Bool("acceptFqdnIdentity", p.acceptFqdnIdentity);
    p.acceptChangedIdentities = s.Bool("acceptChangedIdentities", p.acceptChangedIdentities);
    ReadNumber(s, "servedProtocol", p.servedProtocol);
    ReadNumber(s, "servedPort", p.servedPort);
    p.selectorCollision = Choose(s,
                                 "selectorCollision",
                                 p.selectorCollision,
                                 {{"keep-apart", ike::SelectorCollision::KeepApart},
                                  {"refuse", ike::SelectorCollision::Refuse},
                                  {"replace", ike::SelectorCollision::Replace}});
    ReadNumber(s, "collisionNotify", p.collisionNotify);
    p.fourthMessage = Choose(s,
                             "fourthMessage",
                             p.fourthMessage,
                             {{"none", ike::FourthMessage::None},
                              {"connected", ike::FourthMessage::Connected},
                              {"initial-contact", ike::FourthMessage::InitialContact}});
    p.waitForFourthMessage = s.Bool("waitForFourthMessage", p.waitForFourthMessage);
    p.sendResponderLifetime = s.Bool("sendResponderLifetime", p.sendResponderLifetime);
    p.sendDeletes = s.Bool("sendDeletes", p.sendDeletes);
    p.reliableDelete = s.Bool("reliableDelete", p.reliableDelete);
    if (s.Has("deleteGaps"))
    {
        p.deleteGaps = s.Times("deleteGaps");
    }
    p.mainModeDeleteKeepsChildren =
        s.Bool("mainModeDeleteKeepsChildren", p.mainModeDeleteKeepsChildren);
    p.deleteReplaced = s.Bool("deleteReplaced", p.deleteReplaced);
    p.replacedGrace = s.Time("replacedGrace", p.replacedGrace);
    p.keepaliveInterval = s.Time("keepaliveInterval", p.keepaliveInterval);
}

void
ReadCertificateRules(const Section& s, ike::Profile& p)
{
    if (s.Has("authMethods"))
    {
        p.auth.clear();
        for (const std::string& method : s.Texts("authMethods"))
        {
            p.auth.push_back(
                ChooseItem<ike::AuthMethod>(s,
                                            "authMethods",
                                            method,
                                            {{"preshared-key", ike::AuthMethod::PresharedKey},
                                             {"rsa-signature", ike::AuthMethod::RsaSignature}}));
        }
    }
    p.certificateByRequest = s.Bool("certificateByRequest", p.certificateByRequest);
    p.checkOwnCertificateFirst = s.Bool("checkOwnCertificateFirst", p.checkOwnCertificateFirst);
    p.certificateOnlyWithIdentity =
        s.Bool("certificateOnlyWithIdentity", p.certificateOnlyWithIdentity);
    p.checkPeerCertificatePurpose =
        s.Bool("checkPeerCertificatePurpose", p.checkPeerCertificatePurpose);
    p.certificateEncoding = Choose(s,
                                   "certificateEncoding",
                                   p.certificateEncoding,
                                   {{"automatic", ike::CertificateEncoding::Automatic},
                                    {"x509", ike::CertificateEncoding::X509},
                                    {"pkcs7", ike::CertificateEncoding::Pkcs7}});
    p.fragmentation = s.Bool("fragmentation", p.fragmentation);
    p.fragmentationWait = s.Time("fragmentationWait", p.fragmentationWait);
    p.fragmentReassembly = s.Time("fragmentReassembly", p.fragmentReassembly);
    if (s.Has("cookieThreshold"))
    {
        p.cookieThreshold = s.Number("cookieThreshold", 0);
    }
    p.answersCookie = s.Bool("answersCookie", p.answersCookie);
}

} // namespace

ike::Profile
MakeIkeProfile(const Section& section)
{
    ike::Profile profile;
    for (const Section& id : section.Items("vendorIds"))
    {
        profile.vendorIds.push_back(MakeVendorId(id));
    }
    for (const std::string& flavor : section.Texts("natTraversal"))
    {
        profile.natT.push_back(
            ChooseItem<ike::NatTFlavor>(section,
                                        "natTraversal",
                                        flavor,
                                        {{"draft-02n", ike::NatTFlavor::Draft02N},
                                         {"draft-02", ike::NatTFlavor::Draft02},
                                         {"draft-03", ike::NatTFlavor::Draft03},
                                         {"rfc3947", ike::NatTFlavor::Rfc3947}}));
    }
    for (const Section& transform : section.Items("phase1"))
    {
        profile.phase1.push_back(MakePhase1(transform));
    }
    for (const Section& proposal : section.Items("phase2"))
    {
        profile.phase2.push_back(MakePhase2(proposal));
    }
    ReadMessageRules(section, profile);
    ReadQuickModeRules(section, profile);
    ReadCertificateRules(section, profile);
    return profile;
}

} // namespace nattlab

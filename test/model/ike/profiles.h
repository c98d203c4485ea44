// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Profiles to test with: rough likenesses, not the shipped presets.
 */
#ifndef NATTLAB_TEST_IKE_PROFILES_H
#define NATTLAB_TEST_IKE_PROFILES_H

#include "model/ike/profile.h"
#include "model/ike/vendor-ids.h"

namespace nattlab::ike::test
{

inline std::vector<Phase1Transform>
WindowsPhase1(bool group14)
{
    using crypto::CipherAlgorithm;
    using crypto::DhGroup;
    using crypto::HashAlgorithm;
    std::vector<Phase1Transform> list{
        {CipherAlgorithm::TripleDesCbc,
         0,
         HashAlgorithm::Sha1,
         AuthMethod::PresharedKey,
         DhGroup::Modp1024,
         28800},
        {CipherAlgorithm::TripleDesCbc,
         0,
         HashAlgorithm::Md5,
         AuthMethod::PresharedKey,
         DhGroup::Modp1024,
         28800},
        {CipherAlgorithm::DesCbc,
         0,
         HashAlgorithm::Sha1,
         AuthMethod::PresharedKey,
         DhGroup::Modp768,
         28800},
        {CipherAlgorithm::DesCbc,
         0,
         HashAlgorithm::Md5,
         AuthMethod::PresharedKey,
         DhGroup::Modp768,
         28800},
    };
    if (group14)
    {
        Phase1Transform strong = list.front();
        strong.group = DhGroup::Modp2048;
        list.insert(list.begin(), strong);
    }
    return list;
}

inline std::vector<Phase2Proposal>
WindowsPhase2()
{
    using crypto::CipherAlgorithm;
    using crypto::HashAlgorithm;
    return {{CipherAlgorithm::TripleDesCbc, 0, HashAlgorithm::Md5, 3600, 250000, {}},
            {CipherAlgorithm::TripleDesCbc, 0, HashAlgorithm::Sha1, 3600, 250000, {}},
            {CipherAlgorithm::DesCbc, 0, HashAlgorithm::Md5, 3600, 250000, {}},
            {CipherAlgorithm::DesCbc, 0, HashAlgorithm::Sha1, 3600, 250000, {}}};
}

/** A Windows client before the update: no NAT-T. */
inline Profile
XpWithoutNatT()
{
    Profile p;
    p.vendorIds = {MsNt5VendorId(3)};
    p.phase1 = WindowsPhase1(false);
    p.phase2 = WindowsPhase2();
    p.ignoreUnknownAttributes = true;
    p.natOa = NatOaPolicy::OnlyIfBehindNat;
    p.responderPort = ResponderPort::Any;
    p.earlyNotifyIv = EarlyNotifyIv::LastSent;
    return p;
}

/** A Windows client with the update. */
inline Profile
XpWithUpdate()
{
    Profile p = XpWithoutNatT();
    p.vendorIds = {
        MsNt5VendorId(4), VendorIdNamed("FRAGMENTATION"), VendorIdOf(NatTFlavor::Draft02N)};
    p.natT = {NatTFlavor::Draft02N};
    p.identity = QuickModeIdentity::FqdnWhenNated;
    p.responderPort = ResponderPort::FromSelector;
    return p;
}

/** A Windows server. */
inline Profile
Server2003()
{
    Profile p = XpWithUpdate();
    p.preference = Preference::Own;
    p.replyIdentity = ReplyIdentity::Windows2003;
    p.fourthMessage = FourthMessage::InitialContact;
    p.sendResponderLifetime = true;
    return p;
}

/** A plain implementation of RFC 3947, or of the draft that is named. */
inline Profile
Generic(NatTFlavor flavor = NatTFlavor::Rfc3947)
{
    Profile p;
    p.vendorIds = {VendorIdOf(flavor)};
    p.natT = {flavor};
    p.phase1 = WindowsPhase1(false);
    p.phase2 = WindowsPhase2();
    return p;
}

} // namespace nattlab::ike::test

#endif

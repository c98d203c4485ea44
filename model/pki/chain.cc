// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/chain.h"

#include <algorithm>
#include <iterator>

namespace nattlab::pki
{

namespace
{

/** A peer can send many certificates of one name: these bounds keep the search short. */
constexpr std::size_t MAXIMAL_DEPTH = 8;
constexpr int MAXIMAL_SIGNATURES = 64;

/** From the smallest to the largest problem of a chain. */
constexpr Reason BY_SEVERITY[] = {
    Reason::None,
    Reason::IkeCertificateExpired,
    Reason::IkeCertificateNotYetValid,
    Reason::IkeCertificateUsage,
    Reason::IkeCertificateUntrusted, // for want of a certificate
    Reason::IkeCertificateInvalid,
};

bool
IsSmaller(Reason a, Reason b)
{
    const auto first = std::begin(BY_SEVERITY);
    const auto last = std::end(BY_SEVERITY);
    return std::find(first, last, a) < std::find(first, last, b);
}

class Search
{
  public:
    Search(const std::vector<CertificatePointer>& others,
           const std::vector<CertificatePointer>& roots,
           UnixTime now)
        : m_others(others),
          m_roots(roots),
          m_now(now)
    {
    }

    /** \return the problem of all that stands above \p child. */
    Reason Above(const Certificate& child, unsigned below)
    {
        m_path.push_back(&child);
        Reason best = Reason::IkeCertificateUntrusted;
        bool found = false;
        for (const auto* pool : {&m_roots, &m_others})
        {
            for (const CertificatePointer& issuer : *pool)
            {
                if (best == Reason::None || issuer->subject != child.issuer)
                {
                    continue;
                }
                const Reason reason = Through(child, *issuer, below, pool == &m_roots);
                best = !found || IsSmaller(reason, best) ? reason : best;
                found = true;
            }
        }
        m_path.pop_back();
        return best;
    }

  private:
    Reason Through(const Certificate& child, const Certificate& issuer, unsigned below, bool isRoot)
    {
        if (m_path.size() >= MAXIMAL_DEPTH || m_signatures >= MAXIMAL_SIGNATURES)
        {
            return Reason::IkeCertificateUntrusted;
        }
        ++m_signatures;
        if (!issuer.key || !IsSignedBy(child, *issuer.key))
        {
            return Reason::IkeCertificateInvalid;
        }
        if (IsOnPath(issuer))
        {
            return Reason::IkeCertificateUntrusted; // it signed itself and is no root of ours
        }
        // RFC 5280 4.2.1.9: one that an authority issued to itself does not count.
        const unsigned counted = issuer.subject == issuer.issuer ? below : below + 1;
        const Reason above = isRoot ? Reason::None : Above(issuer, counted);
        const Reason own = ProblemOfAuthority(issuer, below, m_now);
        const bool leadsToARoot = IsSmaller(above, Reason::IkeCertificateUntrusted);
        return leadsToARoot && own != Reason::None ? own : above;
    }

    bool IsOnPath(const Certificate& certificate) const
    {
        return std::any_of(m_path.begin(),
                           m_path.end(),
                           [&](const Certificate* other) { return other->der == certificate.der; });
    }

    const std::vector<CertificatePointer>& m_others;
    const std::vector<CertificatePointer>& m_roots;
    UnixTime m_now;
    std::vector<const Certificate*> m_path;
    int m_signatures{0};
};

} // namespace

Reason
ProblemOfAuthority(const Certificate& authority, unsigned below, UnixTime now)
{
    const Reason validity = ValidityAt(authority, now);
    if (validity != Reason::None)
    {
        return validity;
    }
    const bool tooLong = authority.pathLength && below > *authority.pathLength;
    return authority.mayCertify && !tooLong ? Reason::None : Reason::IkeCertificateUsage;
}

Reason
ProblemOfEnd(const Certificate& certificate, UnixTime now, Purpose purpose)
{
    const Reason validity = ValidityAt(certificate, now);
    if (validity != Reason::None)
    {
        return validity;
    }
    const bool fits = certificate.maySign && certificate.key &&
                      (certificate.isForIke || purpose == Purpose::Ignored);
    return fits ? Reason::None : Reason::IkeCertificateUsage;
}

Reason
CheckChain(const Certificate& end,
           const std::vector<CertificatePointer>& others,
           const std::vector<CertificatePointer>& roots,
           UnixTime now,
           Purpose purpose)
{
    const bool isRoot = std::any_of(
        roots.begin(), roots.end(), [&](const auto& root) { return root->der == end.der; });
    const Reason above = isRoot ? Reason::None : Search(others, roots, now).Above(end, 0);
    const Reason own = ProblemOfEnd(end, now, purpose);
    const bool leadsToARoot = IsSmaller(above, Reason::IkeCertificateUntrusted);
    return leadsToARoot && own != Reason::None ? own : above;
}

} // namespace nattlab::pki

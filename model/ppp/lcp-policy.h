// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_LCP_POLICY_H
#define NATTLAB_PPP_LCP_POLICY_H

#include "model/crypto/random.h"
#include "model/ppp/config.h"
#include "model/ppp/negotiation.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace nattlab::ppp
{

/** \return the value of the authentication option (RFC 1661 6.2, RFC 1994 3, RFC 2759 2). */
ByteView AuthValue(AuthMethod method);

/** \return the method that an authentication option asks for, if it is a known one. */
std::optional<AuthMethod> MethodOf(const Option& option);

/** What an end wants of LCP, and what it grants its peer (RFC 1661 6, RFC 1570, 1990, 2125). */
class LcpPolicy : public OptionPolicy
{
  public:
    /** \p config must outlive the policy; \p random gives magic numbers. */
    LcpPolicy(const Config& config, Role role, RandomStream random);

    ByteView Wanted() const override;
    Judgement Judge(const Option& option, OptionList& naks) override;
    void Granted(Options options) override;
    std::optional<Failure> Acked() override;
    std::optional<Failure> Naked(Options suggestions) override;
    std::optional<Failure> Rejected(Options options) override;

    /** \return how the client proves who it is: as agreed by now. */
    std::optional<AuthMethod> Authentication() const;

    /** \return true when the last thing said to the peer's wish for authentication was no. */
    bool RefusedAuthentication() const
    {
        return m_refusedAuth;
    }

    /** \return what may be left out of frames to the peer. */
    HeaderCompression Compression() const
    {
        return m_compression;
    }

    /** \return the largest packet that the peer takes, bytes. */
    std::uint16_t PeerMru() const
    {
        return m_peerMru;
    }

    /** \return one's own magic number; 0 when none is used. */
    std::uint32_t Magic() const;

  private:
    Judgement JudgeAuth(const Option& option, OptionList& naks);
    Judgement JudgeMagic(const Option& option, OptionList& naks);
    std::optional<Failure> NextMethod(const Option& suggestion);
    std::optional<Failure> NewMagic(const Option& suggestion);
    std::optional<Failure> CountLoop();

    const Config* m_config;
    Role m_role;
    RandomStream m_random;
    std::uint16_t m_minMru;
    OptionList m_wanted;
    std::vector<AuthMethod> m_untried; //!< server: methods not refused yet, the present one first
    std::uint32_t m_suggestedMagic{0}; //!< in the last Nak sent
    std::uint32_t m_loops{0};
    bool m_refusedAuth{false};

    // Of the peer's request, once acknowledged.
    std::uint16_t m_peerMru;
    HeaderCompression m_compression;
    std::optional<AuthMethod> m_granted; //!< client: the method that the server asked for
};

} // namespace nattlab::ppp

#endif

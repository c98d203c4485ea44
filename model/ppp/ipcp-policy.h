// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_IPCP_POLICY_H
#define NATTLAB_PPP_IPCP_POLICY_H

#include "model/packet/address.h"
#include "model/ppp/config.h"
#include "model/ppp/negotiation.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace nattlab::ppp
{

/** What an end wants of IPCP, and what it grants its peer (RFC 1332, RFC 1877). */
class IpcpPolicy : public OptionPolicy
{
  public:
    /** \p config must outlive the policy. */
    IpcpPolicy(const Config& config, Role role);

    /** Server: the address that the client is to have; nothing when there is none. */
    void Assign(std::optional<Ipv4Address> address)
    {
        m_assigned = address;
    }

    ByteView Wanted() const override;
    Judgement Judge(const Option& option, OptionList& naks) override;
    void AddMissing(Options asked, OptionList& naks) const override;
    void Granted(Options options) override;
    std::optional<Failure> Acked() override;
    std::optional<Failure> Naked(Options suggestions) override;
    std::optional<Failure> Rejected(Options options) override;

    /** \return one's own address, as far as it is settled. */
    Ipv4Address Own() const;

    /** \return the peer's address; 0.0.0.0 when it named none. */
    Ipv4Address Peer() const
    {
        return m_peer;
    }

    /** \return the DNS servers that the peer named. */
    std::vector<Ipv4Address> Dns() const;

  private:
    std::optional<Ipv4Address> ServerFor(std::uint8_t type) const;
    std::optional<Ipv4Address> ValueOf(std::uint8_t type) const;

    const Config* m_config;
    Role m_role;
    OptionList m_wanted;
    std::optional<Ipv4Address> m_assigned;
    Ipv4Address m_peer;
};

/** What an end wants of CCP: MPPC, which no one here grants (RFC 1962, RFC 3078). */
class CcpPolicy : public OptionPolicy
{
  public:
    /** \param bits supported bits of the MPPE/MPPC option */
    explicit CcpPolicy(std::uint32_t bits);

    ByteView Wanted() const override;
    Judgement Judge(const Option& option, OptionList& naks) override;
    void Granted(Options options) override;
    std::optional<Failure> Acked() override;
    std::optional<Failure> Naked(Options suggestions) override;
    std::optional<Failure> Rejected(Options options) override;

  private:
    std::array<std::uint8_t, 6> m_wanted; //!< the one option, as it goes onto the wire
};

} // namespace nattlab::ppp

#endif

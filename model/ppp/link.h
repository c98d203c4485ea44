// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_LINK_H
#define NATTLAB_PPP_LINK_H

#include "model/ppp/authentication.h"
#include "model/ppp/ipcp-policy.h"
#include "model/ppp/lcp-policy.h"
#include "model/ppp/session.h"

#include <memory>
#include <optional>
#include <string>

namespace nattlab::ppp
{

/** The inside of a Session: the phases of a link, and the protocols that make them. */
class Session::Impl
{
  public:
    Impl(std::shared_ptr<const Config> config,
         Role role,
         std::string device,
         std::uint64_t seed,
         ConnectionId connection,
         AddressPool* pool,
         Tracer tracer,
         Login login);
    ~Impl();

    Output Start(Instant now);
    Output Receive(ByteView frame, TraceTag tag, Instant now);
    Output SendIp(ByteView packet, TraceTag tag);
    Output Terminate(Instant now, Reason why);
    Output LowerDown(Reason why, Instant now);
    Output Expire(Instant now);

    std::optional<Instant> Deadline() const
    {
        return m_deadline;
    }

    Phase CurrentPhase() const
    {
        return m_phase;
    }

  private:
    // Frames in.
    Reason Judge(const std::optional<FrameView>& frame,
                 const std::optional<ControlPacket>& packet,
                 Instant now);
    void RecordReceived(const std::optional<FrameView>& frame,
                        const std::optional<ControlPacket>& packet,
                        TraceTag tag,
                        Instant now) const;
    Reason Dispatch(const FrameView& frame, const ControlPacket& packet, Instant now);
    Reason ReceiveLcp(const ControlPacket& packet, Instant now);
    Reason ReceiveLcpExtra(const ControlPacket& packet, Instant now);
    Reason ReceiveEcho(const ControlPacket& packet, Instant now);
    Reason ReceiveProtocolReject(const ControlPacket& packet, Instant now);
    Reason ReceiveAuthentication(const FrameView& frame, const ControlPacket& packet, Instant now);
    Reason ReceiveIpcp(const ControlPacket& packet, Instant now);
    Reason ReceiveCcp(const FrameView& frame, const ControlPacket& packet, Instant now);
    Reason RefuseProtocol(const FrameView& frame);
    void RefuseCcp(const ControlPacket& packet);

    // What the protocols have to say.
    void OnLcp(const Signals& signals, Instant now);
    void OnAuthentication(const AuthResult& result, Instant now);
    void OnIpcp(const Signals& signals, Instant now);
    void OnCcp(const Signals& signals, Instant now);

    // Phases.
    void Enter(Phase phase);
    void LcpUp(Instant now);
    void StartNetwork(Instant now);
    void UpperDown(Instant now);
    void Fail(const Failure& failure, Instant now);
    void Settle(const Failure& failure);
    void Finish();
    Failure PeerTerminated() const;

    void ExpireEcho(Instant now);
    void SendLcp(std::uint8_t code, std::uint8_t id, ByteView data);
    Bytes WithMagic(ByteView data) const;
    bool LcpOpen() const;
    void RecordSent(const Frame& frame, Instant now) const;
    std::optional<Instant> NextDeadline() const;
    void Flush(Instant now);

    std::shared_ptr<const Config> m_config;
    std::optional<Instant> m_deadline; //!< as of the last Flush
    Phase m_phase{Phase::Dead};
    Role m_role;
    std::string m_device;
    std::uint64_t m_seed;
    ConnectionId m_connection;
    AddressPool* m_pool;
    Tracer m_tracer;
    Login m_login;

    LcpPolicy m_lcpPolicy;
    Negotiation m_lcp;
    IpcpPolicy m_ipcpPolicy;
    Negotiation m_ipcp;
    CcpPolicy m_ccpPolicy;
    Negotiation m_ccp;
    std::unique_ptr<Authentication> m_auth;

    bool m_started{false};
    bool m_wasUp{false};
    bool m_heard{false};       //!< the peer said something of use in this phase
    std::optional<Down> m_end; //!< why the link ends, once it does
    std::optional<Instant> m_negotiateBy;
    std::optional<Ipv4Address> m_lease;
    std::string m_user;
    std::uint32_t m_authentications{0}; //!< begun on this link

    std::optional<Instant> m_echoAt;
    std::uint32_t m_echoUnanswered{0};
    std::uint8_t m_echoId{0};

    Output* m_out{nullptr};        //!< of the call in progress
    Reason m_denied{Reason::None}; //!< what the last packet claimed was wrong
};

} // namespace nattlab::ppp

#endif

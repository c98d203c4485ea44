// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_NEGOTIATION_H
#define NATTLAB_PPP_NEGOTIATION_H

#include "model/packet/time.h"
#include "model/ppp/automaton.h"
#include "model/ppp/options.h"
#include "model/ppp/packet.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <optional>
#include <string>

namespace nattlab::ppp
{

/** Add the frame of a control packet, with nothing left out of its header yet. */
void Send(Frames& out,
          std::uint16_t protocol,
          const ControlPacket& packet,
          std::uint32_t resent = 0);

/** Why a link, or one protocol of it, cannot go on. */
struct Failure
{
    Reason reason{Reason::None};
    std::string detail;
    std::optional<std::uint32_t> errorCode{}; //!< E= of MS-CHAPv2
};

/** What an end thinks of one option that its peer asks for. */
struct Judgement
{
    /** The three answers of RFC 1661 5.2 to 5.4. */
    enum class Kind : std::uint8_t
    {
        Accept,
        Nak,
        Reject,
    };

    Kind kind{Kind::Accept};
    std::optional<Failure> failure{}; //!< give up once the answer is sent
};

/** What one control protocol wants and accepts: the part in which LCP, IPCP and CCP differ. */
class OptionPolicy
{
  public:
    virtual ~OptionPolicy() = default;

    /** \return the options of the next Configure-Request; they change when the last is answered. */
    virtual ByteView Wanted() const = 0;

    /** Judge one option that the peer asks for; what a Nak suggests is added to \p naks. */
    virtual Judgement Judge(const Option& option, OptionList& naks) = 0;

    /** Add to a Nak what the peer should have asked for. */
    virtual void AddMissing(Options asked, OptionList& naks) const;

    /** The peer's request, acceptable as a whole, is acknowledged. */
    virtual void Granted(Options options) = 0;

    /** The peer acknowledged what was wanted. */
    virtual std::optional<Failure> Acked() = 0;

    /** The peer suggests other values. */
    virtual std::optional<Failure> Naked(Options suggestions) = 0;

    /** The peer does not negotiate these. */
    virtual std::optional<Failure> Rejected(Options options) = 0;
};

/** What a step of a negotiation means for the layers around it. */
struct Signals
{
    bool up{false};       //!< This-Layer-Up
    bool down{false};     //!< This-Layer-Down
    bool finished{false}; //!< This-Layer-Finished
    std::optional<Failure> failure{};
    Reason refused{Reason::None}; //!< the packet was thrown away unprocessed
};

/**
 * The negotiation of one control protocol: the automaton, the packets that it sends and takes
 * (codes 1 to 7), and the loop avoidance of RFC 1661 4.5 and 4.6.
 */
class Negotiation
{
  public:
    /** \p timers and \p policy must outlive the negotiation. */
    Negotiation(std::uint16_t protocol, const Timers& timers, OptionPolicy& policy);

    Negotiation(const Negotiation&) = delete;
    Negotiation& operator=(const Negotiation&) = delete;

    /** The lower layer is up, after Open(). */
    Signals Up(Instant now, Frames& out);
    Signals Down(Instant now, Frames& out);
    Signals Open(Instant now, Frames& out);
    Signals Close(Instant now, Frames& out);

    /** Take a packet; a code that is not one of 1 to 7 is answered with Code-Reject. */
    Signals Receive(const ControlPacket& packet, Instant now, Frames& out);

    /** The peer sent an LCP Protocol-Reject for this protocol. */
    Signals ProtocolRejected(Instant now, Frames& out);

    /** Do what the Restart timer asks for, if it has run out. */
    Signals Expire(Instant now, Frames& out);

    std::optional<Instant> Deadline() const
    {
        return m_automaton.Deadline();
    }

    State Current() const
    {
        return m_automaton.Current();
    }

    /** The peer takes packets of \p mru bytes, at least 8; what a Code-Reject quotes is cut to fit.
     */
    void LimitTo(std::uint16_t mru)
    {
        m_mru = mru;
    }

    /** \return an identifier for a packet outside of the negotiation, such as Echo-Request. */
    std::uint8_t NextId()
    {
        return ++m_lastId;
    }

  private:
    /** The answer to a Configure-Request. */
    struct Verdict
    {
        std::uint8_t code{CONFIGURE_ACK};
        OptionList options{};
        std::optional<Failure> failure{};
    };

    Signals Step(Input input,
                 Instant now,
                 Frames& out,
                 const ControlPacket* cause = nullptr,
                 const Verdict* verdict = nullptr);
    Signals ReceiveRequest(const ControlPacket& packet, Instant now, Frames& out);
    Signals ReceiveAnswer(const ControlPacket& packet, Instant now, Frames& out);
    Signals ReceiveCodeReject(const ControlPacket& packet, Instant now, Frames& out);
    Verdict Judge(Options asked);
    void CountAnswer(Verdict& verdict);
    void SendRequest(bool again, Frames& out);
    void SendTerminate(bool again, Frames& out);
    Signals Fatal(Instant now, Frames& out, std::string detail);

    std::uint16_t m_protocol;
    std::uint16_t m_mru{1500};
    const Timers* m_timers;
    OptionPolicy* m_policy;
    Automaton m_automaton;
    std::uint8_t m_lastId{0};
    std::uint8_t m_requestId{0};    //!< of the last Configure-Request sent
    std::uint8_t m_terminateId{0};  //!< of the last Terminate-Request sent
    bool m_requestPending{false};   //!< the last Configure-Request has no answer yet
    std::uint32_t m_resent{0};      //!< how often the last request was sent again
    std::uint32_t m_naksSent{0};    //!< since the last Ack sent
    std::uint32_t m_rejectsSent{0}; //!< since the last Ack sent
    std::uint32_t m_refused{0};     //!< Naks and Rejects taken since the last Ack
};

} // namespace nattlab::ppp

#endif

// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_CONFIG_H
#define NATTLAB_PPP_CONFIG_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::ppp
{

/** Which end of the link this is. */
enum class Role : std::uint8_t
{
    Client, //!< dials, proves who it is, is given an address
    Server, //!< asks for the proof, gives the address
};

/** Ways to authenticate a client. */
enum class AuthMethod : std::uint8_t
{
    Eap,      //!< 0xC227; a server can offer it (RRAS does, first), nobody here can run it
    MsChapV2, //!< 0xC223, algorithm 0x81 (RFC 2759)
    ChapMd5,  //!< 0xC223, algorithm 5 (RFC 1994)
    Pap,      //!< 0xC023 (RFC 1334)
};

/** \return "EAP", "MS-CHAPv2", "CHAP-MD5" or "PAP". */
std::string_view NameOf(AuthMethod method);

/** What an end does with the Compression Control Protocol (RFC 1962). No compression is modelled.
 */
enum class CcpMode : std::uint8_t
{
    ProtocolReject,  //!< CCP is not spoken: LCP Protocol-Reject
    ConfigureReject, //!< CCP is understood, and every option rejected
    Offer,           //!< asks for MPPC, as Windows does, and rejects what the peer asks for
};

/** Limits of the negotiations: RFC 1661 4.6, and the values of RasMan\\PPP where Windows has one.
 */
struct Timers
{
    Duration restart{seconds{3}};     //!< Restart timer (RestartTimer)
    std::uint32_t maxConfigure{10};   //!< requests sent without an answer (MaxConfigure)
    std::uint32_t maxTerminate{2};    //!< Terminate-Requests sent without an Ack (MaxTerminate)
    std::uint32_t maxFailure{5};      //!< Naks sent before they become Rejects (MaxFailure)
    std::uint32_t maxReject{5};       //!< Rejects sent in a row before giving up (MaxReject)
    std::uint32_t maxRefused{10};     //!< Naks and Rejects taken in a row before giving up
    Duration negotiate{seconds{150}}; //!< from start to open, all phases (NegotiateTime)
};

/** Who a client says it is. */
struct Login
{
    std::string user; //!< with or without "DOMAIN\"
    std::string password;
    std::vector<std::string> retryPasswords; //!< typed in one by one when the server allows a retry
};

/** What one end of a PPP link wants, accepts and knows. Sessions share one: plain data. */
struct Config
{
    Timers timers;

    // LCP, in the order in which the options are asked for.
    std::uint16_t mru{1400};   //!< largest packet this end takes, bytes; 1500: not asked for
    std::uint16_t minMru{128}; //!< a smaller MRU is refused, bytes; at least 64
    std::optional<std::uint32_t> accm; //!< async control character map, if asked for
    bool magicNumber{true};
    bool protocolCompression{true};       //!< PFC
    bool addressCompression{true};        //!< ACFC
    std::optional<std::uint8_t> callback; //!< operation; Windows clients ask for 6 (CBCP)
    std::optional<std::uint16_t> mrru;    //!< multilink; Windows asks for 1614
    Bytes endpointDiscriminator;          //!< class and address (RFC 1990 5.1.3); empty: not sent
    std::optional<std::uint16_t> linkDiscriminator; //!< BAP (RFC 2125), asked for by RRAS
    std::vector<std::string> identifications;       //!< sent as LCP Identification once LCP is open
    std::uint32_t loopbackLimit{5};                 //!< times one's own magic number may come back

    Duration echoInterval{0};      //!< LCP Echo-Request while open; 0: none
    std::uint32_t echoFailures{3}; //!< unanswered ones in a row that end the link

    // Authentication.
    std::vector<AuthMethod> authMethods{AuthMethod::MsChapV2}; //!< \see Session: by role
    std::string name;                                          //!< computer name, in challenges

    // Authentication, server.
    std::map<std::string, std::string> users;          //!< password by user
    std::map<std::string, std::uint32_t> refusedUsers; //!< E= code, though the password is right
    std::uint32_t authRetries{2}; //!< MS-CHAPv2 retries allowed after a failure

    // IPCP.
    Ipv4Address address;           //!< own; 0.0.0.0: ask the peer for one
    bool requestDns{true};         //!< ask for both DNS servers (RFC 1877)
    bool requestWins{true};        //!< ask for both NetBIOS name servers (RFC 1877)
    std::vector<Ipv4Address> dns;  //!< server: given to clients; the first two count
    std::vector<Ipv4Address> wins; //!< server: given to clients; the first two count

    CcpMode ccp{CcpMode::ConfigureReject};
    std::uint32_t ccpBits{1}; //!< supported bits of the MPPE/MPPC option; 1 is MPPC (RFC 3078)
};

} // namespace nattlab::ppp

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What a pair of ESP security associations consists of (RFC 2401 4.4.3), as a key exchange hands it
 * over.
 */
#ifndef NATTLAB_ESP_SECURITY_ASSOCIATION_H
#define NATTLAB_ESP_SECURITY_ASSOCIATION_H

#include "model/crypto/cipher.h"
#include "model/crypto/hash.h"
#include "model/esp/selector.h"
#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nattlab::esp
{

/** Integrity algorithms of ESP. */
enum class Integrity : std::uint8_t
{
    HmacMd5_96,  //!< RFC 2403
    HmacSha1_96, //!< RFC 2404
};

/** How ESP packets travel. Tunnel mode is not modelled: L2TP/IPsec uses transport mode. */
enum class Encapsulation : std::uint8_t
{
    Transport,    //!< as IP protocol 50 (RFC 2406)
    UdpTransport, //!< in UDP (RFC 3948)
};

/** Length of the integrity check value of both algorithms, bytes. */
constexpr std::size_t ICV_SIZE = 12;

/** \return the key's size in bytes, which is fixed: 16 or 20. */
std::size_t KeySize(Integrity integrity);

/** \return the hash under the HMAC. */
crypto::HashAlgorithm HashOf(Integrity integrity);

/** \return the cipher's name in Wireshark's table of ESP SAs, such as "AES-CBC [RFC3602]". */
std::string_view WiresharkName(crypto::CipherAlgorithm cipher);

/** \return the algorithm's name there, such as "HMAC-SHA-1-96 [RFC2404]". */
std::string_view WiresharkName(Integrity integrity);

/** Names a pair of SAs made together, one inbound and one outbound; 0 is none. */
using PairId = std::uint64_t;

/** An inbound and an outbound SA that were negotiated together. */
struct SaPair
{
    std::uint32_t inboundSpi{0};  //!< chosen by this host; at least 256
    std::uint32_t outboundSpi{0}; //!< chosen by the peer
    crypto::CipherAlgorithm cipher{crypto::CipherAlgorithm::Null};
    Integrity integrity{Integrity::HmacSha1_96};
    Encapsulation encapsulation{Encapsulation::Transport};
    Endpoint local;  //!< outer address; the port is for UdpTransport
    Endpoint remote; //!< outer address; the port is for UdpTransport
    Selector selector;
    std::optional<Ipv4Address> peerOriginalAddress; //!< NAT-OA of the peer (RFC 3947 5.2)
    std::optional<Ipv4Address> ownOriginalAddress;  //!< NAT-OA of this host
    Duration softLifetime{0};   //!< after this a new pair should be made; 0: none
    Duration hardLifetime{0};   //!< after this no packet passes; 0: none
    std::uint64_t softBytes{0}; //!< the same in bytes, of either SA; 0: none
    std::uint64_t hardBytes{0}; //!< 0: none
    Duration idleTimeout{0};    //!< without a packet in either direction; 0: none
    ConnectionId connection{0};
    std::uint64_t owner{0}; //!< of what the pair is a part, as who installs it numbers such things
    Bytes inboundCipherKey;
    Bytes inboundAuthKey;
    Bytes outboundCipherKey;
    Bytes outboundAuthKey;
};

} // namespace nattlab::esp

#endif

// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The key schedule of IKEv1 (RFC 2409 5, 5.5 and appendix B). The prf is the HMAC of the hash that
 * was agreed; "body" means a payload without its generic header.
 */
#ifndef NATTLAB_IKE_KEYS_H
#define NATTLAB_IKE_KEYS_H

#include "model/crypto/cipher.h"
#include "model/crypto/hash.h"
#include "model/packet/bytes.h"
#include "model/packet/short-bytes.h"

#include <cstdint>
#include <optional>

namespace nattlab::ike
{

/** The cookies of an ISAKMP SA. */
struct Cookies
{
    std::uint64_t initiator{0};
    std::uint64_t responder{0};

    /** \return CKY-I | CKY-R. */
    ShortBytes ToBytes() const;
};

inline bool
operator==(const Cookies& a, const Cookies& b)
{
    return a.initiator == b.initiator && a.responder == b.responder;
}

/** SKEYID and what is derived from it. */
struct PhaseOneKeys
{
    ShortBytes skeyid;
    ShortBytes d; //!< for the keys of phase 2
    ShortBytes a; //!< authenticates
    ShortBytes e; //!< encrypts
};

/** \return SKEYID with a pre-shared key: prf(key, Ni_b | Nr_b). */
ShortBytes SkeyidOfPresharedKey(crypto::HashAlgorithm hash, ByteView key, ByteView ni, ByteView nr);

/** \return SKEYID with signatures: prf(Ni_b | Nr_b, g^xy). */
ShortBytes
SkeyidOfSignatures(crypto::HashAlgorithm hash, ByteView ni, ByteView nr, ByteView shared);

/** \return SKEYID_d, _a and _e. \param shared g^xy */
PhaseOneKeys
DeriveKeys(crypto::HashAlgorithm hash, ShortBytes skeyid, ByteView shared, const Cookies& cookies);

/**
 * \return the key of the phase-1 cipher; nothing when it is a weak or semi-weak key of DES.
 * \param size bytes
 */
std::optional<ShortBytes> PhaseOneCipherKey(crypto::HashAlgorithm hash,
                                            const PhaseOneKeys& keys,
                                            crypto::CipherAlgorithm cipher,
                                            std::size_t size);

/** \return the first IV of phase 1: HASH(g^xi | g^xr). \param size bytes */
ShortBytes PhaseOneIv(crypto::HashAlgorithm hash, ByteView gxi, ByteView gxr, std::size_t size);

/** \return the first IV of a phase-2 exchange: HASH(last phase-1 block | M-ID). */
ShortBytes PhaseTwoIv(crypto::HashAlgorithm hash, ByteView lastBlock, std::uint32_t messageId);

/** \return HASH_I, or HASH_R with the two ends exchanged. */
ShortBytes MainModeHash(crypto::HashAlgorithm hash,
                        const PhaseOneKeys& keys,
                        ByteView ownPublic,
                        ByteView peerPublic,
                        std::uint64_t ownCookie,
                        std::uint64_t peerCookie,
                        ByteView saBody,
                        ByteView idBody);

/**
 * \return prf(SKEYID_a, M-ID | nonce | rest): HASH(1) without nonce, HASH(2) with Ni_b.
 * \param rest all payloads after the HASH payload, with generic headers
 */
ShortBytes QuickModeHash(crypto::HashAlgorithm hash,
                         const PhaseOneKeys& keys,
                         std::uint32_t messageId,
                         ByteView nonce,
                         ByteView rest);

/** \return HASH(3): prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b). */
ShortBytes QuickModeHash3(crypto::HashAlgorithm hash,
                          const PhaseOneKeys& keys,
                          std::uint32_t messageId,
                          ByteView ni,
                          ByteView nr);

/**
 * \return the hash of the answer to an acknowledged delete: prf(SKEYID_a, Ni | M-ID | rest)
 * (MS-IKEE 3.1.5).
 */
ShortBytes DeleteAnswerHash(crypto::HashAlgorithm hash,
                            const PhaseOneKeys& keys,
                            ByteView ni,
                            std::uint32_t messageId,
                            ByteView rest);

/**
 * \return KEYMAT of one SA.
 * \param shared g(qm)^xy; empty without PFS
 * \param spi the one chosen by the receiver
 * \param size bytes wanted
 */
Bytes KeyMaterial(crypto::HashAlgorithm hash,
                  const PhaseOneKeys& keys,
                  ByteView shared,
                  std::uint8_t protocol,
                  std::uint32_t spi,
                  ByteView ni,
                  ByteView nr,
                  std::size_t size);

/** \return true for the weak and semi-weak keys of DES (RFC 2409 appendix A); parity is ignored. */
bool IsWeakDesKey(ByteView key);

/**
 * Encrypt payloads, padded with zeros to whole blocks.
 * \param bytes the payloads, and before them what stays clear
 * \param clear so many bytes
 */
Bytes
EncryptPayloads(const crypto::CbcCipher& cipher, ByteView iv, Bytes bytes, std::size_t clear = 0);

/** \return the payloads and padding; nothing when it is not whole blocks. */
std::optional<Bytes> DecryptPayloads(const crypto::CbcCipher& cipher, ByteView iv, ByteView data);

} // namespace nattlab::ike

#endif

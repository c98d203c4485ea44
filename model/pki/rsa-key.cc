// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/rsa-key.h"

#include "model/pki/der.h"
#include "model/pki/pem.h"

#include <algorithm>
#include <cryptopp/filters.h>
#include <cryptopp/integer.h>
#include <cryptopp/nbtheory.h>
#include <cryptopp/rsa.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::pki
{

using CryptoPP::Integer;

namespace
{

constexpr unsigned PUBLIC_EXPONENT = 65537;
constexpr std::size_t MINIMAL_BITS = 512;
constexpr std::size_t MAXIMAL_BITS_MADE = 4096;
/** A peer chooses the key that we check with: these bounds keep that cheap. */
constexpr std::size_t MAXIMAL_BITS = 8192;
constexpr std::size_t MAXIMAL_EXPONENT_BITS = 64;

Bytes
Encode(const Integer& value, std::size_t size)
{
    Bytes bytes(size);
    value.Encode(bytes.data(), size);
    return bytes;
}

Bytes
Encode(const Integer& value)
{
    return Encode(value, value.MinEncodedSize());
}

Integer
Decode(ByteView bytes)
{
    return Integer(bytes.data(), bytes.size());
}

/** PKCS#1 v1.5 block type 1 (RFC 8017 9.2); nothing when \p what is too long for it. */
Bytes
Pad(ByteView what, std::size_t size)
{
    constexpr std::size_t AROUND = 11; // 0, 1, at least eight 255, 0
    if (what.size() + AROUND > size)
    {
        return {};
    }
    Bytes block(size, 0xff);
    block[0] = 0;
    block[1] = 1;
    block[size - what.size() - 1] = 0;
    std::copy(what.begin(), what.end(), block.end() - static_cast<std::ptrdiff_t>(what.size()));
    return block;
}

/** \return the odd primes below 2^14. */
const std::vector<unsigned>&
SmallPrimes()
{
    static const std::vector<unsigned> PRIMES = []
    {
        constexpr unsigned END = 1 << 14;
        std::vector<bool> composite(END);
        std::vector<unsigned> primes;
        for (unsigned n = 3; n < END; n += 2)
        {
            if (composite[n])
            {
                continue;
            }
            primes.push_back(n);
            for (unsigned multiple = n * n; multiple < END; multiple += n)
            {
                composite[multiple] = true;
            }
        }
        return primes;
    }();
    return PRIMES;
}

/**
 * Draw a prime: the first one from a random odd number on. The search is our own because its result
 * must stand for ever, whatever the library does in its next version; the library only says
 * whether a number is prime.
 */
Integer
DrawPrime(std::size_t bits, RandomStream& random)
{
    constexpr std::size_t RANGE = 4096; // odd numbers; a prime of 2048 bits comes every 710
    while (true)
    {
        Bytes start = random.Take(bits / 8);
        start.front() |= 0xc0; // the product of two such numbers has its full length
        start.back() |= 1;
        const Integer first = Decode(start);
        std::vector<bool> composite(RANGE);
        for (const unsigned prime : SmallPrimes())
        {
            // first + 2i = 0 mod prime at i = -first / 2, and 1 / 2 is (prime + 1) / 2.
            const unsigned rest = static_cast<unsigned>(first.Modulo(prime));
            std::size_t i = std::size_t{prime - rest} * ((prime + 1) / 2) % prime;
            for (; i < RANGE; i += prime)
            {
                composite[i] = true;
            }
        }
        for (std::size_t i = 0; i < RANGE; ++i)
        {
            if (composite[i])
            {
                continue;
            }
            const Integer candidate = first + static_cast<long>(2 * i);
            if (candidate.BitCount() == bits && candidate.Modulo(PUBLIC_EXPONENT) != 1 &&
                CryptoPP::IsStrongProbablePrime(candidate, 3) && CryptoPP::IsPrime(candidate))
            {
                return candidate;
            }
        }
    }
}

} // namespace

struct RsaPublicKey::Numbers
{
    Integer modulus;
    Integer exponent;
    std::size_t size; //!< of modulus and signature, in bytes
};

RsaPublicKey::RsaPublicKey(ByteView modulus, ByteView exponent)
{
    Numbers numbers{Decode(modulus), Decode(exponent), 0};
    const std::size_t bits = numbers.modulus.BitCount();
    if (bits < MINIMAL_BITS || bits > MAXIMAL_BITS || numbers.modulus.IsEven())
    {
        throw std::invalid_argument(
            "an RSA modulus is odd and has 512 to 8192 bits; this one has " + std::to_string(bits));
    }
    if (numbers.exponent < 3 || numbers.exponent.IsEven() ||
        numbers.exponent.BitCount() > MAXIMAL_EXPONENT_BITS)
    {
        throw std::invalid_argument("a public RSA exponent is odd, above 1 and below 2^64");
    }
    numbers.size = numbers.modulus.ByteCount();
    m_numbers = std::make_shared<const Numbers>(std::move(numbers));
}

Bytes
RsaPublicKey::Modulus() const
{
    return Encode(m_numbers->modulus, m_numbers->size);
}

Bytes
RsaPublicKey::Exponent() const
{
    return Encode(m_numbers->exponent);
}

bool
RsaPublicKey::Verify(ByteView hash, ByteView signature) const
{
    const Bytes expected = Pad(hash, m_numbers->size);
    const Integer number = Decode(signature);
    if (expected.empty() || signature.size() != m_numbers->size || number >= m_numbers->modulus)
    {
        return false;
    }
    const Integer opened =
        CryptoPP::ModularExponentiation(number, m_numbers->exponent, m_numbers->modulus);
    // Building what must be there, instead of reading what is there, leaves no room for forgery.
    return Encode(opened, m_numbers->size) == expected;
}

struct RsaKey::Numbers
{
    RsaPublicKey publicKey;
    Integer privateExponent;
    Integer p; //!< the larger prime
    Integer q;
    Integer dp; //!< private exponent mod p - 1
    Integer dq;
    Integer inverse; //!< of q mod p

    /** \throws std::invalid_argument when the numbers make no key */
    static std::shared_ptr<const Numbers> Make(Integer p, Integer q, const Integer& exponent)
    {
        if (p < q)
        {
            std::swap(p, q);
        }
        const Integer phi = CryptoPP::LCM(p - 1, q - 1);
        Numbers numbers{RsaPublicKey(Encode(p * q), Encode(exponent)),
                        exponent.InverseMod(phi),
                        p,
                        q,
                        0,
                        0,
                        q.InverseMod(p)};
        if (numbers.privateExponent.IsZero() || numbers.inverse.IsZero())
        {
            throw std::invalid_argument("the numbers of the RSA key do not fit together");
        }
        numbers.dp = numbers.privateExponent % (p - 1);
        numbers.dq = numbers.privateExponent % (q - 1);
        return std::make_shared<const Numbers>(std::move(numbers));
    }
};

RsaKey::RsaKey(std::shared_ptr<const Numbers> numbers)
    : m_numbers(std::move(numbers))
{
}

RsaKey
RsaKey::Generate(std::size_t bits, RandomStream& random)
{
    if (bits < MINIMAL_BITS || bits > MAXIMAL_BITS_MADE || bits % 64 != 0)
    {
        throw std::invalid_argument("an RSA key has 512 to 4096 bits, a multiple of 64, not " +
                                    std::to_string(bits));
    }
    const Integer p = DrawPrime(bits / 2, random);
    Integer q = DrawPrime(bits / 2, random);
    while (q == p)
    {
        q = DrawPrime(bits / 2, random);
    }
    return RsaKey(Numbers::Make(p, q, PUBLIC_EXPONENT));
}

RsaKey
RsaKey::FromPem(ByteView pem)
{
    for (const PemBlock& block : ReadPem(pem))
    {
        const bool pkcs1 = block.label == "RSA PRIVATE KEY";
        if (!pkcs1 && block.label != "PRIVATE KEY")
        {
            continue;
        }
        CryptoPP::InvertibleRSAFunction parsed;
        try
        {
            CryptoPP::ArraySource source(block.der.data(), block.der.size(), true);
            if (pkcs1)
            {
                parsed.BERDecodePrivateKey(source, false, 0);
            }
            else
            {
                parsed.BERDecode(source);
            }
        }
        catch (const CryptoPP::Exception&)
        {
            throw std::invalid_argument("the private key cannot be read as RSA");
        }
        const Integer& p = parsed.GetPrime1();
        const Integer& q = parsed.GetPrime2();
        const bool sane = p.BitCount() + q.BitCount() <= MAXIMAL_BITS + 1 && p > 2 && q > 2 &&
                          p != q && p * q == parsed.GetModulus() &&
                          parsed.GetPublicExponent().IsPositive();
        if (!sane || !CryptoPP::IsPrime(p) || !CryptoPP::IsPrime(q))
        {
            throw std::invalid_argument("the numbers of the RSA key do not fit together");
        }
        return RsaKey(Numbers::Make(p, q, parsed.GetPublicExponent()));
    }
    throw std::invalid_argument("there is no private key in PEM form");
}

RsaPublicKey
RsaKey::Public() const
{
    return m_numbers->publicKey;
}

Bytes
RsaKey::Sign(ByteView hash) const
{
    const Numbers& n = *m_numbers;
    const std::size_t size = n.publicKey.Modulus().size();
    const Bytes block = Pad(hash, size);
    if (block.empty())
    {
        throw std::invalid_argument("a hash of " + std::to_string(hash.size()) +
                                    " bytes is too long for an RSA key of " +
                                    std::to_string(8 * size) + " bits");
    }
    // RFC 8017 5.1.2, 2(b): one power for each prime, put together again.
    const Integer number = Decode(block);
    const Integer modP = CryptoPP::ModularExponentiation(number % n.p, n.dp, n.p);
    const Integer modQ = CryptoPP::ModularExponentiation(number % n.q, n.dq, n.q);
    const Integer h = (modP + n.p - modQ) * n.inverse % n.p; // p > q, so that nothing is negative
    return Encode(modQ + h * n.q, size);
}

Bytes
RsaKey::ToDer() const
{
    const Numbers& n = *m_numbers;
    return der::Element(der::SEQUENCE,
                        {der::Unsigned({}), // version: two primes (RFC 8017 A.1.2)
                         der::Unsigned(n.publicKey.Modulus()),
                         der::Unsigned(n.publicKey.Exponent()),
                         der::Unsigned(Encode(n.privateExponent)),
                         der::Unsigned(Encode(n.p)),
                         der::Unsigned(Encode(n.q)),
                         der::Unsigned(Encode(n.dp)),
                         der::Unsigned(Encode(n.dq)),
                         der::Unsigned(Encode(n.inverse))});
}

} // namespace nattlab::pki

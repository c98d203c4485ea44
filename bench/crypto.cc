// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The cryptography of a negotiation: Diffie-Hellman plain and by what is remembered, and the
 * ciphers and MACs of one packet.
 */
#include "model/crypto/cipher.h"
#include "model/crypto/diffie-hellman.h"
#include "model/crypto/hash.h"

#include <benchmark/benchmark.h>

namespace
{

using namespace nattlab;
using namespace nattlab::crypto;

/** Both ends of one exchange: two keys, two secrets. The group is the argument. */
void
Exchange(benchmark::State& state, DhArithmetic arithmetic)
{
    const auto group = static_cast<DhGroup>(state.range(0));
    SetDhArithmetic(arithmetic);
    if (arithmetic == DhArithmetic::Remembering)
    {
        WarmUpDh({group});
    }
    RandomStream random(1, "bench", "dh");
    for (auto _ : state)
    {
        const DhKeyPair one = GenerateDhKey(group, random);
        const DhKeyPair other = GenerateDhKey(group, random);
        benchmark::DoNotOptimize(SharedSecret(one, other.publicValue));
        benchmark::DoNotOptimize(SharedSecret(other, one.publicValue));
    }
    SetDhArithmetic(DhArithmetic::Remembering);
}

void
ExchangePlain(benchmark::State& state)
{
    Exchange(state, DhArithmetic::Plain);
}

void
ExchangeRemembering(benchmark::State& state)
{
    Exchange(state, DhArithmetic::Remembering);
}

/** Encrypt one packet's content; the arguments are the cipher and the bytes. */
void
Encrypt(benchmark::State& state)
{
    const auto algorithm = static_cast<CipherAlgorithm>(state.range(0));
    RandomStream random(1, "bench", "cipher");
    const CbcCipher cipher(algorithm, random.Take(DefaultKeySize(algorithm)));
    const Bytes iv = random.Take(IvSize(algorithm));
    Bytes data = random.Take(static_cast<std::size_t>(state.range(1)));
    for (auto _ : state)
    {
        cipher.Encrypt(iv, data.data(), data.size());
        benchmark::DoNotOptimize(data.data());
    }
    state.SetBytesProcessed(state.iterations() * state.range(1));
}

/** Set a key and encrypt one block: what a security association costs before its first packet. */
void
SetKey(benchmark::State& state)
{
    const auto algorithm = static_cast<CipherAlgorithm>(state.range(0));
    RandomStream random(1, "bench", "key");
    const Bytes key = random.Take(DefaultKeySize(algorithm));
    const Bytes iv = random.Take(IvSize(algorithm));
    Bytes block(BlockSize(algorithm));
    for (auto _ : state)
    {
        CbcCipher(algorithm, key).Encrypt(iv, block.data(), block.size());
        benchmark::DoNotOptimize(block.data());
    }
}

/** The HMAC of one packet; the arguments are the hash and the bytes. */
void
Authenticate(benchmark::State& state)
{
    RandomStream random(1, "bench", "hmac");
    const Hmac hmac(static_cast<HashAlgorithm>(state.range(0)), random.Take(20));
    const Bytes data = random.Take(static_cast<std::size_t>(state.range(1)));
    std::uint8_t out[12];
    for (auto _ : state)
    {
        hmac.Compute(data, out, sizeof out);
        benchmark::DoNotOptimize(out);
    }
    state.SetBytesProcessed(state.iterations() * state.range(1));
}

void
AllGroups(benchmark::internal::Benchmark* b)
{
    b->ArgName("group")->Arg(1)->Arg(2)->Arg(5)->Arg(14)->Unit(benchmark::kMicrosecond);
}

void
AllCiphers(benchmark::internal::Benchmark* b)
{
    b->ArgNames({"cipher", "bytes"});
    for (const auto cipher :
         {CipherAlgorithm::DesCbc, CipherAlgorithm::TripleDesCbc, CipherAlgorithm::AesCbc})
    {
        b->Args({static_cast<int>(cipher), 112})->Args({static_cast<int>(cipher), 1392});
    }
}

BENCHMARK(ExchangePlain)->Apply(AllGroups);
BENCHMARK(ExchangeRemembering)->Apply(AllGroups);
BENCHMARK(Encrypt)->Apply(AllCiphers);
BENCHMARK(SetKey)->ArgName("cipher")->Arg(1)->Arg(2)->Arg(3);
BENCHMARK(Authenticate)
    ->ArgNames({"hash", "bytes"})
    ->Args({0, 128})
    ->Args({1, 128})
    ->Args({0, 1408})
    ->Args({1, 1408});

} // namespace

BENCHMARK_MAIN();

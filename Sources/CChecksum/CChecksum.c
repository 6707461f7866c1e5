#include "CChecksum.h"

// The remainder of a polynomial of bits is the same after a stretch of it was replaced by anything with the same remainder: 64
// bytes are multiplied without carries by what their distance leaves, and so folded onto the next 64. "Fast CRC Computation for
// Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009; bits are reflected, as in gzip.

/// The sum byte by byte, without the inversion before and after.
static uint32_t slow(uint32_t sum, const uint8_t *bytes, size_t size) {
    for (; size > 0; size--, bytes++) {
        sum ^= *bytes;
        for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
    }
    return sum;
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

int trail403_has_crc32(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_PCLMUL) != 0;
}

#define FOLDING __attribute__((target("pclmul"))) static inline

/// Moves 16 bytes onto 16 others, at the distance that `by` stands for.
FOLDING __m128i fold(__m128i bytes, __m128i by, __m128i onto) {
    __m128i low = _mm_clmulepi64_si128(bytes, by, 0x00), high = _mm_clmulepi64_si128(bytes, by, 0x11);
    return _mm_xor_si128(onto, _mm_xor_si128(low, high));
}

FOLDING __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

/// The same for at least 64 bytes, a multiple of 16.
FOLDING uint32_t folded(uint32_t sum, const uint8_t *bytes, size_t size) {
    const __m128i by64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4), by16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i words = _mm_setr_epi32(~0, 0, ~0, 0);
    __m128i lanes[4];
    for (int lane = 0; lane < 4; lane++) lanes[lane] = load(bytes + 16 * lane);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)sum));
    for (bytes += 64, size -= 64; size >= 64; bytes += 64, size -= 64)
        for (int lane = 0; lane < 4; lane++) lanes[lane] = fold(lanes[lane], by64, load(bytes + 16 * lane));
    __m128i all = lanes[0];
    for (int lane = 1; lane < 4; lane++) all = fold(all, by16, lanes[lane]);
    for (; size >= 16; bytes += 16, size -= 16) all = fold(all, by16, load(bytes));
    // 128 bits to 64, those to 32, and the remainder by two multiplications (Barrett).
    all = _mm_xor_si128(_mm_srli_si128(all, 8), _mm_clmulepi64_si128(all, by16, 0x10));
    all = _mm_xor_si128(
        _mm_srli_si128(all, 4),
        _mm_clmulepi64_si128(_mm_and_si128(all, words), _mm_set_epi64x(0, 0x0163cd6124), 0x00));
    const __m128i polynomial = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    __m128i quotient = _mm_and_si128(_mm_clmulepi64_si128(_mm_and_si128(all, words), polynomial, 0x10), words);
    all = _mm_xor_si128(all, _mm_clmulepi64_si128(quotient, polynomial, 0x00));
    return (uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(all, 4));
}

__attribute__((target("pclmul"))) uint32_t trail403_crc32(uint32_t sum, const uint8_t *bytes, size_t size) {
    size_t whole = size >= 64 ? size & ~(size_t)15 : 0;
    sum = ~sum;
    if (whole > 0) sum = folded(sum, bytes, whole);
    return ~slow(sum, bytes + whole, size - whole);
}

#else

int trail403_has_crc32(void) { return 0; }

uint32_t trail403_crc32(uint32_t sum, const uint8_t *bytes, size_t size) { return ~slow(~sum, bytes, size); }

#endif

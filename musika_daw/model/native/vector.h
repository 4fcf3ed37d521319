/* What the kernels share: clones for wider vectors, and functions of single numbers that compilers can vectorise.
 *
 * Compiled without contraction and without reassociation: every clone, on every processor, gives the same bits. */

#ifndef MUSIKA_VECTOR_H
#define MUSIKA_VECTOR_H

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
/* By what processors have, not by whose they are: names of architectures are of one maker alone. */
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

#define EXPORT __attribute__((visibility("default"))) CLONES
#define INLINE static inline __attribute__((always_inline))

INLINE float float_of(int32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE int32_t bits_of(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* e to the x, within 2e-7 of it; 87 on either side is far enough. Source of the coefficients: Cephes. */
INLINE float exp_of(float x) {
    x = x > 87.0f ? 87.0f : x;
    x = x < -87.0f ? -87.0f : x;
    float shifted = x * 1.44269504f + 12582912.0f; /* the whole number of halvings stands in the lowest bits */
    float whole = shifted - 12582912.0f;
    float rest = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    float sum = 1.9875691500e-4f;
    sum = sum * rest + 1.3981999507e-3f;
    sum = sum * rest + 8.3334519073e-3f;
    sum = sum * rest + 4.1665795894e-2f;
    sum = sum * rest + 1.6666665459e-1f;
    sum = sum * rest + 5.0000001201e-1f;
    sum = sum * rest * rest + rest + 1.0f;
    return sum * float_of((int32_t)((uint32_t)(bits_of(shifted) + 127) << 23));
}

/* Natural logarithm of a positive, normal number, within 2e-7. */
INLINE float log_of(float x) {
    int32_t bits = bits_of(x);
    float power = (float)((bits >> 23) - 126);
    float m = float_of((bits & 0x007fffff) | 0x3f000000); /* [0.5, 1) */
    int low = m < 0.707106781f;
    power = low ? power - 1.0f : power;
    m = low ? m + m - 1.0f : m - 1.0f;
    float square = m * m;
    float sum = 7.0376836292e-2f;
    sum = sum * m - 1.1514610310e-1f;
    sum = sum * m + 1.1676998740e-1f;
    sum = sum * m - 1.2420140846e-1f;
    sum = sum * m + 1.4249322787e-1f;
    sum = sum * m - 1.6668057665e-1f;
    sum = sum * m + 2.0000714765e-1f;
    sum = sum * m - 2.4999993993e-1f;
    sum = sum * m + 3.3333331174e-1f;
    float y = sum * m * square - 2.12194440e-4f * power - 0.5f * square;
    return m + y + 0.693359375f * power;
}

INLINE float silu_of(float x) { return x / (1.0f + exp_of(-x)); }

/* Nearest bfloat16, ties to even. */
INLINE uint16_t bfloat16_of(float value) {
    uint32_t bits = (uint32_t)bits_of(value);
    return (uint16_t)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

INLINE float of_bfloat16(uint16_t value) { return float_of((int32_t)((uint32_t)value << 16)); }

#endif

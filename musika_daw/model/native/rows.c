/* Around the products of matrices of a network: frames are rows, everything goes row by row in one pass.
 *
 * A convolution of three taps becomes four products of half as many rows (Winograd, F(2, 3)): of each pair of frames
 * that lie `dilation` apart, four sums of their neighbours go in, and two frames come out. That takes two thirds of the
 * multiplications. */

#include <math.h>

#include "vector.h"

#define LANES 16

/* One over the root mean square of a row; sums in LANES lanes, so that the order does not depend on the processor. */
INLINE float inverse_of_rms(const float *row, int32_t channels) {
    float sums[LANES] = {0.0f}, sum = 0.0f;
    for (int32_t i = 0; i + LANES <= channels; i += LANES)
        for (int32_t lane = 0; lane < LANES; lane++) sums[lane] += row[i + lane] * row[i + lane];
    for (int32_t lane = 0; lane < LANES; lane++) sum += sums[lane];
    for (int32_t i = channels / LANES * LANES; i < channels; i++) sum += row[i] * row[i];
    return 1.0f / sqrtf(sum / (float)channels + 1e-4f);
}

/* `x` [rows][channels] times `gain` [channels] over each row's root mean square -> `out`, in its shape. */
EXPORT void norm_rows(const float *x, const float *gain, int64_t rows, int32_t channels, float *restrict out) {
    for (int64_t row = 0; row < rows; row++) {
        const float *from = x + row * channels;
        float *restrict to = out + row * channels, scale = inverse_of_rms(from, channels);
        for (int32_t i = 0; i < channels; i++) to[i] = from[i] * (gain[i] * scale);
    }
}

/* The same in bfloat16, with `around` rows of zeros before and after each of `batch` stretches of `frames`. Without
 * `gain` numbers are only converted. */
EXPORT void norm_rows_bfloat16(const float *x, const float *gain, int32_t batch, int32_t frames, int32_t channels,
                               int32_t around, uint16_t *restrict out) {
    for (int32_t one = 0; one < batch; one++) {
        uint16_t *restrict stretch = out + (int64_t)one * (frames + 2 * around) * channels;
        memset(stretch, 0, sizeof(uint16_t) * (size_t)around * channels);
        memset(stretch + (int64_t)(around + frames) * channels, 0, sizeof(uint16_t) * (size_t)around * channels);
        for (int32_t frame = 0; frame < frames; frame++) {
            const float *from = x + ((int64_t)one * frames + frame) * channels;
            uint16_t *restrict to = stretch + (int64_t)(around + frame) * channels;
            float scale = gain ? inverse_of_rms(from, channels) : 1.0f;
            for (int32_t i = 0; i < channels; i++) to[i] = bfloat16_of(gain ? from[i] * (gain[i] * scale) : from[i]);
        }
    }
}

/* `x` [rows][channels] (bfloat16), scaled by one plus the first half of `film` [rows][2 * channels] and shifted by the
 * second where there is one, through SiLU, in place. */
EXPORT void silu_rows_bfloat16(uint16_t *restrict x, const float *film, int64_t rows, int32_t channels) {
    for (int64_t row = 0; row < rows; row++) {
        uint16_t *restrict at = x + row * channels;
        if (film) {
            const float *scale = film + row * 2 * channels, *shift = scale + channels;
            for (int32_t i = 0; i < channels; i++)
                at[i] = bfloat16_of(silu_of(of_bfloat16(at[i]) * (1.0f + scale[i]) + shift[i]));
        } else
            for (int32_t i = 0; i < channels; i++) at[i] = bfloat16_of(silu_of(of_bfloat16(at[i])));
    }
}

/* Frame of the pair number `pair`, the first of its two. */
INLINE int32_t first_of_pair(int32_t pair, int32_t dilation) {
    return pair / dilation * 2 * dilation + pair % dilation;
}

/* `x` [batch][frames][channels] -> `out` [4][batch * pairs][channels], through the norm of `gain` if there is one.
 * `work` [frames] takes the rows' scales. */
EXPORT void winograd_in(const float *x, const float *gain, int32_t batch, int32_t frames, int32_t pairs,
                        int32_t dilation, int32_t channels, float *restrict work, const float *zeros,
                        float *restrict out) {
    const int64_t part = (int64_t)batch * pairs * channels;
    for (int32_t one = 0; one < batch; one++) {
        const float *stretch = x + (int64_t)one * frames * channels;
        if (gain)
            for (int32_t frame = 0; frame < frames; frame++)
                work[frame] = inverse_of_rms(stretch + (int64_t)frame * channels, channels);
        for (int32_t pair = 0; pair < pairs; pair++) {
            const float *rows[4];
            float scale[4] = {1.0f, 1.0f, 1.0f, 1.0f};
            int32_t first = first_of_pair(pair, dilation);
            for (int32_t tap = 0; tap < 4; tap++) {
                int32_t frame = first + (tap - 1) * dilation;
                int there = frame >= 0 && frame < frames;
                rows[tap] = there ? stretch + (int64_t)frame * channels : zeros;
                if (gain) scale[tap] = there ? work[frame] : 0.0f;
            }
            float *restrict to = out + ((int64_t)one * pairs + pair) * channels;
            for (int32_t i = 0; i < channels; i++) {
                float weight = gain ? gain[i] : 1.0f;
                float d0 = rows[0][i] * (weight * scale[0]), d1 = rows[1][i] * (weight * scale[1]);
                float d2 = rows[2][i] * (weight * scale[2]), d3 = rows[3][i] * (weight * scale[3]);
                to[i] = d0 - d2;
                to[part + i] = d1 + d2;
                to[2 * part + i] = d2 - d1;
                to[3 * part + i] = d1 - d3;
            }
        }
    }
}

/* `products` [4][batch * pairs][channels] and `bias` -> `out` [batch][frames][channels]; scaled and shifted by `film`
 * [batch][frames][2 * channels] where there is one, through SiLU where asked for. */
EXPORT void winograd_out(const float *products, const float *bias, const float *film, int32_t silu, int32_t batch,
                         int32_t frames, int32_t pairs, int32_t dilation, int32_t channels, float *restrict out) {
    const int64_t part = (int64_t)batch * pairs * channels;
    for (int32_t one = 0; one < batch; one++)
        for (int32_t pair = 0; pair < pairs; pair++) {
            const float *m = products + ((int64_t)one * pairs + pair) * channels;
            for (int32_t second = 0; second < 2; second++) {
                int32_t frame = first_of_pair(pair, dilation) + second * dilation;
                if (frame >= frames) continue;
                int64_t row = (int64_t)one * frames + frame;
                float *restrict to = out + row * channels;
                if (second)
                    for (int32_t i = 0; i < channels; i++)
                        to[i] = m[part + i] - m[2 * part + i] - m[3 * part + i] + bias[i];
                else
                    for (int32_t i = 0; i < channels; i++)
                        to[i] = m[i] + m[part + i] + m[2 * part + i] + bias[i];
                if (film) {
                    const float *scale = film + row * 2 * channels, *shift = scale + channels;
                    for (int32_t i = 0; i < channels; i++) to[i] = to[i] * (1.0f + scale[i]) + shift[i];
                }
                if (silu)
                    for (int32_t i = 0; i < channels; i++) to[i] = silu_of(to[i]);
            }
        }
}

/* Between the Fourier transforms and the networks: bands of spectra, gains of bands to spectra, overlap-add. */

#include <math.h>

#include "vector.h"

#define MOST_BINS 1032 /* of 1025, and room for a whole vector more */
#define MOST_BANDS 136
#define LANES 8

/* Triangular bands between neighbouring centres. Segment k holds the bins from centre k up to centre k + 1;
 * `starts[k]` is its first bin, `starts[bands - 1]` the number of bins; `share[i]` is how much of bin i belongs to the
 * upper of its two bands. */
typedef struct {
    int32_t bands;
    int32_t used;
    const int32_t *starts;
    const float *share;
} Bands;

/* Log features of magnitudes in bands. `spectra` [channels][frames] of complex numbers, `inverse` [bands] one over each
 * band's sum of weights, `out` [frames][channels * bands]. */
EXPORT void band_features(const Bands *bands, const float *inverse, const float *spectra, int64_t channel_stride,
                          int64_t frame_stride, int32_t channels, int32_t frames, float *restrict out) {
    float magnitude[MOST_BINS], sums[MOST_BANDS];
    for (int32_t channel = 0; channel < channels; channel++)
        for (int32_t frame = 0; frame < frames; frame++) {
            const float *x = spectra + channel * channel_stride + frame * frame_stride;
            for (int32_t i = 0; i < bands->used; i++)
                magnitude[i] = sqrtf(x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1]);
            memset(sums, 0, sizeof sums);
            for (int32_t k = 0; k + 1 < bands->bands; k++) {
                float all = 0.0f, upper = 0.0f;
                for (int32_t i = bands->starts[k]; i < bands->starts[k + 1]; i++) {
                    all += magnitude[i];
                    upper += magnitude[i] * bands->share[i];
                }
                sums[k] += all - upper;
                sums[k + 1] += upper;
            }
            float *row = out + (int64_t)(frame * channels + channel) * bands->bands;
            for (int32_t k = 0; k < bands->bands; k++)
                row[k] = (log_of(sums[k] * inverse[k] + 1e-4f) + 7.0f) * (1.0f / 3.0f);
        }
}

/* Values of bands -> of bins. Whole vectors are written; what is too much of one segment is the next one's. */
INLINE void spread(const Bands *bands, const float *of_bands, float *restrict of_bins) {
    for (int32_t k = 0; k + 1 < bands->bands; k++) {
        float low = of_bands[k], rise = of_bands[k + 1] - of_bands[k];
        for (int32_t i = bands->starts[k]; i < bands->starts[k + 1]; i += LANES)
            for (int32_t lane = 0; lane < LANES; lane++)
                of_bins[i + lane] = low + rise * bands->share[i + lane];
    }
}

/* The exponential of a softly capped value: exp(top - log(1 + exp(top - x))). */
INLINE float capped_exp(float x, float lowest) { return 1.0f / (lowest + exp_of(-x)); }

/* Spectra of a pitched stem, mid and side, out of its excitation.
 *
 * `net` [frames][6 * bands]: log gains of odd, even, apart, turned, and of noise, mid and side. `source` three channels
 * of complex frames. `noise` [2][noise_frames][used] complex. `out` [2][frames][bins] complex, zero from `used` on. */
EXPORT void pitched_spectra(const Bands *bands, const float *net, int32_t frames, const float *source,
                            int64_t source_channel, int64_t source_frame, const float *noise, int32_t noise_frames,
                            int64_t first, float *restrict out, int32_t bins) {
    float of_bands[6][MOST_BANDS], gains[6][MOST_BINS];
    const float lowest_gain = exp_of(-3.0f), lowest_noise = exp_of(-1.0f);
    const int32_t used = bands->used, count = bands->bands;
    for (int32_t frame = 0; frame < frames; frame++) {
        const float *row = net + (int64_t)frame * 6 * count;
        for (int32_t part = 0; part < 6; part++) {
            float lowest = part < 4 ? lowest_gain : lowest_noise;
            for (int32_t k = 0; k < count; k++) of_bands[part][k] = capped_exp(row[part * count + k], lowest);
            spread(bands, of_bands[part], gains[part]);
        }
        const float *a = source + frame * source_frame, *b = a + source_channel, *c = b + source_channel;
        const float *n = noise + ((first + frame) % noise_frames) * 2 * used, *w = n + (int64_t)noise_frames * 2 * used;
        float *restrict mid = out + (int64_t)frame * 2 * bins;
        float *restrict side = out + (int64_t)(frames + frame) * 2 * bins;
        for (int32_t i = 0; i < used; i++) {
            float real = a[2 * i], imaginary = a[2 * i + 1], real_b = b[2 * i], imaginary_b = b[2 * i + 1];
            mid[2 * i] = real * gains[0][i] + real_b * gains[1][i] + n[2 * i] * gains[4][i];
            mid[2 * i + 1] = imaginary * gains[0][i] + imaginary_b * gains[1][i] + n[2 * i + 1] * gains[4][i];
            /* A quarter turn makes a side that is as loud on the left as on the right. */
            side[2 * i] = c[2 * i] * gains[2][i] - (imaginary + imaginary_b) * gains[3][i] + w[2 * i] * gains[5][i];
            side[2 * i + 1] = c[2 * i + 1] * gains[2][i] + (real + real_b) * gains[3][i] + w[2 * i + 1] * gains[5][i];
        }
        memset(mid + 2 * used, 0, sizeof(float) * 2 * (size_t)(bins - used));
        memset(side + 2 * used, 0, sizeof(float) * 2 * (size_t)(bins - used));
    }
}

/* Windowed frames [batch][count][n] added where they overlap: `out` [batch][(count + n / hop - 1) * hop]. */
EXPORT void overlap_add(const float *frames, const float *window, int32_t batch, int32_t count, int32_t n, int32_t hop,
                        float *restrict out) {
    const int32_t parts = n / hop;
    for (int32_t one = 0; one < batch; one++)
        for (int32_t block = 0; block < count + parts - 1; block++) {
            float *restrict to = out + ((int64_t)one * (count + parts - 1) + block) * hop;
            memset(to, 0, sizeof(float) * (size_t)hop);
            for (int32_t part = 0; part < parts; part++) {
                int32_t frame = block - part;
                if (frame < 0 || frame >= count) continue;
                const float *from = frames + ((int64_t)one * count + frame) * n + part * hop;
                const float *shape = window + part * hop;
                for (int32_t i = 0; i < hop; i++) to[i] += from[i] * shape[i];
            }
        }
}

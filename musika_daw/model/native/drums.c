/* The noise of drums: levels in bands times noise in bands. */

#include "vector.h"

#define BLOCK 64

/* One channel of noise. `levels` [count + 1][bands], one at the start of each block, joined by straight lines; `table`
 * [blocks][bands][BLOCK]; `first` the first block's place in the table; `out` [count * BLOCK]. */
EXPORT void noise_in_bands(const float *levels, const float *table, int32_t blocks, int32_t bands, int32_t count,
                           int32_t first, float *restrict out) {
    float rise[BLOCK];
    for (int32_t i = 0; i < BLOCK; i++) rise[i] = ((float)i + 0.5f) / BLOCK;
    for (int32_t k = 0; k < count; k++) {
        const float *level = levels + (int64_t)k * bands;
        const float *noise = table + (int64_t)((first + k) % blocks) * bands * BLOCK;
        float sum[BLOCK] = {0};
        for (int32_t band = 0; band < bands; band++) {
            float now = level[band], further = level[bands + band] - now;
            const float *of_band = noise + band * BLOCK;
            for (int32_t i = 0; i < BLOCK; i++) sum[i] += (now + further * rise[i]) * of_band[i];
        }
        memcpy(out + (int64_t)k * BLOCK, sum, sizeof sum);
    }
}

/* The oscillators of pitched stems. */

#include <math.h>

#include "vector.h"

#define TABLE 4096
#define BLOCK 256

/* A note, from its sample `age` on. Times in samples; `cents` apart stand two voices of `hz_low` and `hz_high`, one
 * alone where they are equal. `choked` is the age from which the note is choked, or negative. */
typedef struct {
    int64_t age;
    int64_t held;
    int64_t choked;
    double hz_low;
    double hz_high;
    double sample_rate;
    float attack; /* samples */
    float ring;   /* samples */
    float choke;  /* samples */
    int32_t glide_length;
    const double *glide; /* seconds gained at each age, the last of them for good; NULL: none */
    const float *table;  /* [TABLE] one cycle: odd harmonics, even harmonics */
} Tone;

INLINE void find_places(const double *time, double hz, int32_t count, int32_t *restrict place) {
    for (int32_t i = 0; i < count; i++) {
        double cycles = time[i] * hz;
        place[i] = (int32_t)((cycles - floor(cycles)) * TABLE);
    }
}

INLINE void find_levels(const Tone *tone, int64_t age, int32_t count, float *restrict level) {
    for (int32_t i = 0; i < count; i++) {
        float rise = (float)(int32_t)(age + i + 1) / tone->attack;
        float ringing = (float)(int32_t)(age + i - tone->held), choking = (float)(int32_t)(age + i - tone->choked);
        ringing = ringing > 0.0f ? ringing / tone->ring : 0.0f;
        choking = tone->choked >= 0 && choking > 0.0f ? choking / tone->choke : 0.0f;
        level[i] = (rise < 1.0f ? rise : 1.0f) * 0.5f * exp_of(-ringing - choking);
    }
}

/* Adds `samples` samples of a note to three channels: odd and even harmonics of both voices, their difference. */
EXPORT void add_tone(const Tone *tone, int64_t samples, float *restrict odd, float *restrict even,
                     float *restrict apart) {
    double time[BLOCK];
    float level[BLOCK];
    int32_t low[BLOCK], high[BLOCK];
    const int two = tone->hz_low != tone->hz_high;
    for (int64_t start = 0; start < samples; start += BLOCK) {
        int32_t count = samples - start < BLOCK ? (int32_t)(samples - start) : BLOCK;
        int64_t age = tone->age + start;
        for (int32_t i = 0; i < count; i++) time[i] = (double)(age + i) / tone->sample_rate;
        if (tone->glide)
            for (int32_t i = 0; i < count; i++)
                time[i] += tone->glide[age + i < tone->glide_length ? age + i : tone->glide_length - 1];
        find_levels(tone, age, count, level);
        find_places(time, tone->hz_high, count, high);
        if (two) find_places(time, tone->hz_low, count, low);
        const float *table = tone->table, *second = tone->table;
        const int32_t *other = two ? low : high;
        for (int32_t i = 0; i < count; i++) {
            const float *a = table + 2 * high[i], *b = second + 2 * other[i];
            odd[start + i] += (a[0] + b[0]) * level[i];
            even[start + i] += (a[1] + b[1]) * level[i];
            if (two) apart[start + i] += (a[0] - b[0] + (a[1] - b[1])) * level[i];
        }
    }
}

/* What runs in JACK's own threads: a ring buffer of interleaved frames that becomes one port per channel.
 *
 * One thread writes (ring_write, ring_drain); JACK's audio thread reads (ring_process). They share two counters and
 * no lock, and the audio thread neither allocates nor calls the system. No header of JACK is needed: the one function
 * of it that is called comes as a pointer.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

typedef void *(*get_buffer_function)(void *port, uint32_t frames);

typedef struct {
    get_buffer_function get_buffer;
    void **ports;
    float *frames;
    uint32_t channels, most;
    _Atomic uint32_t capacity; /* frames that it is filled with, up to most: what is heard is that much late */
    _Atomic uint64_t written, read;
    _Atomic uint32_t period, periods, underruns, xruns;
    _Atomic int draining, lost;
    int playing; /* of the audio thread alone */
} ring;

EXPORT void ring_free(ring *r)
{
    if (r) {
        free(r->frames);
        free(r->ports);
        free(r);
    }
}

EXPORT ring *ring_new(uint32_t channels, uint32_t capacity, uint32_t most, void *const *ports, void *get_buffer)
{
    ring *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->frames = calloc((size_t)channels * most, sizeof *r->frames);
    r->ports = malloc(channels * sizeof *r->ports);
    if (!r->frames || !r->ports) {
        ring_free(r);
        return NULL;
    }
    memcpy(r->ports, ports, channels * sizeof *r->ports);
    r->get_buffer = (get_buffer_function)get_buffer;
    r->channels = channels;
    r->most = most;
    atomic_init(&r->capacity, capacity < most ? capacity : most);
    return r;
}

/* Frames that wait to be played. */
EXPORT uint32_t ring_ready(ring *r)
{
    uint64_t read = atomic_load_explicit(&r->read, memory_order_acquire);
    return (uint32_t)(atomic_load_explicit(&r->written, memory_order_relaxed) - read);
}

/* Frames that can be written now; none while it holds more than it is to hold since it was made smaller. */
EXPORT uint32_t ring_room(ring *r)
{
    uint32_t capacity = atomic_load(&r->capacity), ready = ring_ready(r);
    return ready < capacity ? capacity - ready : 0;
}

/* Fills it with more or less from now on. */
EXPORT void ring_resize(ring *r, uint32_t capacity)
{
    atomic_store(&r->capacity, capacity < r->most ? capacity : r->most);
}

EXPORT uint32_t ring_capacity(ring *r) { return atomic_load(&r->capacity); }

/* Frames that JACK asked for the last time; 0 before it did. */
EXPORT uint32_t ring_period(ring *r) { return atomic_load(&r->period); }

/* Takes as many of the frames as there is room for, and says how many. */
EXPORT uint32_t ring_write(ring *r, const float *frames, uint32_t count)
{
    uint64_t written = atomic_load_explicit(&r->written, memory_order_relaxed);
    uint32_t room = ring_room(r), taken = count < room ? count : room, at = (uint32_t)(written % r->most);
    uint32_t first = taken < r->most - at ? taken : r->most - at;
    size_t width = r->channels;
    memcpy(r->frames + at * width, frames, first * width * sizeof *frames);
    memcpy(r->frames, frames + first * width, (taken - first) * width * sizeof *frames);
    atomic_store_explicit(&r->written, written + taken, memory_order_release);
    return taken;
}

/* From now on an empty ring is the end, not an underrun. */
EXPORT void ring_drain(ring *r) { atomic_store(&r->draining, 1); }

EXPORT uint32_t ring_periods(ring *r) { return atomic_load(&r->periods); }
EXPORT uint32_t ring_underruns(ring *r) { return atomic_load(&r->underruns); }
EXPORT uint32_t ring_xruns(ring *r) { return atomic_load(&r->xruns); }
EXPORT int ring_lost(ring *r) { return atomic_load(&r->lost); }

/* JackProcessCallback. Sound begins, and begins again after an underrun, when the ring is full: a ring that was
 * refilled only a little would run dry again at once. */
EXPORT int ring_process(uint32_t count, void *argument)
{
    ring *r = argument;
    uint64_t read = atomic_load_explicit(&r->read, memory_order_relaxed);
    uint32_t ready = (uint32_t)(atomic_load_explicit(&r->written, memory_order_acquire) - read);
    int draining = atomic_load_explicit(&r->draining, memory_order_relaxed);
    uint32_t capacity = atomic_load_explicit(&r->capacity, memory_order_relaxed);
    atomic_store_explicit(&r->period, count, memory_order_relaxed);
    if (capacity < 2 * count && capacity < r->most) {
        /* The period has grown: a ring that holds less than two of them would run dry again and again. */
        capacity = 2 * count < r->most ? 2 * count : r->most;
        atomic_store_explicit(&r->capacity, capacity, memory_order_relaxed);
    }
    if (!r->playing && (ready >= capacity || draining))
        r->playing = 1;
    uint32_t taken = !r->playing ? 0 : count < ready ? count : ready;
    for (uint32_t channel = 0; channel < r->channels; channel++) {
        float *out = r->get_buffer(r->ports[channel], count);
        uint32_t at = (uint32_t)(read % r->most);
        for (uint32_t i = 0; i < taken; i++) {
            out[i] = r->frames[(size_t)at * r->channels + channel];
            if (++at == r->most)
                at = 0;
        }
        memset(out + taken, 0, (count - taken) * sizeof *out);
    }
    if (r->playing && taken < count) {
        r->playing = 0;
        if (!draining)
            atomic_fetch_add_explicit(&r->underruns, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&r->read, read + taken, memory_order_release);
    atomic_fetch_add_explicit(&r->periods, 1, memory_order_relaxed);
    return 0;
}

/* JackXRunCallback: the server was late, whoever's fault it is. */
EXPORT int ring_xrun(void *argument)
{
    atomic_fetch_add(&((ring *)argument)->xruns, 1);
    return 0;
}

/* JackShutdownCallback */
EXPORT void ring_shutdown(void *argument) { atomic_store(&((ring *)argument)->lost, 1); }

/* For jack_set_error_function and jack_set_info_function: what goes wrong is told by our own line. */
EXPORT void ring_silence(const char *message) { (void)message; }

"""The pitched voice of the corpus: two band-limited oscillators, resonant filter, drive, envelopes.

Written as plain loops over samples, compiled by numba: a synthesiser is one, and a minute of four stems takes a second.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

SAMPLE_RATE = 44100
TABLE = 4096
TOP_HZ = 16000.0
GLIDE_SECONDS = 0.035


def wave_tables(slope: float) -> NDArray[np.float32]:
    """Odd and even harmonics of a saw per MIDI pitch, `[128, 2, TABLE]`; harmonic h has amplitude h**-slope."""
    tables = np.zeros((128, 2, TABLE), np.float32)
    for pitch in range(128):
        hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
        count = max(1, min(TABLE // 2 - 1, int(TOP_HZ / hz)))
        harmonic = np.arange(1, count + 1)
        for part in (0, 1):
            amplitude = np.where(harmonic % 2 == 1 - part, harmonic**-slope, 0.0)
            spectrum = np.zeros(TABLE // 2 + 1, np.complex128)
            spectrum[1 : count + 1] = -0.5j * TABLE * amplitude
            tables[pitch, part] = np.fft.irfft(spectrum, TABLE)
    return tables


@njit(cache=True, fastmath=True)
def render_note(
    mid: NDArray[np.float32],
    side: NDArray[np.float32],
    tables: NDArray[np.float32],
    start: int,
    held: int,
    pitch: float,
    slide: float,
    strength: float,
    cutoff: NDArray[np.float32],
    noise: NDArray[np.float32],
    sound: NDArray[np.float32],
) -> None:
    """Add one note to a stem.

    Args:
        mid, side: `[samples]` of the stem, added to in place.
        tables: `wave_tables(1.0)`.
        start: onset sample. held: samples the note is held.
        pitch: MIDI note. slide: semitones away from it at the onset.
        strength: 0..1: level, and a little filter.
        cutoff: `[samples]` filter base of the stem in Hz (brightness and slow movement included).
        noise: a second of white noise, read from a place that depends on the onset.
        sound: square, sub, detune_cents, width, filter_env_octaves, filter_decay_seconds, resonance, attack_seconds,
            decay_seconds, sustain, release_seconds, drive, noise.
    """
    square, sub, detune, width = sound[0], sound[1], sound[2], sound[3]
    env_octaves, filter_decay, resonance = sound[4], sound[5], sound[6]
    attack, decay, sustain, release = sound[7], sound[8], sound[9], sound[10]
    drive, hiss = sound[11], sound[12]
    total = min(held + int(release * 5 * SAMPLE_RATE), mid.shape[0] - start)
    row = int(min(127, max(0, math.ceil(pitch + max(slide, 0.0)))))
    odd, even = tables[row, 0], tables[row, 1]
    up, down = 2.0 ** (detune / 2400.0), 2.0 ** (-detune / 2400.0)
    base = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0) / SAMPLE_RATE
    phase_a, phase_b, phase_s = 0.0, 0.0, 0.0
    low_m, band_m, low_s, band_s = 0.0, 0.0, 0.0, 0.0
    g, k = 0.1, 2.0 - 1.75 * resonance
    pre = 1.0 + 5.0 * drive
    level = (0.35 + 0.65 * strength) * (1.0 + 0.5 * resonance)
    released = 1.0
    env = 0.0
    for i in range(total):
        at = start + i
        t = i / SAMPLE_RATE
        step = base
        if slide != 0.0:
            step = base * 2.0 ** (slide * math.exp(-t / GLIDE_SECONDS) / 12.0)
        if at >= 0:
            ia, ib = int(phase_a * TABLE) % TABLE, int(phase_b * TABLE) % TABLE
            a = odd[ia] + (1.0 - square) * even[ia]
            b = odd[ib] + (1.0 - square) * even[ib]
            tone = sub * 1.4 * math.sin(2.0 * math.pi * phase_s)
            m = 0.5 * (a + b) + tone + hiss * 0.5 * noise[(at * 7) % noise.shape[0]]
            s = width * 0.35 * (a - b) + hiss * 0.3 * noise[(at * 7 + 20011) % noise.shape[0]]
            if drive > 0.0:
                m = math.tanh(pre * 0.6 * m) / (0.6 + 0.4 * pre * 0.6)
            if i % 16 == 0:
                octaves = env_octaves * (0.6 + 0.4 * strength) * math.exp(-t / filter_decay)
                hz = min(15000.0, cutoff[at] * 2.0**octaves)
                g = math.tan(math.pi * hz / SAMPLE_RATE)
            h = 1.0 / (1.0 + g * (g + k))
            v1 = h * (band_m + g * (m - low_m))
            v2 = low_m + g * v1
            band_m, low_m = 2.0 * v1 - band_m, 2.0 * v2 - low_m
            u1 = h * (band_s + g * (s - low_s))
            u2 = low_s + g * u1
            band_s, low_s = 2.0 * u1 - band_s, 2.0 * u2 - low_s
            env = min(1.0, t / attack) * (sustain + (1.0 - sustain) * math.exp(-t / decay))
            if i >= held:
                # Reaches zero where the note is given up, so that it does not end in a click.
                released = max(0.0, 1.007 * math.exp(-(i - held) / (release * SAMPLE_RATE)) - 0.007)
            mid[at] += level * env * released * v2
            side[at] += level * env * released * u2
        phase_a += step * up
        phase_b += step * down
        phase_s += step
        phase_a -= math.floor(phase_a)
        phase_b -= math.floor(phase_b)
        phase_s -= math.floor(phase_s)

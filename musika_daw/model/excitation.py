"""The excitation: what a stem's notes sound like before the decoder shapes them.

Two band-limited oscillators per note, detuned by the style's cents, phase counted from the note's onset, so that pitch
and phase are exact and any stretch can be made from its position alone. Three channels:

    0  odd harmonics of both voices       a saw is odd + even, a square is odd alone:
    1  even harmonics of both voices      the decoder's gains mix the wave shape
    2  the voices' difference             the width of unison (silent without detune)

A note sounds at level 1 while held and rings on exponentially. Source: training notes' source-filter autoencoder, after
neural source-filter models and DDSP.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44100
CHANNELS = 3
TABLE = 4096
TOP_HZ = 16000.0  # nothing is made above: pitched stems end here
RING_SECONDS = 0.12  # time constant of the ringing after a note
RING_LENGTHS = 5  # time constants after which a note is over (-43 dB)
ATTACK_SECONDS = 0.0015
RELEASE_SECONDS = 0.004
GLIDE_SECONDS = 0.035
SLOPE = 0.5  # harmonic h has amplitude h**-SLOPE


@dataclass(frozen=True, slots=True)
class TimedNote:
    """A note in samples: `start` and `held`; MIDI `pitch`, `slide` in semitones at the onset, `cents` of detune."""

    start: int
    held: int
    pitch: int
    slide: float = 0.0
    cents: float = 0.0

    @property
    def end(self) -> int:
        """First sample after the note has rung out."""
        return self.start + self.held + int(RING_LENGTHS * RING_SECONDS * SAMPLE_RATE)


@cache
def _wave_table(pitch: int) -> NDArray[np.complex64]:
    """One cycle for notes up to this pitch, `[TABLE]`: odd harmonics in the real part, even in the imaginary."""
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    harmonic = np.arange(1, max(1, min(TABLE // 2 - 1, int(TOP_HZ / hz))) + 1)
    parts = []
    for remainder in (1, 0):
        spectrum = np.zeros(TABLE // 2 + 1, np.complex128)
        spectrum[harmonic] = np.where(harmonic % 2 == remainder, -0.5j * TABLE * harmonic**-SLOPE, 0.0)
        parts.append(np.fft.irfft(spectrum, TABLE))
    return (parts[0] + 1j * parts[1]).astype(np.complex64)


@cache
def _glide(slide: float) -> NDArray[np.float64]:
    """Cycles gained per unit of base frequency (Hz) over a glide, `[samples]`; constant afterwards."""
    t = np.arange(int(10 * GLIDE_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    bend = 2.0 ** (slide * np.exp(-t / GLIDE_SECONDS) / 12.0) - 1.0
    return np.concatenate([[0.0], np.cumsum(bend)]) / SAMPLE_RATE


def _add_note(out: NDArray[np.float32], origin: int, note: TimedNote) -> None:
    first, last = max(note.start, origin), min(note.end, origin + out.shape[1])
    if first >= last:
        return
    age = np.arange(first - note.start, last - note.start)
    envelope = np.minimum(1.0, (age + 1) / (ATTACK_SECONDS * SAMPLE_RATE)).astype(np.float32)
    held = min(max(note.held - age[0], 0), len(age))
    tail = age[held:] - note.held
    envelope[held:] *= np.exp(-tail / (RING_SECONDS * SAMPLE_RATE))
    hz = 440.0 * 2.0 ** ((note.pitch - 69) / 12)
    time = age / SAMPLE_RATE
    if note.slide:
        glide = _glide(note.slide)
        time = time + glide[np.minimum(age, len(glide) - 1)]
    table = _wave_table(min(127, max(0, math.ceil(note.pitch + max(note.slide, 0.0)))))
    sounds = [
        table[(time * (hz * 2.0 ** (cents / 2400.0) * TABLE)).astype(np.int64) & (TABLE - 1)]
        for cents in ((note.cents, -note.cents) if note.cents else (0.0,))
    ]
    both = (sounds[0] + sounds[-1]) * (0.5 * envelope)
    place = slice(first - origin, last - origin)
    out[0, place] += both.real
    out[1, place] += both.imag
    if note.cents:
        apart = (sounds[0] - sounds[1]) * (0.5 * envelope)
        out[2, place] += apart.real + apart.imag


def excite(notes: Sequence[TimedNote], start: int, samples: int) -> NDArray[np.float32]:
    """The excitation of one stem over `[start, start + samples)`: `[CHANNELS, samples]`.

    `notes` must hold every note that sounds there, those that began earlier included (`TimedNote.end`).
    """
    out = np.zeros((CHANNELS, samples), np.float32)
    for note in notes:
        _add_note(out, start, note)
    return out

"""The excitation: what a stem's notes sound like before the decoder shapes them.

Two band-limited oscillators per note, detuned by the style's cents, phase counted from the note's onset, so that pitch
and phase are exact and any stretch can be made from its position alone. Three channels:

    0  odd harmonics of both voices       a saw is odd + even, a square is odd alone:
    1  even harmonics of both voices      the decoder's gains mix the wave shape
    2  the voices' difference             the width of unison (silent without detune)

A note sounds at level 1 while held and rings on exponentially. In a line (bass, lead) the next note chokes it: the
decoder's gains know no notes, and would raise what rings of one together with the next. Source: training notes'
source-filter autoencoder, after neural source-filter models and DDSP.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from musika_daw.model.native import kernels
from musika_daw.model.native.tones import Tone, add_tone
from musika_daw.music.notes import LINES, Note

SAMPLE_RATE = 44100
CHANNELS = 3
TABLE = 4096
TOP_HZ = 16000.0  # nothing is made above: pitched stems end here
RING_SECONDS = 0.12  # time constant of the ringing after a note
RING_LENGTHS = 5  # time constants after which a note is over (-43 dB)
CHOKE_SECONDS = 0.012  # time constant of the ringing from the next note of a line on
ATTACK_SECONDS = 0.0015
GLIDE_SECONDS = 0.035
SLOPE = 0.5  # harmonic h has amplitude h**-SLOPE


@dataclass(frozen=True, slots=True)
class TimedNote:
    """A note in samples: `start` and `held`; MIDI `pitch`, `slide` in semitones at the onset, `cents` of detune.

    `choked`: the sample where the next note of a line begins; None: nothing chokes it.
    """

    start: int
    held: int
    pitch: int
    slide: float = 0.0
    cents: float = 0.0
    choked: int | None = None

    @property
    def end(self) -> int:
        """First sample after the note has rung out."""
        rung_out = self.start + self.held + int(RING_LENGTHS * RING_SECONDS * SAMPLE_RATE)
        return (
            rung_out
            if self.choked is None
            else min(rung_out, self.choked + int(RING_LENGTHS * CHOKE_SECONDS * SAMPLE_RATE))
        )


def time_notes(
    stem: str, notes: Iterable[Note], sample_at: Callable[[float], int], cents_at: Callable[[float], float]
) -> list[TimedNote]:
    """The notes of a pitched stem in samples.

    Args:
        notes: in order of time.
        sample_at: song position in beats -> sample.
        cents_at: song position -> detune of the style; less than a cent is none.
    """
    timed = []
    for note in notes:
        start, cents = sample_at(note.start_beat), cents_at(note.start_beat)
        held = max(1, sample_at(note.end_beat) - start)
        timed.append(TimedNote(start, held, note.pitch, note.slide_semitones, cents if cents >= 1.0 else 0.0))
    if stem in LINES and timed:
        starts = [*(note.start for note in timed[1:]), None]
        timed = [dataclasses.replace(note, choked=start) for note, start in zip(timed, starts, strict=True)]
    return timed


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


def _table_of(note: TimedNote) -> NDArray[np.complex64]:
    return _wave_table(min(127, max(0, math.ceil(note.pitch + max(note.slide, 0.0)))))


def _voices(note: TimedNote) -> tuple[float, float]:
    """Hz of both voices, the higher one first."""
    hz = 440.0 * 2.0 ** ((note.pitch - 69) / 12)
    return hz * 2.0 ** (note.cents / 2400.0), hz * 2.0 ** (-note.cents / 2400.0)


def _tone(note: TimedNote) -> Tone:
    """What the kernel is told of a note."""
    high, low = _voices(note)
    return Tone(
        held=note.held,
        choked=None if note.choked is None else note.choked - note.start,
        hz=(low, high),
        sample_rate=SAMPLE_RATE,
        attack=ATTACK_SECONDS * SAMPLE_RATE,
        ring=RING_SECONDS * SAMPLE_RATE,
        choke=CHOKE_SECONDS * SAMPLE_RATE,
        glide=_glide(note.slide) if note.slide else None,
        table=_table_of(note),
    )


def _add_note(out: NDArray[np.float32], first: int, last: int, note: TimedNote, age: NDArray[np.int64]) -> None:
    """Adds samples of these ages to `[first, last)` of `out`: the twin of `native.tones.add_tone`, to -120 dB."""
    envelope = np.minimum(1.0, (age + 1) / (ATTACK_SECONDS * SAMPLE_RATE)).astype(np.float32)
    held = min(max(note.held - age[0], 0), len(age))
    tail = age[held:] - note.held
    envelope[held:] *= np.exp(-tail / (RING_SECONDS * SAMPLE_RATE))
    if note.choked is not None:
        over = max(0, note.choked - note.start - int(age[0]))
        envelope[over:] *= np.exp((note.choked - note.start - age[over:]) / (CHOKE_SECONDS * SAMPLE_RATE))
    time = age / SAMPLE_RATE
    if note.slide:
        glide = _glide(note.slide)
        time = time + glide[np.minimum(age, len(glide) - 1)]
    table = _table_of(note)
    sounds = [
        table[(time * (hz * TABLE)).astype(np.int64) & (TABLE - 1)] for hz in _voices(note)[: 2 if note.cents else 1]
    ]
    both = (sounds[0] + sounds[-1]) * (0.5 * envelope)
    place = slice(first, last)
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
    library = kernels()
    for note in notes:
        first, last = max(note.start, start), min(note.end, start + samples)
        if first >= last:
            continue
        if library is not None:
            add_tone(library, _tone(note), first - note.start, out, first - start, last - start)
        else:
            _add_note(out, first - start, last - start, note, np.arange(first - note.start, last - note.start))
    return out

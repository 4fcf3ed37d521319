"""Whether notes are in tune: the pitch of each note of a monophonic stem, in cents from what it should be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono
from musika_daw.music.notes import Note, frequency_hz
from musika_daw.music.tempo_map import TempoMap

SHORTEST_SECONDS = 0.09
MIN_PERIODS = 6  # shorter notes have no pitch that could be measured to a few cents
_ATTACK_SECONDS = 0.012
_GLIDE_SECONDS = 0.17
_LONGEST_SECONDS = 0.4
_N = 1 << 16
_HARMONICS = np.arange(1, 9)
_WEIGHTS = 0.84 ** (_HARMONICS - 1)
_COARSE = np.arange(-1250, 1251, 10.0)
_FINE = np.arange(-14, 14.5, 0.5)


def _strength(magnitude: NDArray[np.float64], hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Harmonic sum of every candidate."""
    place = hz[:, None] * _HARMONICS * _N / SAMPLE_RATE
    inside = np.interp(place, np.arange(len(magnitude)), magnitude, right=0.0)
    return np.asarray(inside @ _WEIGHTS, np.float64)


def pitch_errors_cents(
    audio: Audio, notes: Sequence[Note], tempo_map: TempoMap, origin_seconds: float = 0.0
) -> list[float]:
    """Error of every note that is long and loud enough, candidates from an octave below to one above.

    Args:
        audio: one stem; its first sample is at `origin_seconds` of the song.
    """
    x = mono(audio)
    errors = []
    for note in notes:
        start = tempo_map.seconds_at(note.start_beat) - origin_seconds
        end = tempo_map.seconds_at(note.end_beat) - origin_seconds
        start += _GLIDE_SECONDS if note.slide_semitones else _ATTACK_SECONDS
        end = min(end, start + _LONGEST_SECONDS)
        hz = frequency_hz(note.pitch)
        if end - start < max(SHORTEST_SECONDS, MIN_PERIODS / hz):
            continue
        part = x[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)]
        if len(part) < SHORTEST_SECONDS * SAMPLE_RATE or np.sqrt((part**2).mean()) < 2e-3:
            continue
        magnitude = np.abs(np.fft.rfft(part * np.hanning(len(part)), _N)) ** 0.5
        coarse = _COARSE[_strength(magnitude, hz * 2 ** (_COARSE / 1200)).argmax()]
        fine = coarse + _FINE
        errors.append(float(fine[_strength(magnitude**2, hz * 2 ** (fine / 1200)).argmax()]))
    return errors

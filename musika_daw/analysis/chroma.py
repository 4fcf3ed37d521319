"""Strength of semitones and of the twelve pitch classes."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.filterbanks import semitone_bands
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram

_FFT, _HOP = 8192, 2048
_LOWEST, _OCTAVES = 36, 5


@cache
def _semitones() -> NDArray[np.float64]:
    return semitone_bands(_FFT, SAMPLE_RATE, _LOWEST, 12 * _OCTAVES)


def semitone_strengths(audio: Audio) -> NDArray[np.float64]:
    """Strength of the semitones from MIDI 36 to 95, `[frames, 60]`; FFT 8192 / 2048."""
    return np.asarray(spectrogram(mono(audio), _FFT, _HOP) @ _semitones(), np.float64)


def chroma(audio: Audio) -> NDArray[np.float64]:
    """Strength of the twelve pitch classes, `[frames, 12]`, C first."""
    bands = semitone_strengths(audio)
    return np.asarray(bands.reshape(len(bands), _OCTAVES, 12).sum(1), np.float64)

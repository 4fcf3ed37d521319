"""Filterbanks: matrices that take the bins of an FFT to bands, `[bins, bands]`.

Three kinds, because they are for three things: triangles on a scale of one's own, whose sum is one, for rises of level;
Slaney's mel bands of equal area, as other programs have them; semitones for pitch. (The bands that the networks are
made of are theirs: `model/bands.py`.)
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Slaney's scale (Auditory Toolbox): linear up to 1 kHz, 27 steps an octave of 6.4 above.
_LINEAR_HZ = 200 / 3
_BORDER_HZ, _BORDER_MEL = 1000.0, 15.0
_STEP = np.log(6.4) / 27
_SEMITONE_REACH = 0.7


def triangular_bands(edges_hz: Values, fft: int, rate: int) -> Values:
    """Makes triangles between the edges' neighbours, each with a sum of one; narrow ones hold their nearest bin."""
    hz = np.fft.rfftfreq(fft, 1 / rate)
    weights = _triangles(edges_hz, hz)
    for band in np.flatnonzero(weights.sum(0) < 0.5):
        weights[np.abs(hz - edges_hz[1 + band]).argmin(), band] = 1.0
    return np.asarray(weights / weights.sum(0), np.float64)


def mel_to_hz(mel: Values) -> Values:
    """Converts Slaney's mels to Hz."""
    high = _BORDER_HZ * np.exp(_STEP * (mel - _BORDER_MEL))
    return np.asarray(np.where(mel < _BORDER_MEL, mel * _LINEAR_HZ, high), np.float64)


def hz_to_mel(hz: float) -> float:
    """Converts Hz to Slaney's mels."""
    return hz / _LINEAR_HZ if hz < _BORDER_HZ else _BORDER_MEL + float(np.log(hz / _BORDER_HZ)) / _STEP


@cache
def mel_bands(rate: int, fft: int, bands: int, low_hz: float = 0.0, high_hz: float | None = None) -> Values:
    """Makes triangles of equal area: what librosa's `filters.mel` gives."""
    edges = mel_to_hz(np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz or rate / 2), bands + 2))
    triangles = _triangles(edges, np.fft.rfftfreq(fft, 1 / rate))
    return np.asarray(triangles * 2 / (edges[2:] - edges[:-2]), np.float64)


def semitone_bands(fft: int, rate: int, lowest: int, count: int) -> Values:
    """Makes a triangle for each of `count` semitones from the MIDI pitch `lowest`, one at its pitch."""
    hz = np.maximum(np.fft.rfftfreq(fft, 1 / rate), 1.0)
    pitch = 69 + 12 * np.log2(hz / 440)
    apart = np.abs(pitch[:, None] - (lowest + np.arange(count)))
    return np.asarray(np.maximum(0, 1 - apart / _SEMITONE_REACH), np.float64)


def rectangular_bands(edges_hz: Values, fft: int, rate: int) -> Values:
    """Makes bands that hold the bins between two edges, ones that hold none their nearest bin."""
    hz = np.fft.rfftfreq(fft, 1 / rate)
    matrix = np.stack([(hz >= a) & (hz < b) for a, b in itertools.pairwise(edges_hz)], 1).astype(float)
    for band in np.flatnonzero(matrix.sum(0) == 0):
        matrix[np.abs(hz - np.sqrt(edges_hz[band] * edges_hz[band + 1])).argmin(), band] = 1
    return np.asarray(matrix, np.float64)


def _triangles(edges_hz: Values, hz: NDArray[np.floating[Any]]) -> Values:
    left, centre, right = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rise = (hz[:, None] - left) / (centre - left)
    fall = (right - hz[:, None]) / (right - centre)
    return np.asarray(np.maximum(0, np.minimum(rise, fall)), np.float64)

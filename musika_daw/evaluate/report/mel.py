"""Mel spectrograms: what the picture of a sound and the ear of a tagger have in common."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

Values = NDArray[np.float64]

# Slaney's scale (Auditory Toolbox): linear up to 1 kHz, 27 steps an octave of 6.4 above.
_LINEAR_HZ = 200 / 3
_BORDER_HZ, _BORDER_MEL = 1000.0, 15.0
_STEP = np.log(6.4) / 27


def mel_to_hz(mel: Values) -> Values:
    """Slaney's mels -> Hz."""
    high = _BORDER_HZ * np.exp(_STEP * (mel - _BORDER_MEL))
    return np.asarray(np.where(mel < _BORDER_MEL, mel * _LINEAR_HZ, high), np.float64)


def hz_to_mel(hz: float) -> float:
    """Hz -> Slaney's mels."""
    return hz / _LINEAR_HZ if hz < _BORDER_HZ else _BORDER_MEL + float(np.log(hz / _BORDER_HZ)) / _STEP


@cache
def mel_bands(rate: int, fft: int, bands: int, low_hz: float = 0.0, high_hz: float | None = None) -> Values:
    """Triangles of equal area, `[fft / 2 + 1, bands]`: what librosa's `filters.mel` gives."""
    edges = mel_to_hz(np.linspace(hz_to_mel(low_hz), hz_to_mel(high_hz or rate / 2), bands + 2))
    hz = np.fft.rfftfreq(fft, 1 / rate)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.maximum(0, np.minimum((hz - left) / (centre - left), (right - hz) / (right - centre)))
    return np.asarray(triangles * 2 / (right - left), np.float64)


def mel_power(mono: Values, rate: int, fft: int, hop: int, bands: int) -> Values:
    """Power in mel bands, `[samples / hop + 1, bands]`; frames are centred on their samples."""
    padded = np.pad(mono, fft // 2)
    window = np.hanning(fft + 1)[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(padded, fft)[::hop] * window
    return np.asarray(np.abs(rfft(frames, axis=1)) ** 2 @ mel_bands(rate, fft, bands), np.float64)

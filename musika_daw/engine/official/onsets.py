"""How strongly something begins at every moment of a sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]
Envelope = NDArray[np.float64]

RATE = 44100
HOP = 256  # samples between values: 5.8 ms
_N = 1024
_LAG = 2  # frames over which a rise is measured
_LOWEST_HZ, _HIGHEST_HZ, _BANDS_COUNT = 35.0, 16000.0, 40
_LOW_HZ = 150.0  # kicks and basses
_FLOOR = 3e-3  # amplitude below which nothing counts: else an onset would begin where a window's edge touches it
_CHUNK = 512  # frames at once: memory stays flat


def _bands() -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Triangles on a logarithmic axis, `[bins, bands]`, and their centres in Hz."""
    hz = np.fft.rfftfreq(_N, 1 / RATE)
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS_COUNT + 2)
    rise = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0, np.minimum(rise, fall))
    for band in np.flatnonzero(weights.sum(0) < 0.5):
        weights[np.abs(hz - edges[1 + band]).argmin(), band] = 1.0
    return np.asarray(weights / weights.sum(0), np.float32), edges[1:-1]


def onset_envelope(audio: Audio) -> Envelope:
    """The mean rise of log band levels, low bands counted as much as all together; one value per `HOP` samples.

    A click's value is highest at its sample: a window's level rises steepest when it begins to hold one.

    Args:
        audio: left and right of every stem, `[2 stems, samples]`, at 44.1 kHz; their mix is listened to.
    """
    weights, centres = _bands()
    x = np.pad(audio.sum(0) / 2, (_N // 2 + _LAG * HOP, _N))
    frames = np.lib.stride_tricks.sliding_window_view(x, _N)[::HOP]
    count = audio.shape[1] // HOP + 1
    window = np.hanning(_N + 1)[:-1].astype(np.float32) * np.float32(4 / _N)  # a sine's amplitude
    levels = [
        np.log10(np.sqrt(np.square(np.abs(np.fft.rfft(frames[i : i + _CHUNK] * window))) @ weights) + _FLOOR)
        for i in range(0, min(count + _LAG, len(frames)), _CHUNK)
    ]
    level = np.concatenate(levels)
    rise = np.maximum(level[_LAG:] - level[:-_LAG], 0)[:count]
    both = rise.mean(1) + rise[:, centres < _LOW_HZ].mean(1)
    return np.asarray(both, np.float64)

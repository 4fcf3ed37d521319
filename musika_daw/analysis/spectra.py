"""Spectra of sounds, and simple figures of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]
SAMPLE_RATE = 44100


def mono(audio: Audio) -> NDArray[np.float64]:
    """Mixes both channels down, `[samples]`."""
    return np.asarray(audio.mean(0), np.float64)


def spectrogram(x: NDArray[np.float64], n: int, hop: int) -> NDArray[np.float64]:
    """Magnitudes `[frames, n/2 + 1]` of a mono signal; a full-scale sine has magnitude 1."""
    if len(x) < n:
        x = np.pad(x, (0, n - len(x)))
    window = np.hanning(n)
    frames = np.lib.stride_tricks.sliding_window_view(x, n)[::hop] * window
    return np.asarray(np.abs(np.fft.rfft(frames, axis=1)) * (2 / window.sum()), np.float64)


def level_dbfs(audio: Audio) -> float:
    """Root mean square of both channels, dBFS (a full-scale square is 0)."""
    return float(10 * np.log10(np.mean(audio.astype(np.float64) ** 2) + 1e-12))


def centroid_octaves(audio: Audio) -> float:
    """Spectral centre of gravity in octaves above 100 Hz, weighted by energy; NaN for silence."""
    energy = (spectrogram(mono(audio), 2048, 1024) ** 2).sum(0)[2:]
    octaves = np.log2(np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)[2:] / 100)
    return float((energy**0.5 * octaves).sum() / (energy**0.5).sum()) if energy.sum() > 1e-9 else float("nan")

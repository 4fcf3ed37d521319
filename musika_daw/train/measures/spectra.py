"""Distances between sounds, and simple figures of one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

Audio = NDArray[np.float32]
SAMPLE_RATE = 44100
_FLOOR = 1e-4  # -80 dB against a full-scale sine


def mono(audio: Audio) -> NDArray[np.float64]:
    return np.asarray(audio.mean(0), np.float64)


def spectrogram(x: NDArray[np.float64], n: int, hop: int) -> NDArray[np.float64]:
    """Magnitudes `[frames, n/2 + 1]` of a mono signal; a full-scale sine has magnitude 1."""
    if len(x) < n:
        x = np.pad(x, (0, n - len(x)))
    window = np.hanning(n)
    frames = np.lib.stride_tricks.sliding_window_view(x, n)[::hop] * window
    return np.asarray(np.abs(rfft(frames, axis=1)) * (2 / window.sum()), np.float64)


def log_spectral_distance_db(one: Audio, other: Audio) -> float:
    """Mean of |20 log10 (|X| + 1e-4) - 20 log10 (|Y| + 1e-4)| over FFT 2048 / 512, both channels."""
    distances = []
    for x, y in zip(one, other, strict=True):
        a, b = (20 * np.log10(spectrogram(z.astype(np.float64), 2048, 512) + _FLOOR) for z in (x, y))
        distances.append(np.abs(a - b).mean())
    return float(np.mean(distances))


def _semitones(n: int, lowest: int = 36, count: int = 60) -> NDArray[np.float64]:
    hz = np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 1.0)
    pitch = 69 + 12 * np.log2(hz / 440)
    return np.asarray(np.maximum(0, 1 - np.abs(pitch[:, None] - (lowest + np.arange(count))) / 0.7), np.float64)


_SEMITONES = _semitones(8192)


def semitone_bands(audio: Audio) -> NDArray[np.float64]:
    """Strength of the semitones from MIDI 36 to 95, `[frames, 60]`; FFT 8192 / 2048."""
    return np.asarray(spectrogram(mono(audio), 8192, 2048) @ _SEMITONES, np.float64)


def chroma(audio: Audio) -> NDArray[np.float64]:
    """Strength of the twelve pitch classes, `[frames, 12]`, C first."""
    bands = semitone_bands(audio)
    return np.asarray(bands.reshape(len(bands), 5, 12).sum(1), np.float64)


def chroma_similarity(one: Audio, other: Audio) -> float:
    """Mean cosine of the chroma where the first is not silent; NaN where it always is."""
    a, b = chroma(one), chroma(other)
    heard = a.sum(1) > 0.01
    if not heard.any():
        return float("nan")
    norms = np.linalg.norm(a[heard], axis=1) * np.linalg.norm(b[heard], axis=1) + 1e-12
    return float(((a[heard] * b[heard]).sum(1) / norms).mean())


def level_dbfs(audio: Audio) -> float:
    """Root mean square of both channels, dBFS (a full-scale square is 0)."""
    return float(10 * np.log10(np.mean(audio.astype(np.float64) ** 2) + 1e-12))


def centroid_octaves(audio: Audio) -> float:
    """Spectral centre of gravity in octaves above 100 Hz, weighted by energy; NaN for silence."""
    energy = (spectrogram(mono(audio), 2048, 1024) ** 2).sum(0)[2:]
    octaves = np.log2(np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)[2:] / 100)
    return float((energy**0.5 * octaves).sum() / (energy**0.5).sum()) if energy.sum() > 1e-9 else float("nan")

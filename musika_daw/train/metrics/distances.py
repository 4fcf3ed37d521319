"""Distances between a sound and what it should be."""

from __future__ import annotations

import numpy as np

from musika_daw.analysis.chroma import chroma
from musika_daw.analysis.spectra import Audio, spectrogram

_FLOOR = 1e-4  # -80 dB against a full-scale sine


def log_spectral_distance_db(one: Audio, other: Audio) -> float:
    """Mean of |20 log10 (|X| + 1e-4) - 20 log10 (|Y| + 1e-4)| over FFT 2048 / 512, both channels."""
    distances = []
    for x, y in zip(one, other, strict=True):
        a, b = (20 * np.log10(spectrogram(z.astype(np.float64), 2048, 512) + _FLOOR) for z in (x, y))
        distances.append(np.abs(a - b).mean())
    return float(np.mean(distances))


def chroma_similarity(one: Audio, other: Audio) -> float:
    """Mean cosine of the chroma where the first is not silent; NaN where it always is."""
    a, b = chroma(one), chroma(other)
    heard = a.sum(1) > 0.01
    if not heard.any():
        return float("nan")
    norms = np.linalg.norm(a[heard], axis=1) * np.linalg.norm(b[heard], axis=1) + 1e-12
    return float(((a[heard] * b[heard]).sum(1) / norms).mean())

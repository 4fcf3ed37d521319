"""Mel spectrograms: what the picture of a sound and the ear of a tagger have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.filterbanks import mel_bands

Values = NDArray[np.float64]


def mel_power(mono: Values, rate: int, fft: int, hop: int, bands: int) -> Values:
    """Power in mel bands, `[samples / hop + 1, bands]`; frames are centred on their samples."""
    padded = np.pad(mono, fft // 2)
    window = np.hanning(fft + 1)[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(padded, fft)[::hop] * window
    return np.asarray(np.abs(np.fft.rfft(frames, axis=1)) ** 2 @ mel_bands(rate, fft, bands), np.float64)

"""Onsets heard in audio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.filterbanks import triangular_bands
from musika_daw.analysis.filters import moving_maximum, moving_mean
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram

HOP = 128
_N = 1024
_N_OF_TONES = 2048
_LAG = 4  # frames over which a rise is measured: 12 ms
_NEAREST_SECONDS = 0.045
NOTE_THRESHOLD = 0.2
"""At which most notes are told apart in any music: drums with soft hats want less, a piano more."""
CLEAR_RISE = 0.08
"""Bels by which the levels of quarter tones rise on average where something begins that nobody misses."""


def _quarter_tones() -> NDArray[np.float64]:
    """From 30 Hz to 11 kHz, as far as bins can tell them apart."""
    bin_hz = SAMPLE_RATE / _N_OF_TONES
    return np.asarray(np.unique(np.round(np.geomspace(30, 11000, 205) / bin_hz)) * bin_hz, np.float64)


_EDGES = np.geomspace(35, 16000, 42)
_CENTRES = _EDGES[1:-1]
_BANDS = triangular_bands(_EDGES, _N, SAMPLE_RATE)
_TONES = triangular_bands(_quarter_tones(), _N_OF_TONES, SAMPLE_RATE)


def spectral_flux(audio: Audio, top_hz: float = 16000.0) -> NDArray[np.float64]:
    """Mean rise of log band levels up to `top_hz`, in bels, one value per `HOP` samples; the steepest rise of an onset
    stands at its sample (within a hop, seen on clicks)."""
    return mean_rise(band_rises(audio), top_hz)


def tone_flux(audio: Audio) -> NDArray[np.float64]:
    """Mean rise of the levels of quarter tones, in bels, one value per `HOP` samples.

    Tones that ring and beat against each other do not hide from it that one more is struck. As SuperFlux (Böck and
    Widmer, DAFx 2013) without the filter that is there for vibrato.
    """
    return np.asarray(_rises(audio, _TONES).mean(1), np.float64)


def band_rises(audio: Audio) -> NDArray[np.float64]:
    """Rises of log band levels in bels, `[frames, bands]`, one frame per `HOP` samples."""
    return _rises(audio, _BANDS)


def _rises(audio: Audio, bands: NDArray[np.float64]) -> NDArray[np.float64]:
    n = 2 * (len(bands) - 1)
    x = np.pad(mono(audio), (n // 2 + _LAG * HOP, n // 2))
    level = np.log10(np.sqrt(spectrogram(x, n, HOP) ** 2 @ bands) + 1e-3)
    return np.asarray(np.maximum(level[_LAG:] - level[:-_LAG], 0), np.float64)


def mean_rise(rises: NDArray[np.float64], top_hz: float = 16000.0) -> NDArray[np.float64]:
    """The spectral flux up to a frequency, from `band_rises`."""
    return np.asarray(rises[:, top_hz > _CENTRES].mean(1), np.float64)


def find_onsets(audio: Audio, threshold: float = 0.35) -> NDArray[np.float64]:
    """Onsets in seconds: peaks of the spectral flux above their surroundings and a share of the strongest."""
    return onsets_of(spectral_flux(audio), threshold)


def find_notes(audio: Audio, threshold: float = NOTE_THRESHOLD) -> NDArray[np.float64]:
    """Onsets in seconds, those of soft notes among loud ones and of tones among others that ring; less exactly timed
    than by `find_onsets`."""
    return onsets_of(tone_flux(audio), threshold)


def onsets_of(flux: NDArray[np.float64], threshold: float = 0.35) -> NDArray[np.float64]:
    """Onsets in seconds, from a flux (see `find_onsets`)."""
    return peaks_above(flux, max(0.02, threshold * float(np.percentile(flux, 99.5)) * 0.5))


def peaks_above(flux: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    """Peaks of a flux in seconds: above a floor, whatever the strongest is, and above what is around them."""
    around = moving_mean(flux, 2 * int(0.15 * SAMPLE_RATE / HOP))
    width = 2 * int(_NEAREST_SECONDS * SAMPLE_RATE / HOP) + 1
    peaks = np.flatnonzero((flux == moving_maximum(flux, width)) & (flux > floor) & (flux > 1.5 * around))
    return np.asarray(peaks * HOP / SAMPLE_RATE, np.float64)

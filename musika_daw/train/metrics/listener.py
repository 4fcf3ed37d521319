"""A listener's features of a stem or a mix, and distances between sets of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.filterbanks import rectangular_bands
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram
from musika_daw.train.metrics.frechet import Gaussian, gaussian_distance

_BANDS = 32
_DIMENSIONS = 24


_MATRIX = rectangular_bands(np.geomspace(40, 16000, _BANDS + 1), 1024, SAMPLE_RATE)


def listener_features(audio: Audio) -> NDArray[np.float64]:
    """What a sound is like: band spectrum of its louder moments, how it moves, its attacks and decays, its width.

    Levels are in bels against the loudest band, so that volume does not count.
    """
    energy = spectrogram(mono(audio), 1024, 256) ** 2 @ _MATRIX
    total = energy.sum(1)
    if total.max() < 1e-8:
        return np.zeros(5 * _BANDS + 2)
    level = np.log10(energy / energy.sum(1).max() + 1e-6)
    loud = total > np.percentile(total, 60)
    rises = np.maximum(np.diff(level, axis=0), 0)
    falls = np.maximum(-np.diff(level[::4], axis=0), 0)
    attack = np.flatnonzero(rises.mean(1) > np.percentile(rises.mean(1), 95))
    later = np.minimum(attack + 12, len(level) - 1)
    side = 0.5 * (audio[0].astype(np.float64) - audio[1])
    width = np.sqrt((side**2).mean() / ((mono(audio) ** 2).mean() + 1e-12))
    return np.concatenate(
        [
            level[loud].mean(0),
            level.std(0),
            5 * rises.mean(0),
            5 * falls.mean(0),
            level[np.minimum(attack + 2, len(level) - 1)].mean(0) - level[later].mean(0),
            [4 * width, np.log10(total.mean() / total.max() + 1e-6)],
        ]
    )


class FeatureSpace:
    """Principal components of a reference set, scaled to unit total variance."""

    def __init__(self, reference: NDArray[np.float64]) -> None:
        self._mean = reference.mean(0)
        spread, axes = np.linalg.eigh(np.cov((reference - self._mean).T))
        kept = min(_DIMENSIONS, len(reference) - 1)
        self._axes = axes[:, ::-1][:, :kept] / np.sqrt(spread.sum())
        self.reference = self.reduce(reference)

    def reduce(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((features - self._mean) @ self._axes, np.float64)

    def distance(self, features: NDArray[np.float64]) -> float:
        """Fréchet distance of a set to the reference, covariances shrunk a tenth towards their diagonal."""
        return gaussian_distance(_shrunk(self.reference), _shrunk(self.reduce(features)))

    def nearest(self, features: NDArray[np.float64]) -> int:
        """Index of the reference that is closest."""
        return int(np.linalg.norm(self.reference - self.reduce(features), axis=1).argmin())


def _shrunk(vectors: NDArray[np.float64]) -> Gaussian:
    found = Gaussian.of(vectors)
    return Gaussian(found.mean, 0.9 * found.covariance + 0.1 * np.diag(np.diag(found.covariance)))

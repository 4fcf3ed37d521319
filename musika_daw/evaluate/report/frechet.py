"""The Fréchet audio distance (Kilgour et al. 2019) between two sets of embedded windows, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from musika_daw.train.metrics.frechet import Gaussian, Vectors, gaussian_distance

_GROUPS = 8  # of songs, left out one after the other
_SIZES = 12  # of the sets that the extrapolation draws
_LEAST_SHARE = 0.4  # of the windows, in the smallest of them


@dataclass(frozen=True)
class Distance:
    """A distance and its doubts.

    Attributes:
        value: of all windows.
        error: standard error over songs (grouped jackknife).
        endless: what it tends to with more and more windows (Gui et al. 2024: a line over 1 / windows).
    """

    value: float
    error: float
    endless: float


def audio_distance(reference: Gaussian, songs: Sequence[Vectors]) -> Distance:
    """Distance of songs, each with its windows, to a reference."""
    whole = np.concatenate(songs)
    value = gaussian_distance(reference, Gaussian.of(whole))
    return Distance(value, _jackknife(reference, songs), _endless(reference, whole))


def _jackknife(reference: Gaussian, songs: Sequence[Vectors]) -> float:
    groups = min(_GROUPS, len(songs))
    if groups < 2:
        return float("nan")
    without = [
        gaussian_distance(reference, Gaussian.of(np.concatenate([s for i, s in enumerate(songs) if i % groups != g])))
        for g in range(groups)
    ]
    return float(np.sqrt((groups - 1) * np.var(without)))


def _endless(reference: Gaussian, windows: Vectors) -> float:
    generator = np.random.default_rng(0)
    if len(windows) < 2:
        return float("nan")
    sizes = np.unique(np.linspace(_LEAST_SHARE * len(windows), len(windows), _SIZES).astype(int))
    found = [
        gaussian_distance(reference, Gaussian.of(windows[generator.permutation(len(windows))[:size]])) for size in sizes
    ]
    line = np.polyfit(1 / sizes, found, 1) if len(sizes) > 1 else found
    return float(max(line[-1], 0.0))

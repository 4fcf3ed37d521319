"""How two sets of tracks lie to each other in an embedding: kernel distance, density and coverage, outliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist, pdist

Vectors = NDArray[np.float64]
_DRAWS = 200  # of the bootstrap
NEIGHBOURS = 5


@dataclass(frozen=True)
class Embedded:
    """Excerpts of a set: `vectors` `[excerpts, d]`, and the track that each is of."""

    vectors: Vectors
    tracks: Sequence[str]

    def by_track(self) -> list[Vectors]:
        """The excerpts of each track."""
        names = np.array(self.tracks)
        return [self.vectors[names == name] for name in dict.fromkeys(self.tracks)]


@dataclass(frozen=True)
class KernelDistance:
    """MMD² x 1000, and its standard error by bootstrap over tracks."""

    value: float
    error: float


def median_distance(reference: Vectors) -> float:
    """The kernel's width: the median distance between the reference's excerpts."""
    return float(np.median(pdist(reference)))


def _track_means(one: Sequence[Vectors], other: Sequence[Vectors], width: float) -> Vectors:
    """Mean kernel of every track of one set with every track of the other, `[tracks, tracks]`."""
    kernel = np.exp(-cdist(np.concatenate(one), np.concatenate(other), "sqeuclidean") / (2 * width**2))
    rows = np.cumsum([0, *(len(v) for v in one)][:-1])
    columns = np.cumsum([0, *(len(v) for v in other)][:-1])
    sums = np.add.reduceat(np.add.reduceat(kernel, rows, 0), columns, 1)
    counts = np.outer([len(v) for v in one], [len(v) for v in other])
    return np.asarray(sums / counts, np.float64)


def _unbiased(within: Vectors, chosen: NDArray[np.int64]) -> float:
    """Mean over pairs of different tracks; a track drawn twice is not its own pair."""
    picked = within[np.ix_(chosen, chosen)]
    apart = chosen[:, None] != chosen[None, :]
    return float(picked[apart].mean())


def kernel_distance(one: Embedded, other: Embedded, width: float, seed: int = 0) -> KernelDistance:
    """Unbiased MMD² with a Gaussian kernel, over tracks; NaN with fewer than two tracks on either side."""
    first, second = one.by_track(), other.by_track()
    if min(len(first), len(second)) < 2:
        return KernelDistance(float("nan"), float("nan"))
    own, others, across = (_track_means(a, b, width) for a, b in ((first, first), (second, second), (first, second)))

    def at(i: NDArray[np.int64], j: NDArray[np.int64]) -> float:
        return _unbiased(own, i) + _unbiased(others, j) - 2 * float(across[np.ix_(i, j)].mean())

    generator = np.random.default_rng(seed)
    whole = at(np.arange(len(first)), np.arange(len(second)))
    drawn = [
        at(generator.integers(0, len(first), len(first)), generator.integers(0, len(second), len(second)))
        for _ in range(_DRAWS)
    ]
    return KernelDistance(1000 * whole, 1000 * float(np.nanstd(drawn)))


@dataclass(frozen=True)
class Neighbourhood:
    """Density and coverage (Naeem et al. 2020): 1 and about .97 for two halves of one set.

    Attributes:
        count: excerpts on either side, one a track.
    """

    density: float
    coverage: float
    count: int


def neighbourhood(reference: Embedded, judged: Embedded, most: int, seed: int = 0) -> Neighbourhood:
    """With equally many tracks on both sides, at most `most`, one excerpt each, drawn by the seed."""
    generator = np.random.default_rng(seed)
    sides = [np.stack([v[generator.integers(len(v))] for v in embedded.by_track()]) for embedded in (reference, judged)]
    count = min(most, *(len(side) for side in sides))
    real, made = (side[generator.permutation(len(side))[:count]] for side in sides)
    if count <= NEIGHBOURS:
        return Neighbourhood(float("nan"), float("nan"), count)
    radius = np.sort(cdist(real, real), 1)[:, NEIGHBOURS]
    inside = cdist(real, made) <= radius[:, None]
    return Neighbourhood(float(inside.sum() / (NEIGHBOURS * count)), float(inside.any(1).mean()), count)


def outliers(reference: Embedded, judged: Embedded, most: int = 5) -> list[tuple[str, float]]:
    """The judged tracks that lie farthest from the reference: distance to the fifth nearest reference track, in medians
    of what reference tracks have among themselves."""
    real = np.stack([v.mean(0) for v in reference.by_track()])
    made = np.stack([v.mean(0) for v in judged.by_track()])
    place = min(NEIGHBOURS, len(real) - 1)
    usual = float(np.median(np.sort(cdist(real, real), 1)[:, place]))
    far = np.sort(cdist(made, real), 1)[:, min(NEIGHBOURS, len(real)) - 1] / usual
    names = list(dict.fromkeys(judged.tracks))
    return [(names[k], float(far[k])) for k in np.argsort(-far)[:most]]

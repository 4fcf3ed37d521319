"""The Fréchet distance between sets of vectors, taken as Gaussians."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]


@dataclass(frozen=True)
class Gaussian:
    """Mean `[d]` and covariance `[d, d]` of a set."""

    mean: Vectors
    covariance: Vectors

    @staticmethod
    def of(vectors: Vectors) -> Gaussian:
        """Of windows; NaN throughout where there are fewer than two."""
        if len(vectors) < 2:
            missing = np.full(vectors.shape[1], np.nan)
            return Gaussian(missing, np.diag(missing))
        return Gaussian(vectors.mean(0), np.atleast_2d(np.cov(vectors.T)))


def gaussian_distance(one: Gaussian, other: Gaussian) -> float:
    """|m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2)), by eigenvalues of symmetric matrices: real whatever the rank.

    NaN where one of them is.
    """
    if np.isnan(one.mean).any() or np.isnan(other.mean).any():
        return float("nan")
    apart = one.mean - other.mean
    values, axes = np.linalg.eigh(one.covariance)
    root = (axes * np.sqrt(np.maximum(values, 0))) @ axes.T
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ other.covariance @ root), 0)).sum()
    return float(apart @ apart + np.trace(one.covariance) + np.trace(other.covariance) - 2 * shared)

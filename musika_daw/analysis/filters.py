"""Sliding filters over a curve; ends are mirrored, as scipy.ndimage does by default."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


def moving_mean(curve: Curve, width: int) -> Curve:
    """Mean of the `width` values around each one (of an even number, one more before it than after it)."""
    before = width // 2
    total = np.cumsum(np.pad(curve, (before + 1, width - before - 1), mode="symmetric"))
    return np.asarray((total[width:] - total[:-width]) / width, np.float64)


def moving_maximum(curve: Curve, width: int) -> Curve:
    """Largest of the `width` values around each one; `width` is odd."""
    padded = np.pad(curve, width // 2, mode="symmetric")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, width).max(1), np.float64)


def smoothed(curve: Curve, deviation: float) -> Curve:
    """The curve under a Gaussian of this standard deviation in values, cut off after four of them."""
    reach = int(4 * deviation + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    padded = np.pad(curve, reach, mode="symmetric")
    return np.asarray(np.convolve(padded, weights / weights.sum(), "valid"), np.float64)

"""Mid and side, left and right: left is mid plus side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Stereo = NDArray[np.float32]


def left_right(mid_side: Stereo) -> Stereo:
    """`[2, samples]` mid and side -> left and right."""
    mid, side = mid_side
    return np.stack([mid + side, mid - side])


def mid_side(left_right: Stereo) -> Stereo:
    """`[2, samples]` left and right -> mid and side."""
    left, right = left_right
    return np.asarray(np.stack([left + right, left - right]) / 2, np.float32)

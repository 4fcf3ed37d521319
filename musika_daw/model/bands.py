"""Frequency bands: one per bin at the bottom, then equal steps in log frequency."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def band_matrix(bands: int, bins: int, linear: int = 24) -> Tensor:
    """Triangles `[bands, bins]` that sum to one at every bin: bands -> bins by the transpose."""
    centres = np.concatenate([np.arange(linear), np.geomspace(linear, bins - 1, bands - linear)])
    identity = np.eye(bands)
    rows = [np.interp(np.arange(bins), centres, identity[i]) for i in range(bands)]
    return torch.from_numpy(np.stack(rows).astype(np.float32))

"""Randomness that is a function of position, and the coordinates made from it (paper, section 3.2).

Every random number is drawn from a counter-based generator keyed by (seed, stream, index): any stretch of a song can be
made without the ones before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COORDINATES = 8  # two per stem: tone and envelope
ANCHOR_BEATS = 32.0  # song time between two coordinate anchors
_64_BITS = 0xFFFFFFFFFFFFFFFF
# Streams keep the uses of one seed apart.
STREAM_COORDINATES, STREAM_PATTERN_LOOP, STREAM_PATTERN_FRESH, STREAM_LATENTS, STREAM_CHOICE = range(5)


def keyed_generator(seed: int, stream: int, index: int) -> np.random.Generator:
    """A generator for one place: the same three numbers always give the same draws."""
    key = np.array([seed & _64_BITS, stream], np.uint64)
    counter = np.array([0, 0, 0, index & _64_BITS], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def coordinates_at(seed: int, beats: NDArray[np.float64]) -> NDArray[np.float32]:
    """Coordinates at song positions: `[COORDINATES, len(beats)]`, standard normal at every place.

    Anchors stand every `ANCHOR_BEATS`; between two of them the mixture keeps its variance at one.
    """
    position = beats / ANCHOR_BEATS
    index = np.floor(position).astype(np.int64)
    anchors = {
        int(i): keyed_generator(seed, STREAM_COORDINATES, int(i)).standard_normal(COORDINATES)
        for i in np.unique(np.concatenate([index, index + 1]))
    }
    left = np.stack([anchors[int(i)] for i in index], 1)
    right = np.stack([anchors[int(i) + 1] for i in index], 1)
    share = position - index
    mixed = (1 - share) * left + share * right
    return np.asarray(mixed / np.sqrt((1 - share) ** 2 + share**2), np.float32)

"""Randomness that is a function of position, and the coordinates made from it (paper, section 3.2).

Every random number is drawn from a counter-based generator keyed by (seed, stream, index): any stretch of a song can be
made without the ones before it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COORDINATES = 8  # two per stem: tone and envelope
ANCHOR_BEATS = 32.0  # song time between two coordinate anchors
_FREE_VARIATION = 0.15  # from which on a loop moves as freely as it may
_64_BITS = 0xFFFFFFFFFFFFFFFF
# Streams keep the uses of one seed apart.
STREAM_COORDINATES, STREAM_PATTERN_LOOP, STREAM_PATTERN_FRESH, STREAM_LATENTS, STREAM_CHOICE, STREAM_HARMONY = range(6)
STREAM_LATENTS_LOOP = 6
STREAM_PATTERN = 6
STREAM_MOTION, STREAM_FILLS, STREAM_LOOP = 7, 8, 9


def keyed_generator(seed: int, stream: int, index: int) -> np.random.Generator:
    """A generator for one place: the same three numbers always give the same draws."""
    key = np.array([seed & _64_BITS, stream], np.uint64)
    counter = np.array([0, 0, 0, index & _64_BITS], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def moving_share(variation: float) -> float:
    """How freely a song's loop moves from phrase to phrase: 0, it stands still, to 1."""
    return min(1.0, variation / _FREE_VARIATION)


def coordinates_at(
    seed: int, beats: NDArray[np.float64], anchor_beats: float = ANCHOR_BEATS, returning: int | None = None
) -> NDArray[np.float32]:
    """Coordinates at song positions: `[COORDINATES, len(beats)]`, standard normal at every place.

    Anchors stand every `anchor_beats`; between two of them the mixture keeps its variance at one.

    Args:
        returning: after so many anchors the first one comes again; None: it never does.
    """
    position = beats / anchor_beats
    index = np.floor(position).astype(np.int64)
    numbers = {int(i): int(i % returning if returning else i) for i in np.unique(np.concatenate([index, index + 1]))}
    anchors = {
        i: keyed_generator(seed, STREAM_COORDINATES, number).standard_normal(COORDINATES)
        for i, number in numbers.items()
    }
    left = np.stack([anchors[int(i)] for i in index], 1)
    right = np.stack([anchors[int(i) + 1] for i in index], 1)
    share = position - index
    mixed = (1 - share) * left + share * right
    return np.asarray(mixed / np.sqrt((1 - share) ** 2 + share**2), np.float32)

"""A sound whose beats are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 44100


def beaten(seconds: NDArray[np.float64], length: float) -> NDArray[np.float32]:
    """A kick at each of these seconds, over hats between them and soft noise."""
    sound = 0.003 * np.random.default_rng(1).standard_normal((2, round(length * RATE))).astype(np.float32)
    at = np.arange(6000) / RATE
    kick = (0.7 * np.sin(2 * np.pi * (50 * at + 8 * (1 - np.exp(-60 * at)))) * np.exp(-18 * at)).astype(np.float32)
    hat = (np.random.default_rng(2).standard_normal(6000) * 0.1 * np.exp(-90 * at)).astype(np.float32)
    for second, after in zip(seconds, np.append(seconds[1:], np.inf), strict=True):
        for hit, place in ((kick, second), (hat, (second + after) / 2)):
            if 0 <= place * RATE < sound.shape[1]:
                first = round(place * RATE)
                part = sound[:, first : first + 6000]
                part += hit[: part.shape[1]]
    return sound

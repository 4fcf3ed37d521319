"""Choices by weight."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


def pick(generator: np.random.Generator, weights: dict[Choice, float]) -> Choice:
    """One of the keys, as often as its weight says."""
    *bounds, total = accumulate(weights.values())
    return list(weights)[bisect_right(bounds, generator.random() * total)]

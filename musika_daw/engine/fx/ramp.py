"""Values that move without a click, as a function of samples alone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Gains = np.float32 | NDArray[np.float32]
"""What stands still is one number, what moves is one number per sample, `[n]`."""


class Ramp:
    """A number that goes to each new goal in a line, or evenly in octaves, within a fixed number of samples.

    Its value at a sample depends on the goals and the samples at which they were set, not on how samples are taken.
    """

    def __init__(self, value: float, samples: int, octaves: bool = False) -> None:
        """Stands still at `value`; `samples` 0 jumps to goals; `octaves` needs values above 0."""
        self.goal = value
        self._start = value
        self._samples = samples
        self._done = samples
        self._octaves = octaves

    @property
    def moving(self) -> bool:
        return self._done < self._samples

    @property
    def value(self) -> float:
        """Where it stands before the next sample is taken."""
        if not self.moving:
            return self.goal
        share = self._done / self._samples
        if self._octaves:
            return self._start * math.pow(self.goal / self._start, share)
        return self._start + (self.goal - self._start) * share

    def still_at(self, value: float) -> bool:
        return not self.moving and self.goal == value

    def to(self, goal: float) -> None:
        """Sets out for a new goal from where it stands now."""
        if goal != self.goal:
            self._start, self.goal, self._done = self.value, goal, 0

    def jump(self, value: float) -> None:
        """Stands still at another value."""
        self._start = self.goal = value
        self._done = self._samples

    def skip(self, n: int) -> None:
        """Goes on by `n` samples."""
        self._done = min(self._samples, self._done + n)

    def take(self, n: int) -> Gains:
        """Values of the next `n` samples; the last sample of a move has the goal."""
        if not self.moving:
            return np.float32(self.goal)
        share = np.minimum(np.arange(self._done + 1, self._done + n + 1) / self._samples, 1.0)
        if self._octaves:
            values = self._start * np.power(self.goal / self._start, share)
        else:
            values = self._start + (self.goal - self._start) * share
        values[share == 1.0] = self.goal  # to the bit, as when it stands still
        self.skip(n)
        return values.astype(np.float32)


def part(gains: Gains, first: int, end: int) -> Gains:
    """The values of samples `[first, end)` of those taken."""
    return gains[first:end] if isinstance(gains, np.ndarray) else gains

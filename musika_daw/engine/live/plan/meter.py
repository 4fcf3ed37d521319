"""What the live engine measures of itself: how fast it makes music, how soon moves are heard, what went wrong."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

_SLOW = 0.1  # weight of a new value in a running mean
_FORGET = 0.95  # share of the longest that counts one block later
_NEW_SPLICE = 0.2  # weight of a new splice in the mean
_LATENCIES = 4096
_LOAD_SECONDS = 2.0  # time constant of the load


@dataclass(frozen=True)
class Costs:
    """What making things takes.

    Attributes:
        block_seconds: mean time to make one block.
        longest_seconds: that a block took of late.
        splice_seconds: from the notes of a change being there to its splice.
    """

    block_seconds: float = 0.0
    longest_seconds: float = 0.0
    splice_seconds: float = 0.1


@dataclass
class LoadMeter:
    """Written by one thread each, read by any.

    Attributes:
        costs: of blocks and splices.
        load: share of the time that the worker is busy.
        underruns: how often the writer found nothing to play.
        latencies: seconds from a move to the first sample that it changed being handed to the bus; the last ones.
    """

    costs: Costs = field(default_factory=Costs)
    load: float = 0.0
    underruns: int = 0
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=_LATENCIES))

    def made(self, seconds: float) -> None:
        """A block took so long."""
        was = self.costs
        weight = _SLOW if was.block_seconds else 1.0
        mean = was.block_seconds + weight * (seconds - was.block_seconds)
        self.costs = Costs(mean, max(seconds, _FORGET * was.longest_seconds), was.splice_seconds)

    def spliced(self, seconds: float) -> None:
        """A splice took so long."""
        was = self.costs
        mean = was.splice_seconds + _NEW_SPLICE * (seconds - was.splice_seconds)
        self.costs = Costs(was.block_seconds, was.longest_seconds, mean)

    def worked(self, seconds: float) -> None:
        self.load += (1.0 - self.load) * (1.0 - math.exp(-seconds / _LOAD_SECONDS))

    def idled(self, seconds: float) -> None:
        self.load *= math.exp(-seconds / _LOAD_SECONDS)

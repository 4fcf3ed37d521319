"""What the live engine measures of itself: how fast it makes music, how soon moves are heard, what went wrong."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

_SLOW = 0.1  # weight of a new value in a running mean
_FORGET = 0.95  # share of the longest that counts one block later
_LATENCIES = 4096
_LOAD_SECONDS = 2.0  # time constant of the load


@dataclass
class LoadMeter:
    """Written by one thread each, read by any.

    Attributes:
        block_seconds: mean time to make one block.
        longest_seconds: that a block took of late.
        load: share of the time that the worker is busy.
        underruns: how often the writer found nothing to play.
        latencies: seconds from a move to the first sample that it changed being handed to the bus; the last ones.
    """

    block_seconds: float = 0.0
    longest_seconds: float = 0.0
    load: float = 0.0
    underruns: int = 0
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=_LATENCIES))

    def made(self, seconds: float) -> None:
        self.block_seconds += (seconds - self.block_seconds) * (_SLOW if self.block_seconds else 1.0)
        self.longest_seconds = max(seconds, _FORGET * self.longest_seconds)

    def worked(self, seconds: float) -> None:
        self.load += (1.0 - self.load) * (1.0 - math.exp(-seconds / _LOAD_SECONDS))

    def idled(self, seconds: float) -> None:
        self.load *= math.exp(-seconds / _LOAD_SECONDS)

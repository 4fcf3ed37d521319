"""A device that is only a clock: how full its ring buffer would be."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pacer:
    """Makes a writer wait as a sound card with a ring buffer would.

    What was played is counted from one fixed point in time, so that waits that come out longer than asked never add
    up: the pace holds over hours.

    Attributes:
        underruns: how often the ring was empty when the next block came; time goes on from there.
    """

    def __init__(
        self,
        sample_rate: int,
        ring_frames: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.underruns = 0
        self._rate, self._ring_frames = sample_rate, ring_frames
        self._clock, self._sleep = clock, sleep
        self._anchor: float | None = None  # when the first frame was played; None until the first block
        self._written = 0

    def take(self, frames: int) -> None:
        """Puts frames into the ring and waits until all of them have room in it."""
        now = self._clock()
        if self._anchor is None:
            self._anchor = now
        elif (now - self._anchor) * self._rate > self._written:
            self.underruns += 1
            self._anchor = now - self._written / self._rate
        self._written += frames
        self._wait_until(self._anchor + (self._written - self._ring_frames) / self._rate)

    def drain(self) -> None:
        """Waits until everything was played."""
        if self._anchor is not None:
            self._wait_until(self._anchor + self._written / self._rate)

    def _wait_until(self, due: float) -> None:
        left = due - self._clock()
        if left > 0.0:
            self._sleep(left)

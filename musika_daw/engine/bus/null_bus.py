"""A bus nobody hears, at the pace of one that somebody does: headless use, tests, and while a device is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray
from musika_daw.engine.bus.pacing import Pacer
from musika_daw.engine.bus.spec import DEFAULT_LATENCY_SECONDS


class NullBus:
    """Takes audio at the pace of the clock."""

    def __init__(
        self,
        latency_seconds: float = DEFAULT_LATENCY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._latency_seconds = latency_seconds
        self._pacer = Pacer(SAMPLE_RATE, round(latency_seconds * SAMPLE_RATE), clock, sleep)

    @property
    def latency_seconds(self) -> float:
        return self._latency_seconds

    @property
    def changes(self) -> int:
        return 0

    @property
    def description(self) -> str:
        return f"no sound (null), {self._latency_seconds * 1000:.0f} ms"

    @property
    def underruns(self) -> int:
        return self._pacer.underruns

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        self._pacer.take(mix.shape[1])

    def close(self) -> None:
        self._pacer.drain()

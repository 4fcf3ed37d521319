"""The tempo, tapped."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence
from statistics import median

from musika_daw.control.instrument import Instrument
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM

TAP = Target("tap")
_FORGET_SECONDS = 2.5  # a tap so long after the last one begins anew
_TAPS = 9


class TapHandler:
    """Sets the tempo by the middle one of the latest intervals: one tap that is late does not matter."""

    def __init__(self, instrument: Instrument, clock: Callable[[], float] = time.monotonic) -> None:
        self._instrument, self._clock = instrument, clock
        self._taps: deque[float] = deque(maxlen=_TAPS)

    def targets(self) -> tuple[Target, ...]:
        return (TAP,)

    def check(self, moves: Sequence[Move]) -> None:
        pass  # whether the tempo may be set is known when it is

    def apply(self, move: Move) -> None:
        now = self._clock()
        if self._taps and now - self._taps[-1] > _FORGET_SECONDS:
            self._taps.clear()
        self._taps.append(now)
        if len(self._taps) < 2:
            return
        taps = list(self._taps)
        seconds = median(later - sooner for sooner, later in itertools.pairwise(taps))
        self._instrument.post([Move.of("tempo", _playable(60.0 / max(seconds, 1e-3)))])

    def get(self, target: Target) -> tuple[Value, ...]:
        raise RefusedError(target, "address", f"{target} has no value")

    def notices(self) -> list[Notice]:
        return []


def _playable(bpm: float) -> float:
    """The tempo, or half or double of it."""
    while bpm > MAX_BPM:
        bpm /= 2.0
    while bpm < MIN_BPM:
        bpm *= 2.0
    return round(bpm, 2)

"""Fades of everything, by the master level."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musika_daw.control.instrument import Instrument
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target

FADE, MASTER = Target("fade"), Target("master")
_SILENCE_DB = -90.0
_STEP_SECONDS = 0.03  # finer than the ear hears level in steps
_DEFAULT_BEATS = 16.0


@dataclass(frozen=True)
class _Fade:
    begin: float  # seconds
    length: float  # seconds
    low: float  # amplitude at the start
    high: float  # and at the end

    def db_at(self, seconds: float) -> float:
        share = 1.0 if self.length <= 0.0 else min(1.0, max(0.0, (seconds - self.begin) / self.length))
        amplitude = self.low + (self.high - self.low) * share
        return max(_SILENCE_DB, 20.0 * math.log10(amplitude)) if amplitude > 0.0 else _SILENCE_DB


class FadeHandler:
    """Moves the master level on whenever notices are taken; a hand on the level ends the fade."""

    def __init__(self, instrument: Instrument, clock: Callable[[], float] = time.monotonic) -> None:
        self._instrument, self._clock = instrument, clock
        self._fade: _Fade | None = None
        self._before_db = 0.0  # where it stood before it was faded out
        self._posted: tuple[float, float] | None = None  # moment and level

    def targets(self) -> tuple[Target, ...]:
        return (FADE,)

    def check(self, moves: Sequence[Move]) -> None:
        pass

    def apply(self, move: Move) -> None:
        direction, beats = str(move.values[0]), float(move.values[1]) if len(move.values) > 1 else _DEFAULT_BEATS
        here = self._level()
        if direction == "out" and here > _SILENCE_DB and self._fade is None:
            self._before_db = here
        goal = 0.0 if direction == "out" else _amplitude(self._before_db)
        seconds = beats * 60.0 / float(self._instrument.get(Target("tempo"))[0])
        self._fade = _Fade(self._clock(), seconds, _amplitude(here), goal)
        self._posted = None
        self._step()

    def get(self, target: Target) -> tuple[Value, ...]:
        raise RefusedError(target, "address", f"{target} has no value")

    def notices(self) -> list[Notice]:
        self._step()
        return []

    def _level(self) -> float:
        return float(self._instrument.get(MASTER)[0])

    def _step(self) -> None:
        if self._fade is None:
            return
        now = self._clock()
        if self._posted is not None and abs(self._level() - self._posted[1]) > 1e-6:
            self._fade = None  # somebody moved it
            return
        over = now >= self._fade.begin + self._fade.length
        if self._posted is None or over or now - self._posted[0] >= _STEP_SECONDS:
            level = self._fade.db_at(now)
            self._instrument.post([Move.of(MASTER, level)])
            self._posted = now, level
        if over:
            self._fade = None


def _amplitude(db: float) -> float:
    return 0.0 if db <= _SILENCE_DB else 10.0 ** (db / 20.0)

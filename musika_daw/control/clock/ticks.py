"""Ticks as they came, and the line that was thought to be under them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Tick `tick` is at `at_seconds`, and the others `seconds_per_tick` apart.

    Attributes:
        error_seconds: standard error of the time at which the line has the latest tick.
        length: ticks it was fitted to.
    """

    at_seconds: float
    tick: float
    seconds_per_tick: float
    error_seconds: float
    length: int

    def tick_at(self, seconds: float) -> float:
        return self.tick + (seconds - self.at_seconds) / self.seconds_per_tick

    def seconds_of(self, tick: float) -> float:
        return self.at_seconds + (tick - self.tick) * self.seconds_per_tick


@dataclass(slots=True, eq=False)
class Tick:
    """One tick as it came.

    Attributes:
        number: which tick of the clock it is; counts lost ones.
        line: as it was fitted with this tick.
        wild: too far off to be believed, an accident.
        side: of the line, 1 late, -1 early, if it is so far off that it may be wild; else 0.
    """

    seconds: float
    number: int
    line: Line
    wild: bool = False
    side: int = 0

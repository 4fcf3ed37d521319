"""Ticks that were lost on the way, or came double, told from a clock that changes its tempo.

A lost tick leaves all later ones a whole tick late, from one tick to the next; a slower tempo lets them fall behind
little by little. Weak jitter shows it in one interval. Strong jitter needs the mean of a few.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from musika_daw.control.clock.ticks import Line, Tick

_ESTABLISHED_TICKS = 8  # a line of fewer tells nothing about its ticks
_SURE_VARIANCE = 0.03  # of a mean of residuals, in ticks squared: small enough to tell 0 from 1
_RARITY = 7.0  # -ln of the probability that a tick is lost
_MOST_TICKS = 12  # looked at together
_SURE_GAP = 3.0  # ticks that no jitter makes
_IN_A_ROW = 3  # corrections tick after tick: then the tempo changed, nothing was lost


class LostTicks:
    """Mends the numbers of the latest ticks."""

    def __init__(self) -> None:
        self._corrections = 0  # in a row, one at each tick

    def mend(self, ticks: Sequence[Tick], jitter_seconds: float) -> None:
        """Looks at the last of `ticks`, which has just come."""
        last, before = ticks[-1], ticks[-2]
        line = before.line
        if line.length < min(_ESTABLISHED_TICKS, len(ticks)):
            self._corrections = 0
            return
        gap = (last.seconds - before.seconds) / line.seconds_per_tick
        late = _late(last, line)
        jitter = jitter_seconds / line.seconds_per_tick
        threshold = 0.5 + _RARITY * (jitter**2 + (line.error_seconds / line.seconds_per_tick) ** 2)
        established = len(ticks) > _ESTABLISHED_TICKS
        if established and (gap > _SURE_GAP or (gap > 1.6 and threshold < late < 1.4)):
            self._correct(ticks, max(0, round(late)))
        elif established and gap < 0.35 and late < -threshold:
            last.doubled = True
            self._correct(ticks, -1)
        else:
            self._corrections = 0
            _look_back(ticks, jitter_seconds)

    def _correct(self, ticks: Sequence[Tick], shift: int) -> None:
        ticks[-1].number += shift
        self._corrections += 1
        if self._corrections < _IN_A_ROW:
            return
        start = len(ticks) - 1 - self._corrections
        for distance, tick in enumerate(ticks[start:]):
            tick.number, tick.doubled = ticks[start].number + distance, False
        self._corrections = 0


def _look_back(ticks: Sequence[Tick], jitter_seconds: float) -> None:
    """Shifts the last few ticks by whole ticks if that is by far the best explanation of where they are."""
    for count in range(2, min(_MOST_TICKS, len(ticks) // 2 - 1) + 1):
        line = ticks[-2 * count - 1].line
        if line.length < _ESTABLISHED_TICKS:
            return
        jitter = jitter_seconds / line.seconds_per_tick
        variance = jitter**2 / count + (line.error_seconds / line.seconds_per_tick) ** 2
        if variance > _SURE_VARIANCE:
            continue
        late = [_late(tick, line) for tick in ticks[-2 * count :]]
        mean = sum(late[count:]) / count
        shift = round(mean)
        if abs(mean) > 0.5 + _RARITY * variance and shift and _is_sharp(late, count, shift, jitter):
            for tick in ticks[-count:]:
                tick.number += shift
        return


def _is_sharp(late: Sequence[float], count: int, shift: int, jitter: float) -> bool:
    """Whether a step by `shift` explains the lateness of ticks better than a tempo that changed somewhere."""
    step = sum(value**2 for value in late[:count]) + sum((value - shift) ** 2 for value in late[count:])
    ramp = math.inf
    for bend in range(len(late) - 1):
        distances = range(1, len(late) - bend + 1)
        tail = late[bend:]
        slope = sum(d * value for d, value in zip(distances, tail, strict=True)) / sum(d * d for d in distances)
        error = sum((value - slope * d) ** 2 for d, value in zip(distances, tail, strict=True))
        ramp = min(ramp, error + sum(value**2 for value in late[:bend]))
    return step + 2 * jitter**2 < ramp


def _late(tick: Tick, line: Line) -> float:
    """By how many ticks it came after the line had it."""
    return (tick.seconds - line.seconds_of(tick.number)) / line.seconds_per_tick

"""Ticks that were lost on the way, or came double, told from a clock that changes its tempo.

A lost tick leaves all later ones a whole tick late, from one tick to the next; a slower tempo lets them fall behind
little by little. Both are fitted to the latest ticks, at every place where they could have happened (a generalised
likelihood-ratio test), so that strong jitter only delays the answer and a wrong answer mends itself.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from musika_daw.control.clock.ticks import Line, Tick

_LEAST_TICKS, _MAX_TICKS, _STEP_TICKS = 8, 96, 8  # looked at together
_MARGIN_TICKS = 12  # the latest ticks, which may have bent the line already
_RARITY = 10.0  # -ln of the probability that a tick is lost
_NO_FIT = 4.0  # by how much, in the same units, a shift of any size may fit better than one of whole ticks
_SURE_GAP = 2.6  # ticks that no jitter makes, beside 5 standard deviations of it
_IN_A_ROW = 3  # corrections tick after tick: then the tempo changed, nothing was lost


class LostTicks:
    """Mends the numbers of the latest ticks."""

    def __init__(self) -> None:
        self._corrections = 0  # in a row, one at each tick

    def mend(self, ticks: list[Tick], line: Line, calm_line: Line, jitter_seconds: float) -> bool:
        """Looks at the last of `ticks`, which has just come after `line` was fitted to those before it; `calm_line` is
        better to look far ahead with.

        Returns:
            Whether it found that the tempo broke: all ticks of the old one are removed.
        """
        if len(ticks) < _LEAST_TICKS:
            return False
        gap = (ticks[-1].seconds - ticks[-2].seconds) / line.seconds_per_tick
        if gap > _SURE_GAP + 5 * jitter_seconds / line.seconds_per_tick:
            place, shift = 1, max(0, round(_lateness(ticks[-1:], calm_line)[0] / calm_line.seconds_per_tick))
        else:
            place, shift = _best_shift(ticks, line, jitter_seconds)
        for tick in ticks[len(ticks) - place :]:
            tick.number += shift
        self._corrections = self._corrections + 1 if shift and place == 1 else 0
        if self._corrections < _IN_A_ROW:
            return False
        self._corrections = 0
        del ticks[: -_IN_A_ROW - 1]
        for distance, tick in enumerate(ticks):
            tick.number = ticks[0].number + distance
        return True


def _best_shift(ticks: list[Tick], line: Line, jitter_seconds: float) -> tuple[int, int]:
    """How many of the latest ticks are to be shifted, and by how many ticks; (0, 0) if none."""
    steady = ticks[-min(len(ticks), _MARGIN_TICKS)].line.length + _MARGIN_TICKS
    since_silence = next((i for i in range(1, len(ticks)) if ticks[-i].number - ticks[-i - 1].number > 3), len(ticks))
    length = min(since_silence, steady, _MAX_TICKS) // _STEP_TICKS * _STEP_TICKS
    if length < _LEAST_TICKS:
        return 0, 0
    steps, squares, bends = _shapes(length)
    late = _lateness(ticks[-length:], line) / line.seconds_per_tick
    doubt = 2 * (jitter_seconds / line.seconds_per_tick) ** 2
    along = steps @ late
    shifts = np.rint(along / squares)
    gains = (2 * along - shifts * squares) * shifts / doubt
    if shifts[-1] > 0:
        gains[-1] = -np.inf  # the first tick of a slower tempo comes as late as one after a lost tick: the next tells
    best = int(np.argmax(gains))
    if gains[best] < _RARITY:
        return 0, 0
    bend = float(np.max((bends @ late) ** 2)) / doubt
    any_shift = float(along[best] ** 2 / squares[best]) / doubt
    if gains[best] < bend + 1 or any_shift - gains[best] > _NO_FIT:
        return 0, 0
    return length - 1 - best, int(shifts[best])


def _lateness(ticks: list[Tick], line: Line) -> NDArray[np.float64]:
    """Seconds after the moments at which the line has the ticks; accidents count as their neighbours.

    The tick before the last may yet turn out to be none: it is the last that tells.
    """
    late = np.array([tick.seconds - line.seconds_of(tick.number) for tick in ticks])
    for i, tick in enumerate(ticks[:-2]):
        if tick.wild:
            late[i] = late[i - 1] if i else late[i + 1]
    return late


@lru_cache(maxsize=_MAX_TICKS // _STEP_TICKS)
def _shapes(length: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What a step after each tick, and a bend at each, looks like beside the best straight line.

    Returns:
        Steps [length - 1, length], their squared lengths [length - 1], bends of length 1 [length - 3, length].
    """
    order = np.arange(length, dtype=float)
    basis, _ = np.linalg.qr(np.stack([np.ones(length), order], axis=1))
    steps = (order >= order[1:, None]).astype(float)
    bends = np.maximum(0.0, order - order[:-2, None])
    steps -= steps @ basis @ basis.T
    # A bend at the first tick is the straight line itself.
    bends = bends[1:] - bends[1:] @ basis @ basis.T
    bends /= np.linalg.norm(bends, axis=1, keepdims=True)
    return steps, np.sum(steps**2, axis=1), bends

"""The smooth line under the jittering ticks of a clock: which tick it is at a moment, and how fast they come.

A straight line is fitted to the latest ticks: to as many as agree with one another, so that a steady clock is averaged
over two bars and a moving one is followed within a few ticks (Lepski's rule: take the longest stretch whose end lies
where the ends of all shorter ones do).
"""

from __future__ import annotations

import dataclasses
import math
from statistics import median

import numpy as np
from numpy.typing import NDArray

from musika_daw.control.clock.lost_ticks import LostTicks
from musika_daw.control.clock.ticks import Line, Tick

TICKS_PER_BEAT = 24

_STRETCHES = (6, 8, 12, 16, 24, 32, 48, 64, 96, 136, 192)  # ticks; the longest is two bars
_CURVED_STRETCHES = (32, 48, 72, 96)
_AGREEMENT = 2.7  # how many standard errors the ends of two stretches may lie apart
_CALM_TICKS, _STEADY_STRETCH = 13, 48
_NOISE_STRETCH = 12  # short enough that no tempo glide shows in its residuals
_LEAST_JITTER_SECONDS = 0.0003
_FIRST_JITTER_SECONDS = 0.002
_JITTER_MEMORY_TICKS = 48
_WILD = 4.5  # standard deviations at which one tick alone is no longer believed
_MAX_WILD = 6  # of the latest 12 ticks: more are no accidents, the clock is like that
_FASTEST, _SLOWEST = 60.0 / 24 / 500, 60.0 / 24 / 10  # seconds per tick at 500 and 10 bpm
_KNOWN_TEMPO, _GUESSED_TEMPO = 0.05, 0.4  # relative error of the tempo before the first ticks


class TickLine:
    """Ticks in, line out."""

    def __init__(self, seconds_per_tick: float) -> None:
        self.jitter_seconds = _FIRST_JITTER_SECONDS
        self.line = self._fitted = Line(0.0, 0.0, seconds_per_tick, math.inf, 0)
        self._lost_ticks = LostTicks()
        self._ticks: list[Tick] = []
        self._expected, self._expected_error = seconds_per_tick, _GUESSED_TEMPO

    def restart(self) -> None:
        """Forgets the phase; the tempo is kept as a guess."""
        if len(self._ticks) > 1:
            self._expected, self._expected_error = self.line.seconds_per_tick, _KNOWN_TEMPO
        self._ticks.clear()
        self._lost_ticks = LostTicks()

    @property
    def latest(self) -> Tick | None:
        return self._ticks[-1] if self._ticks else None

    def add(self, seconds: float) -> Tick:
        """A tick has come. The number of a tick may still be mended by those that follow it."""
        tick = Tick(seconds, self._ticks[-1].number + 1 if self._ticks else 0, self._fitted)
        self._ticks.append(tick)
        del self._ticks[: -_STRETCHES[-1]]
        if len(self._ticks) > 1:
            if self._lost_ticks.mend(self._ticks, self._fitted, self.line, self.jitter_seconds):
                first = self._ticks[0]
                self._expected = _possible((seconds - first.seconds) / (tick.number - first.number))
                self._expected_error = _KNOWN_TEMPO
            self._doubt()
        tick.line = self.line = self._fitted = self._fit()
        if len(self._ticks) > _CALM_TICKS and self.line.length < _STEADY_STRETCH:
            self.line = dataclasses.replace(self.line, seconds_per_tick=self._calm_slope())
        return tick

    def _calm_slope(self) -> float:
        """Seconds per tick when the fitted stretch is short, so that its own slope is not worth much.

        A longer stretch of the latest ticks is, if it still leads to here. Else the clock moved, or, if it ticks in
        steps of an audio period, jumped by one: a stretch across the jump has the wrong slope, but only a few do.
        """
        recent = [tick.line for tick in self._ticks[-_CALM_TICKS:]]
        longest = max(recent, key=lambda line: line.length)
        if abs(longest.seconds_of(self.line.tick) - self.line.at_seconds) < 3 * self.line.error_seconds:
            return longest.seconds_per_tick
        return median(line.seconds_per_tick for line in recent)

    def _doubt(self) -> None:
        """Marks a tick far off whose neighbours are not; two on one side are a change of the clock, not an accident."""
        last = self._ticks[-1]
        late = last.seconds - self._fitted.seconds_of(last.number)
        last.side = 0 if abs(late) <= _WILD * self.jitter_seconds else 1 if late > 0 else -1
        sides = [0, *(tick.side for tick in self._ticks[-3:])]
        for tick, before, side, after in zip(self._ticks[-2:], sides[-3:], sides[-2:], [*sides[-1:], 0], strict=False):
            tick.wild = side != 0 and side not in (before, after)

    def _fit(self) -> Line:
        """The line through the believable ticks; learns the jitter."""
        is_wild = sum(tick.wild for tick in self._ticks[-_NOISE_STRETCH:]) > _MAX_WILD
        ticks = [tick for tick in reversed(self._ticks) if is_wild or not tick.wild]
        first = ticks[0]
        seconds = np.array([tick.seconds for tick in ticks]) - first.seconds
        numbers = np.array([tick.number for tick in ticks], dtype=float) - first.number
        self._learn_jitter(numbers[:_NOISE_STRETCH], seconds[:_NOISE_STRETCH])
        length, end, slope = self._longest_agreeing(numbers, seconds)
        error = self.jitter_seconds * math.sqrt(_end_variance(length))
        return Line(first.seconds + end, float(first.number), _possible(slope), error, length)

    def _longest_agreeing(self, numbers: NDArray[np.float64], seconds: NDArray[np.float64]) -> tuple[int, float, float]:
        """Length of the stretch; when its line has the latest tick, in seconds from it; seconds per tick."""
        count = len(numbers)
        straight = [length for length in _STRETCHES if length < count] + [count]
        sums = {power: np.cumsum(numbers**power) for power in (1, 2, 3, 4)}
        products = {power: np.cumsum(numbers**power * seconds) for power in (0, 1, 2)}
        fits = []
        for length in straight:
            i = length - 1
            end, slope = self._regression(length, sums[1][i], products[0][i], sums[2][i], products[1][i])
            fits.append((_end_variance(length), length, end, slope))
        for length in _CURVED_STRETCHES:
            if length <= count:
                i = length - 1
                s1, s2, s3, s4 = (sums[power][i] for power in (1, 2, 3, 4))
                matrix = np.array([[length, s1, s2], [s1, s2, s3], [s2, s3, s4]], dtype=float)
                end, slope, _ = np.linalg.solve(matrix, np.array([products[power][i] for power in (0, 1, 2)]))
                fits.append((9.0 / length, length, end, slope))
        fits.sort(key=lambda fit: -fit[0])
        low, high = -math.inf, math.inf
        chosen = (0, 0.0, self._expected)
        for variance, length, end, slope in fits:
            if chosen[0] and not low <= end <= high:
                continue
            chosen = (length, float(end), float(slope))
            # The end of a longer stretch that agrees differs by at most this much (errors of nested fits).
            spread = _AGREEMENT * self.jitter_seconds * math.sqrt(variance)
            low, high = max(low, end - spread), min(high, end + spread)
        return chosen

    def _regression(self, length: int, x: float, y: float, xx: float, xy: float) -> tuple[float, float]:
        """Least squares from sums, with the expected tempo as one more observation while ticks are few."""
        products, squares = xy - x * y / length, xx - x * x / length
        if len(self._ticks) <= _NOISE_STRETCH:
            trust = (self.jitter_seconds / (self._expected_error * self._expected)) ** 2
            products, squares = products + trust * self._expected, squares + trust
        slope = products / squares
        return (y - slope * x) / length, slope

    def _learn_jitter(self, numbers: NDArray[np.float64], seconds: NDArray[np.float64]) -> None:
        length = len(numbers)
        if length < _NOISE_STRETCH:
            return
        x, y = float(numbers.sum()), float(seconds.sum())
        end, slope = self._regression(length, x, y, float(numbers @ numbers), float(numbers @ seconds))
        residuals = seconds - end - slope * numbers
        # A broken tempo is no jitter: at most a little growth from each tick.
        variance = min(float(residuals @ residuals) / (length - 2), 4 * self.jitter_seconds**2)
        share = 1 / min(_JITTER_MEMORY_TICKS, len(self._ticks))
        variance = (1 - share) * self.jitter_seconds**2 + share * variance
        self.jitter_seconds = max(_LEAST_JITTER_SECONDS, math.sqrt(variance))


def _possible(seconds_per_tick: float) -> float:
    return min(_SLOWEST, max(_FASTEST, seconds_per_tick))


def _end_variance(length: int) -> float:
    """Variance of a fitted line at its last point, in units of the jitter's."""
    return (4 * length - 2) / (length * (length + 1))

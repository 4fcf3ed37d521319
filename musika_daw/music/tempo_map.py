"""Song position in beats <-> seconds <-> samples, with tempo changes."""

from __future__ import annotations

import bisect
import itertools
import math
from dataclasses import dataclass
from functools import cached_property

from musika_daw.errors import UsageError
from musika_daw.music.grid import BEATS_PER_BAR

MIN_BPM, MAX_BPM = 40.0, 240.0
BEND = 0.05
"""Share of a tempo by which it is bent while a clock that leads is caught up with, also at the slowest and fastest."""


@dataclass(frozen=True, slots=True)
class TempoStep:
    """A stretch of one tempo: from one step to the next, beats and seconds are proportional.

    Attributes:
        beat: song position where it begins.
        seconds: from the start of the song, where it begins.
        bpm: mean tempo until the next step, so that the next step begins at its exact second.
    """

    beat: float
    seconds: float
    bpm: float


@dataclass(frozen=True)
class TempoMap:
    """Tempo over song position.

    Attributes:
        points: (beat, bpm) in order of beats, the first at beat 0; bpm between `MIN_BPM` and `MAX_BPM`, or beyond
            them by no more than a bend.
        ramps: whether the tempo glides (linearly in beats) from each point to the next, or holds until it.
    """

    points: tuple[tuple[float, float], ...]
    ramps: bool = False

    def __post_init__(self) -> None:
        beats = [beat for beat, _ in self.points]
        if not self.points or beats[0] != 0.0 or any(b >= a for b, a in itertools.pairwise(beats)):
            raise UsageError("a tempo map needs points in order of beats, the first at beat 0")
        for _, bpm in self.points:
            if not MIN_BPM * (1.0 - BEND) <= bpm <= MAX_BPM * (1.0 + BEND):
                raise UsageError(f"bpm {bpm:g} is out of range: expected {MIN_BPM:g} to {MAX_BPM:g}")

    @cached_property
    def _starts(self) -> tuple[list[float], list[float]]:
        """Beat and second at which each segment starts."""
        seconds = [0.0]
        for i in range(len(self.points) - 1):
            seconds.append(seconds[i] + self._span(i, self.points[i + 1][0]))
        return [beat for beat, _ in self.points], seconds

    def _slope(self, i: int) -> float:
        """bpm per beat within segment i."""
        if not self.ramps or i + 1 >= len(self.points):
            return 0.0
        (b0, t0), (b1, t1) = self.points[i], self.points[i + 1]
        return (t1 - t0) / (b1 - b0)

    def _span(self, i: int, beat: float) -> float:
        """Seconds from the start of segment i to `beat`."""
        start, bpm = self.points[i]
        slope = self._slope(i)
        if abs(slope) < 1e-12:
            return (beat - start) * 60.0 / bpm
        return 60.0 / slope * math.log1p(slope * (beat - start) / bpm)

    def bpm_at(self, beat: float) -> float:
        i = max(0, bisect.bisect_right(self._starts[0], beat) - 1)
        return self.points[i][1] + self._slope(i) * max(0.0, beat - self.points[i][0])

    def seconds_at(self, beat: float) -> float:
        """Seconds since the start of the song; negative beats run at the first tempo."""
        i = max(0, bisect.bisect_right(self._starts[0], beat) - 1)
        return self._starts[1][i] + (self._span(i, beat) if beat > 0 else beat * 60.0 / self.points[0][1])

    def beat_at(self, seconds: float) -> float:
        """The inverse of `seconds_at`."""
        if seconds <= 0:
            return seconds * self.points[0][1] / 60.0
        i = max(0, bisect.bisect_right(self._starts[1], seconds) - 1)
        start, bpm = self.points[i]
        slope, elapsed = self._slope(i), seconds - self._starts[1][i]
        if abs(slope) < 1e-12:
            return start + elapsed * bpm / 60.0
        return start + bpm / slope * math.expm1(slope * elapsed / 60.0)

    def sample_at(self, beat: float, sample_rate: int) -> int:
        """The sample a song position falls on, rounded once from the exact second: no drift over any length."""
        return round(self.seconds_at(beat) * sample_rate)

    def steps(self, first_beat: float, last_beat: float) -> list[TempoStep]:
        """The tempo between two song positions as steps, for formats without ramps: a ramp changes on every beat."""
        last_point = self.points[-1][0]
        beats = {first_beat, *(beat for beat, _ in self.points if first_beat < beat < last_beat)}
        if self.ramps:
            beats.update(map(float, range(math.floor(first_beat) + 1, math.ceil(min(last_point, last_beat)))))
        starts = sorted(beats)
        ends = [*starts[1:], max(last_beat, starts[-1] + 1.0)]
        seconds = [self.seconds_at(beat) for beat in (*starts, ends[-1])]
        spans = zip(starts, ends, itertools.pairwise(seconds), strict=True)
        return [TempoStep(beat, s0, 60.0 * (end - beat) / (s1 - s0)) for beat, end, (s0, s1) in spans]

    def bar_line_samples(self, first_bar: int, bars: int, sample_rate: int) -> list[int]:
        """Samples of the bar lines of `bars` bars from bar `first_bar` (0 = the first), end line included."""
        return [self.sample_at(bar * BEATS_PER_BAR, sample_rate) for bar in range(first_bar, first_bar + bars + 1)]


def constant_tempo(bpm: float) -> TempoMap:
    if not math.isfinite(bpm):
        raise UsageError(f"bpm {bpm} is not a tempo: expected {MIN_BPM:g} to {MAX_BPM:g}")
    return TempoMap(((0.0, float(bpm)),))

"""Half and double time: a clock faster or slower than the model can play is followed on every second or half beat.

A clock at 300 bpm is followed as one at 150: each beat of ours is on one of its beats. The ratio changes as rarely as
it can: a tempo that wavers about a limit keeps the ratio that it has. Pure, but for the lock.
"""

from __future__ import annotations

import dataclasses
import math
import threading
from typing import Protocol, runtime_checkable

from musika_daw.control.clock.protocol import Clock, ClockState
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM

AUTO = "auto"

_WAVERING = 0.002  # share of a limit by which the mean of a tempo at it may seem to lie outside
_CLEARLY = 0.02  # the same of the tempo at one moment
_UNKNOWN = 0.2  # the same, while the tempo is still being found
_MEAN_SECONDS = 1.0  # time constant of the mean, and the least that it is made of
_BACK = 0.05  # share of a limit that a tempo has to come back inside
_MAX_OCTAVES = 4
_SAME_PLACE_BEATS = 1.0  # a clock that finds itself elsewhere by less was not located
_BAR = 4.0


@runtime_checkable
class SharedClock(Protocol):
    """A clock that belongs to all who follow it, so that each may move it: Ableton Link."""

    def play(self) -> None: ...
    def stop(self) -> None: ...
    def locate(self, beat: float) -> None: ...
    def set_tempo(self, bpm: float) -> None: ...


def playable_ratio(bpm: float, wish: float = 1.0) -> float:
    """Ours to the clock's tempo: the wish if that can be played, else the nearest power of two times it that can."""
    ratios = (wish * 2.0**octave for octave in range(-_MAX_OCTAVES, _MAX_OCTAVES + 1))
    possible = [ratio for ratio in ratios if _outside(bpm * ratio) <= _WAVERING]
    return min(possible, key=lambda ratio: abs(math.log2(ratio / wish)), default=wish)


class PlayableClock:
    """A clock as it can be played. Any thread may ask, as of every clock.

    Attributes:
        known_bpm: its own tempo, once it has stayed what it is for a second; None before.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._wish = 1.0
        self._ratio = 1.0
        self._offset = 0.0  # beats of ours, whole bars
        self._switches = 0
        self._before: tuple[float, ClockState] | None = None
        self._decided_jumps: int | None = None  # of the clock, when the ratio last changed
        self._outside_since = math.inf
        self._mean = _Mean()
        self.known_bpm: float | None = None
        self._lock = threading.Lock()

    def ask(self, wish: str) -> None:
        """Follows in another ratio, `0.5`, `1` or `2`, if that can be played; `auto` is the clock's own tempo."""
        with self._lock:
            self._wish = 1.0 if wish == AUTO else float(wish)
            if self._before is not None:
                state = self._before[1]
                self._switch(playable_ratio(state.bpm, self._wish), state)

    def state_at(self, seconds: float) -> ClockState:
        """The clock's state in our beats and tempo; `ratio` says how they are related."""
        state = self.clock.state_at(seconds)
        with self._lock:
            if self._before is None:
                self._ratio = playable_ratio(state.bpm, self._wish)
                self._decided_jumps = state.jumps if state.settled else None
            self._follow_jumps(seconds, state)
            if (ratio := self._next_ratio(seconds, state)) != self._ratio:
                self._switch(ratio, state)
            self._before = seconds, state
            return dataclasses.replace(
                state,
                beat=max(0.0, state.beat * self._ratio + self._offset),
                bpm=state.bpm * self._ratio,
                jumps=state.jumps + self._switches,
                ratio=self._ratio,
            )

    def _follow_jumps(self, seconds: float, state: ClockState) -> None:
        """Where a clock that was located is, is where we are: what a switch has moved counts no more."""
        if self._before is None or state.jumps == self._before[1].jumps:
            return
        at, before = self._before
        expected = before.beat + ((seconds - at) * before.bpm / 60.0 if before.playing else 0.0)
        if abs(state.beat - expected) > _SAME_PLACE_BEATS or not before.playing:
            self._offset = 0.0

    def _next_ratio(self, seconds: float, state: ClockState) -> float:
        self.known_bpm = mean = self._mean.take(seconds, state.bpm) if state.settled else None
        wanted = playable_ratio(state.bpm, self._wish)
        if _outside(state.bpm * self._ratio) > (_CLEARLY if state.settled else _UNKNOWN):
            self._outside_since = min(self._outside_since, seconds)
            # At once where it has begun; later, ticks that come late and together may only seem to be another tempo.
            begun = self._decided_jumps != state.jumps
            return wanted if begun or seconds - self._outside_since >= _MEAN_SECONDS else self._ratio
        self._outside_since = math.inf
        if mean is None:
            return self._ratio
        if _outside(mean * self._ratio) > _WAVERING:
            return playable_ratio(mean, self._wish)
        nearer = abs(math.log2(wanted / self._wish)) < abs(math.log2(self._ratio / self._wish))
        return wanted if nearer and _outside(mean * wanted) < -_BACK else self._ratio

    def _switch(self, ratio: float, state: ClockState) -> None:
        """Changes the ratio; beats stay on the clock's, bars on its bars, near the place in the song."""
        if ratio == self._ratio:
            return
        here = state.beat * self._ratio + self._offset
        self._ratio, self._decided_jumps, self._outside_since = ratio, state.jumps, math.inf
        self._offset = _BAR * round((here - state.beat * ratio) / _BAR) if state.playing else 0.0
        self._switches += 1


class _Mean:
    """The tempo of late, once it is known for long enough; another tempo begins anew."""

    def __init__(self) -> None:
        self._bpm, self._since, self._seconds = 0.0, 0.0, 0.0

    def take(self, seconds: float, bpm: float) -> float | None:
        if abs(bpm - self._bpm) > _CLEARLY * bpm:
            self._bpm, self._since = bpm, seconds
        else:
            passed = max(0.0, seconds - self._seconds)
            self._bpm += (bpm - self._bpm) * -math.expm1(-passed / _MEAN_SECONDS)
        self._seconds = max(seconds, self._seconds)
        return self._bpm if seconds - self._since >= _MEAN_SECONDS else None


def _outside(bpm: float) -> float:
    """Share by which a tempo lies beyond what can be played; negative inside."""
    return max(MIN_BPM / bpm, bpm / MAX_BPM) - 1.0


class PlayableSharedClock(PlayableClock):
    """The same of a clock that all who follow it may move."""

    clock: SharedClock  # type: ignore[assignment]  # a clock as well

    def play(self) -> None:
        self.clock.play()

    def stop(self) -> None:
        self.clock.stop()

    def locate(self, beat: float) -> None:
        """To a song position of ours."""
        self.clock.locate(beat / self._ratio)

    def set_tempo(self, bpm: float) -> None:
        """To a tempo of ours."""
        self.clock.set_tempo(bpm / self._ratio)


def playable(clock: Clock) -> PlayableClock:
    """A clock in half or double time where it has to be."""
    return PlayableSharedClock(clock) if isinstance(clock, SharedClock) else PlayableClock(clock)


def ratio_text(ratio: float) -> str:
    """`half time`, `double time`, `4 x its tempo`."""
    return {0.5: "half time", 2.0: "double time"}.get(ratio, f"{ratio:g} x its tempo")

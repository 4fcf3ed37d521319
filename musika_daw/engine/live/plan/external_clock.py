"""Following a clock that leads: when to start, stop, jump or bend the tempo so that the sound is where the clock is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from musika_daw.controls.move import Move
from musika_daw.music.tempo_map import BEND, MAX_BPM, MIN_BPM

_JUMP_SECONDS = 0.2  # further away than this, the sound jumps; nearer, the tempo bends until it is there
_MOVED_SECONDS = 0.05  # a clock that was located elsewhere is not approached in a glide
_FAR_SECONDS = 0.004  # nearer than this, nothing is done: each correction costs a splice
_NEAR_SECONDS = 0.001  # a correction goes on until it is so near
_CATCH_UP_SECONDS = 0.8  # a correction takes at least so long
_NEW_TEMPO = 0.003  # share of the tempo that an estimate of a steady clock never wavers by
_LATE_SECONDS = 0.18  # a start that is heard so late still begins with its first beat
_FIRST_BEATS = 0.25  # of a start that came late: its attack is heard whole, then the sound jumps to where the clock is


class ExternalClockState(Protocol):
    """Where a leading clock is at a moment (`control.clock.protocol.ClockState` explains the fields)."""

    @property
    def beat(self) -> float: ...
    @property
    def bpm(self) -> float: ...
    @property
    def playing(self) -> bool: ...
    @property
    def settled(self) -> bool: ...
    @property
    def jumps(self) -> int: ...
    @property
    def lost(self) -> bool: ...
    @property
    def jitter_seconds(self) -> float: ...
    @property
    def ratio(self) -> float: ...


class ExternalClock(Protocol):
    """A clock."""

    def state_at(self, seconds: float) -> ExternalClockState:
        """Its state at a moment of the monotonic clock."""
        ...


@dataclass(frozen=True)
class FollowedClock:
    """A clock that leads, and how it is followed.

    Attributes:
        name: of the clock, for messages.
        offset_seconds: how much later than the clock the sound is to be.
        stop_on_loss: whether the sound stops when the clock is lost, or plays on.
    """

    name: str
    clock: ExternalClock
    offset_seconds: float = 0.0
    stop_on_loss: bool = False


@dataclass(frozen=True)
class Here:
    """The place in the plan that a correction would change.

    Attributes:
        beat: song position that is planned there.
        bpm: tempo that is planned there.
    """

    beat: float
    bpm: float
    playing: bool


class ClockFollower:
    """Decides; keeps only what it did last."""

    def __init__(self) -> None:
        self._jumps: int | None = None
        self._bend = 0.0  # share by which the tempo is bent until the sound is where the clock is
        self._started: float | None = None  # beat of a start that came late

    def moves(self, state: ExternalClockState, here: Here, stop_on_loss: bool) -> tuple[Move, ...]:
        """What to do so that the plan follows; nothing if it does already.

        A transport move carries the song position where the plan's place should be.
        """
        jumped, self._jumps = state.jumps != self._jumps, state.jumps
        bend, self._bend = self._bend, 0.0
        started, self._started = self._started, None
        bpm = _possible(state.bpm)
        if not state.playing or (state.lost and stop_on_loss):
            if here.playing:
                return (Move("stop"),)
            return _wait(state, here)
        if not here.playing:
            first = _first_beat(state.beat, bpm)
            self._started = first if first < state.beat else None
            return (*_new_tempo(state, here), Move.of("play", first))
        behind = (state.beat - here.beat) * 60.0 / bpm
        elsewhere = abs(behind) > _JUMP_SECONDS or (jumped and abs(behind) > _MOVED_SECONDS)
        if started is not None and not elsewhere:
            if started <= here.beat < started + _FIRST_BEATS:
                self._started = started
                return ()
            elsewhere = abs(behind) > _FAR_SECONDS
        if elsewhere:
            tempo = (Move.of("tempo", bpm),) if bpm != here.bpm else ()
            return (*tempo, Move.of("locate", max(0.0, state.beat)))
        arrived = bend != 0.0 and behind * bend <= _NEAR_SECONDS * abs(bend)
        strayed = bend == 0.0 and abs(behind) > _FAR_SECONDS
        if not (arrived or strayed or abs(bpm * (1.0 + bend) / here.bpm - 1.0) > _NEW_TEMPO):
            self._bend = bend
            return ()
        if abs(behind) > _NEAR_SECONDS:
            self._bend = min(max(behind / _CATCH_UP_SECONDS, -BEND), BEND)  # more would be heard as a glide of its own
        return (Move.of("tempo", _possible(bpm * (1.0 + self._bend))),)


def _wait(state: ExternalClockState, here: Here) -> tuple[Move, ...]:
    """While nothing plays, what playing would start with is kept ready: place and tempo."""
    if abs(state.beat - here.beat) > 1e-3 and not state.playing:
        return (Move.of("locate", max(0.0, state.beat)),)
    return _new_tempo(state, here)


def _new_tempo(state: ExternalClockState, here: Here) -> tuple[Move, ...]:
    """Where nothing plays: a tempo that is known to be another. What is made for it already is good enough else."""
    bpm = _possible(state.bpm)
    known = state.settled and abs(bpm / here.bpm - 1.0) > _NEW_TEMPO
    return (Move.of("tempo", bpm),) if known else ()


def _possible(bpm: float) -> float:
    return min(max(bpm, MIN_BPM * (1.0 - BEND)), MAX_BPM * (1.0 + BEND))


def _first_beat(beat: float, bpm: float) -> float:
    """Where to start: a start is seen after it happened, and its first kick must not be lost for that."""
    whole = math.floor(beat + 1e-6)
    return max(0.0, float(whole) if (beat - whole) * 60.0 / bpm < _LATE_SECONDS else beat)

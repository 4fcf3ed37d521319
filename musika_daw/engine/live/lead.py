"""Following a clock that leads: when to start, stop, jump or bend the tempo so that the sound is where the clock is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from musika_daw.engine.live.moves import Move
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM

_JUMP_SECONDS = 0.15  # further away than this, the sound jumps; nearer, the tempo bends until it is there
_NEAR_SECONDS = 0.003  # near enough
_NEAR_TEMPO = 0.0005  # share of the tempo that makes no difference yet
_CATCH_UP_SECONDS = 0.8
_MOST_BEND = 0.05  # share of the tempo; more would be heard as a glide of its own
_BEND_STEP = 0.004  # share of the tempo; each step costs a splice
_LATE_SECONDS = 0.12  # a start that is seen so late still begins with its first beat


class LeadState(Protocol):
    """Where a leading clock is at a moment (`control.clock.protocol.ClockState` explains the fields)."""

    @property
    def beat(self) -> float: ...
    @property
    def bpm(self) -> float: ...
    @property
    def playing(self) -> bool: ...
    @property
    def jumps(self) -> int: ...
    @property
    def lost(self) -> bool: ...
    @property
    def jitter_seconds(self) -> float: ...


class Lead(Protocol):
    """A clock."""

    def state_at(self, seconds: float) -> LeadState:
        """Its state at a moment of the monotonic clock."""
        ...


@dataclass(frozen=True)
class Leading:
    """A clock that leads, and how it is followed.

    Attributes:
        name: of the clock, for messages.
        offset_seconds: how much later than the clock the sound is to be.
        stop_on_loss: whether the sound stops when the clock is lost, or plays on.
    """

    name: str
    clock: Lead
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


class Pursuit:
    """Decides; keeps only what it did last."""

    def __init__(self) -> None:
        self._jumps: int | None = None

    def moves(self, state: LeadState, here: Here, stop_on_loss: bool) -> tuple[Move, ...]:
        """What to do so that the plan follows; nothing if it does already.

        A transport move carries the song position where the plan's place should be.
        """
        jumped, self._jumps = state.jumps != self._jumps, state.jumps
        if not state.playing or (state.lost and stop_on_loss):
            if here.playing:
                return (Move("/musika/stop"),)
            if abs(state.beat - here.beat) > 1e-3 and not state.playing:
                return (Move("/musika/locate", (max(0.0, state.beat),)),)
            return ()
        bpm = min(max(state.bpm, MIN_BPM), MAX_BPM)
        tempo = (Move("/musika/tempo", (bpm,)),) if abs(bpm / here.bpm - 1.0) > _NEAR_TEMPO else ()
        if not here.playing:
            return (*tempo, Move("/musika/play", (_first_beat(state.beat, bpm),)))
        behind = (state.beat - here.beat) * 60.0 / bpm
        if abs(behind) > _JUMP_SECONDS or (jumped and abs(behind) > _LATE_SECONDS):
            return (*tempo, Move("/musika/locate", (max(0.0, state.beat),)))
        if abs(behind) <= _NEAR_SECONDS and abs(here.bpm / bpm - 1.0) <= _NEAR_TEMPO:
            return ()
        bend = 0.0 if abs(behind) <= _NEAR_SECONDS else behind / _CATCH_UP_SECONDS
        wanted = bpm * (1.0 + min(max(bend, -_MOST_BEND), _MOST_BEND))
        wanted = min(max(wanted, MIN_BPM), MAX_BPM)
        enough = _BEND_STEP if bend else _NEAR_TEMPO
        return (Move("/musika/tempo", (wanted,)),) if abs(wanted / here.bpm - 1.0) > enough else ()


def _first_beat(beat: float, bpm: float) -> float:
    """Where to start: a start is seen after it happened, and its first kick must not be lost for that."""
    whole = math.floor(beat + 1e-6)
    return max(0.0, float(whole) if (beat - whole) * 60.0 / bpm < _LATE_SECONDS else beat)

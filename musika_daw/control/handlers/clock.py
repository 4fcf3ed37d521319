"""The choice of the clock that leads: ours, a MIDI clock or Ableton Link."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from musika_daw.control.clock.protocol import Clock, ClockState
from musika_daw.control.clock.ratio import PlayableClock, PlayableSharedClock, playable, ratio_text
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError, failure
from musika_daw.controls.target import Target, address_of
from musika_daw.engine.live.plan.external_clock import FollowedClock
from musika_daw.engine.live.state.transition import LOCATE, PLAY, STOP, TRANSPORT
from musika_daw.errors import UserError

CLOCK, OFFSET, ON_LOSS, RATIO = "clock", "clock/offset", "clock/on_loss", "clock/ratio"
TEMPO = "tempo"


class Follower(Protocol):
    """What follows: the live engine."""

    def follow(self, leading: FollowedClock | None) -> None: ...
    def get(self, target: Target) -> tuple[Value, ...]: ...


class ClockHandler:
    """Opens a clock when it is chosen for the first time and keeps it: choosing again must not wait."""

    def __init__(
        self,
        engine: Follower,
        open_clock: Mapping[str, Callable[[], Clock]],
        internal: Clock,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            open_clock: name of a clock -> how to get it; it may raise UserError.
            internal: our own.
            now: seconds of the clock that all of them count in.
        """
        self._engine, self._open_clock, self._internal, self._now = engine, open_clock, internal, now
        self._clocks: dict[str, PlayableClock] = {}
        self._chosen = "internal"
        self._offset_ms = 0.0
        self._on_loss = "continue"
        self._ratio = "auto"
        self._ratio_told = 1.0
        self._told: list[Notice] = []
        self._lost = False
        self._located = 0.0

    def targets(self) -> tuple[Target, ...]:
        shared = (*TRANSPORT, TEMPO) if isinstance(self._clocks.get(self._chosen), PlayableSharedClock) else ()
        return tuple(map(Target, (CLOCK, OFFSET, ON_LOSS, RATIO, *shared)))

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.control == CLOCK and move.values[0] != "internal":
                self._open(str(move.values[0]))

    def apply(self, move: Move) -> None:
        clock = self._clocks.get(self._chosen)
        if move.control in (*TRANSPORT, TEMPO):
            if isinstance(clock, PlayableSharedClock):
                self._move_shared(clock, move)
            return
        if move.control == CLOCK:
            self._chosen = str(move.values[0])
        elif move.control == OFFSET:
            self._offset_ms = float(move.values[0])
        elif move.control == ON_LOSS:
            self._on_loss = str(move.values[0])
        else:
            self._ratio = str(move.values[0])
            for opened in self._clocks.values():
                opened.ask(self._ratio)
        self._told.append(Notice.of(move.target, *move.values))
        self._engine.follow(self._leading())

    def get(self, target: Target) -> tuple[Value, ...]:
        if target.control in (*TRANSPORT, TEMPO):
            return self._engine.get(target)
        values: dict[str, Value] = {CLOCK: self._chosen, OFFSET: self._offset_ms, ON_LOSS: self._on_loss}
        values[RATIO] = self._ratio
        return (values[target.control],)

    def state_at(self, seconds: float) -> ClockState:
        """Of the clock that leads: what is played beside us is in time with it."""
        return self._clocks.get(self._chosen, self._internal).state_at(seconds)

    def notices(self) -> list[Notice]:
        """Changes; and once, when the clock is lost, or is played in half or double time from now on."""
        clock = self._clocks.get(self._chosen)
        state = clock.state_at(self._now()) if clock is not None else None
        lost = state is not None and state.lost
        if clock is not None and state is not None and clock.known_bpm is not None:
            self._tell_ratio(state, clock.known_bpm)
        if lost and not self._lost:
            then = "stopped" if self._on_loss == "stop" else "playing on"
            self._told.append(failure(Target(CLOCK), f"the {self._chosen} clock is lost: {then}"))
        self._lost = lost
        told, self._told = self._told, []
        return told

    def _tell_ratio(self, state: ClockState, bpm: float) -> None:
        if state.ratio == self._ratio_told:
            return
        self._ratio_told = state.ratio
        how = f"as {bpm * state.ratio:.4g}, in {ratio_text(state.ratio)}" if state.ratio != 1.0 else "as they are"
        line = f"{bpm:.4g} bpm of the {self._chosen} clock are played {how}"
        self._told.append(Notice.of("told", f"{line}; {address_of(Target(RATIO))} chooses", about=Target(CLOCK)))

    def _move_shared(self, clock: PlayableSharedClock, move: Move) -> None:
        if move.control == TEMPO:
            clock.set_tempo(float(move.values[0]))
        elif move.control == STOP:
            clock.stop()
        elif move.control == LOCATE:
            self._located = float(move.values[0])
            clock.locate(self._located)
        else:
            if move.control == PLAY:
                clock.locate(self._located)
            clock.play()

    def _open(self, name: str) -> Clock:
        if name not in self._clocks:
            try:
                self._clocks[name] = playable(self._open_clock[name]())
                self._clocks[name].ask(self._ratio)
            except KeyError:
                there = ", ".join(["internal", *self._open_clock])
                raise RefusedError(
                    Target(CLOCK), "refused", f"there is no {name} clock here: expected {there}"
                ) from None
            except UserError as error:
                raise RefusedError(Target(CLOCK), "failed", str(error)) from error
        return self._clocks[name]

    def _leading(self) -> FollowedClock | None:
        if self._chosen == "internal":
            return None
        clock = self._clocks[self._chosen]
        return FollowedClock(self._chosen, clock, self._offset_ms / 1000.0, self._on_loss == "stop")

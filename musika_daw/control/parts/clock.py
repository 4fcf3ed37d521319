"""The choice of the clock that leads: ours, a MIDI clock or Ableton Link."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from musika_daw.control.clock.protocol import Clock, ClockState
from musika_daw.engine.live.course import TRANSPORT
from musika_daw.engine.live.lead import Leading
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.errors import UserError

CLOCK, OFFSET, ON_LOSS = "/musika/clock", "/musika/clock/offset", "/musika/clock/on_loss"
TEMPO = "/musika/tempo"


class Follower(Protocol):
    """What follows: the live engine."""

    def follow(self, leading: Leading | None) -> None: ...
    def get(self, address: str) -> tuple[Value, ...]: ...


@runtime_checkable
class SharedClock(Protocol):
    """A clock that belongs to all who follow it, so that each may move it: Ableton Link."""

    def play(self) -> None: ...
    def stop(self) -> None: ...
    def locate(self, beat: float) -> None: ...
    def set_tempo(self, bpm: float) -> None: ...


class ClockPart:
    """Opens a clock when it is chosen for the first time and keeps it: choosing again must not wait."""

    def __init__(self, engine: Follower, open_clock: Mapping[str, Callable[[], Clock]], internal: Clock) -> None:
        """
        Args:
            open_clock: name of a clock -> how to get it; it may raise UserError.
            internal: our own.
        """
        self._engine, self._open_clock, self._internal = engine, open_clock, internal
        self._clocks: dict[str, Clock] = {}
        self._chosen = "internal"
        self._offset_ms = 0.0
        self._on_loss = "continue"
        self._told: list[Notice] = []
        self._lost = False
        self._located = 0.0

    def addresses(self) -> tuple[str, ...]:
        shared = (*TRANSPORT, TEMPO) if isinstance(self._clocks.get(self._chosen), SharedClock) else ()
        return (CLOCK, OFFSET, ON_LOSS, *shared)

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.address == CLOCK and move.values[0] != "internal":
                self._open(str(move.values[0]))

    def apply(self, move: Move) -> None:
        clock = self._clocks.get(self._chosen)
        if move.address in (*TRANSPORT, TEMPO):
            if isinstance(clock, SharedClock):
                self._move_shared(clock, move)
            return
        if move.address == CLOCK:
            self._chosen = str(move.values[0])
        elif move.address == OFFSET:
            self._offset_ms = float(move.values[0])
        else:
            self._on_loss = str(move.values[0])
        self._told.append(Notice(move.address, move.values))
        self._engine.follow(self._leading())

    def get(self, address: str) -> tuple[Value, ...]:
        if address in (*TRANSPORT, TEMPO):
            return self._engine.get(address)
        values: dict[str, Value] = {CLOCK: self._chosen, OFFSET: self._offset_ms, ON_LOSS: self._on_loss}
        return (values[address],)

    def state_at(self, seconds: float) -> ClockState:
        """Of the clock that leads: what is played beside us is in time with it."""
        return self._clocks.get(self._chosen, self._internal).state_at(seconds)

    def notices(self) -> list[Notice]:
        """Changes; and once, when the clock is lost or found again."""
        leading = self._leading()
        lost = leading is not None and leading.clock.state_at(time.monotonic()).lost
        if lost and not self._lost:
            then = "stopped" if self._on_loss == "stop" else "playing on"
            self._told.append(Notice("/musika/error", (CLOCK, "failed", f"the {self._chosen} clock is lost: {then}")))
        self._lost = lost
        told, self._told = self._told, []
        return told

    def _move_shared(self, clock: SharedClock, move: Move) -> None:
        if move.address == TEMPO:
            clock.set_tempo(float(move.values[0]))
        elif move.address == "/musika/stop":
            clock.stop()
        elif move.address == "/musika/locate":
            self._located = float(move.values[0])
            clock.locate(self._located)
        else:
            if move.address == "/musika/play":
                clock.locate(self._located)
            clock.play()

    def _open(self, name: str) -> Clock:
        if name not in self._clocks:
            try:
                self._clocks[name] = self._open_clock[name]()
            except KeyError:
                there = ", ".join(["internal", *self._open_clock])
                raise RefusedError(CLOCK, "refused", f"there is no {name} clock here: expected {there}") from None
            except UserError as error:
                raise RefusedError(CLOCK, "failed", str(error)) from error
        return self._clocks[name]

    def _leading(self) -> Leading | None:
        if self._chosen == "internal":
            return None
        clock = self._clocks[self._chosen]
        return Leading(self._chosen, clock, self._offset_ms / 1000.0, self._on_loss == "stop")

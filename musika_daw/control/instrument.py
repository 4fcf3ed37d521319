"""What the control layer plays: the live engine, as seen from OSC and MIDI, and whatever answers beside it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice
from musika_daw.controls.target import Target


class Instrument(Protocol):
    """Every method may be called from any thread and returns within a millisecond or two."""

    stems: tuple[str, ...]

    def post(self, moves: Sequence[Move]) -> None:
        """Applies moves all together or not at all; what was set can be asked for when this returns.

        Raises:
            RefusedError: one of them is not possible; nothing changed.
        """
        ...

    def get(self, target: Target) -> tuple[Value, ...]:
        """The value of what can be asked for; `status` gives the arguments of `status.reply`.

        Raises:
            RefusedError: the target names what is not there (a stem, an effect).
        """
        ...

    def targets(self) -> tuple[Target, ...]:
        """Everything that can be set or asked for now, every stem and effect by its name."""
        ...

    def limits(self, target: Target) -> tuple[float, float] | None:
        """Range of an effect's parameter, which the book cannot know; None for everything else."""
        ...

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call, oldest first: changes, `beat`, `meter`, ..."""
        ...


class Handler(Protocol):
    """Answers for some controls in place of the engine: clocks, a MIDI map, scenes, lists."""

    def targets(self) -> tuple[Target, ...]:
        """Those it answers for."""
        ...

    def check(self, moves: Sequence[Move]) -> None:
        """Looks at all moves that are to be applied together, its own and those of others.

        Raises:
            RefusedError: one of them is not possible now.
        """
        ...

    def apply(self, move: Move) -> None:
        """Does a move of its own that it has checked."""
        ...

    def get(self, target: Target) -> tuple[Value, ...]:
        """The value of one of its own."""
        ...

    def notices(self) -> list[Notice]:
        """What it has to tell since the last call."""
        ...


class Router:
    """An instrument and handlers beside it, as one instrument.

    Moves stay atomic: the handlers check all of them, then the instrument takes its own, then each handler its own.
    """

    def __init__(self, instrument: Instrument, handlers: Sequence[Handler]) -> None:
        self._instrument, self._handlers = instrument, tuple(handlers)
        self._lock = threading.RLock()  # a handler may post while it does a move: a scene sets controls
        self.stems = instrument.stems

    def post(self, moves: Sequence[Move]) -> None:
        with self._lock:
            for handler in self._handlers:
                handler.check(moves)
            owners = [(move, self._owner(move.target)) for move in moves]
            if rest := [move for move, owner in owners if owner is None]:
                self._instrument.post(rest)
            for move, owner in owners:
                if owner is not None:
                    owner.apply(move)

    def get(self, target: Target) -> tuple[Value, ...]:
        owner = self._owner(target)
        return self._instrument.get(target) if owner is None else owner.get(target)

    def targets(self) -> tuple[Target, ...]:
        own = [target for handler in self._handlers for target in handler.targets()]
        return tuple(dict.fromkeys([*self._instrument.targets(), *own]))

    def limits(self, target: Target) -> tuple[float, float] | None:
        return self._instrument.limits(target)

    def notices(self) -> list[Notice]:
        own = [notice for handler in self._handlers for notice in handler.notices()]
        return self._instrument.notices() + own

    def _owner(self, target: Target) -> Handler | None:
        return next((handler for handler in self._handlers if target in handler.targets()), None)

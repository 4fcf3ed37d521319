"""What the control layer plays: the live engine, as seen from OSC and MIDI, and whatever answers beside it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from musika_daw.engine.live.moves import Move, Notice, Value


class Instrument(Protocol):
    """Every method may be called from any thread and returns within a millisecond or two."""

    stems: tuple[str, ...]

    def post(self, moves: Sequence[Move]) -> None:
        """Applies moves all together or not at all; what was set can be asked for when this returns.

        Raises:
            RefusedError: one of them is not possible; nothing changed.
        """
        ...

    def get(self, address: str) -> tuple[Value, ...]:
        """The value of a readable address; `/musika/status` gives the arguments of `/musika/status.reply`.

        Raises:
            RefusedError: the address names what is not there (a stem, an effect).
        """
        ...

    def addresses(self) -> tuple[str, ...]:
        """Every address that can be read or written now, placeholders filled in."""
        ...

    def limits(self, address: str) -> tuple[float, float] | None:
        """Range of an effect's parameter, which the table cannot know; None for all other addresses."""
        ...

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call, oldest first: changes, `/musika/beat`, `/musika/meter`, ..."""
        ...


class Part(Protocol):
    """Answers some addresses in place of the engine: clocks, a MIDI map, scenes, lists."""

    def addresses(self) -> tuple[str, ...]:
        """Those it answers."""
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

    def get(self, address: str) -> tuple[Value, ...]:
        """The value of one of its addresses."""
        ...

    def notices(self) -> list[Notice]:
        """What it has to tell since the last call."""
        ...


class Ensemble:
    """An instrument and parts beside it, as one instrument.

    Moves stay atomic: the parts check all of them, then the instrument takes its own, then each part does its own.
    """

    def __init__(self, instrument: Instrument, parts: Sequence[Part]) -> None:
        self._instrument, self._parts = instrument, tuple(parts)
        self._lock = threading.RLock()  # a part may post while it does a move: a scene sets controls
        self.stems = instrument.stems

    def post(self, moves: Sequence[Move]) -> None:
        with self._lock:
            for part in self._parts:
                part.check(moves)
            owners = [(move, self._owner(move.address)) for move in moves]
            if rest := [move for move, owner in owners if owner is None]:
                self._instrument.post(rest)
            for move, owner in owners:
                if owner is not None:
                    owner.apply(move)

    def get(self, address: str) -> tuple[Value, ...]:
        owner = self._owner(address)
        return self._instrument.get(address) if owner is None else owner.get(address)

    def addresses(self) -> tuple[str, ...]:
        own = [address for part in self._parts for address in part.addresses()]
        return tuple(dict.fromkeys([*self._instrument.addresses(), *own]))

    def limits(self, address: str) -> tuple[float, float] | None:
        return self._instrument.limits(address)

    def notices(self) -> list[Notice]:
        own = [notice for part in self._parts for notice in part.notices()]
        return self._instrument.notices() + own

    def _owner(self, address: str) -> Part | None:
        return next((part for part in self._parts if address in part.addresses()), None)

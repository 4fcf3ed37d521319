"""What the control layer plays: the live engine, as seen from OSC and MIDI."""

from __future__ import annotations

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

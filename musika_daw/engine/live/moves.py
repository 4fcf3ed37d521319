"""Control moves, and what the engine tells of itself: the words between engine and control layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody moved a control.

    Attributes:
        address: in the words of the OSC table, e.g. `/musika/density`.
        values: of the table's types and within its ranges.
    """

    address: str
    values: tuple[Value, ...] = ()

    @property
    def of_level(self) -> bool:
        """Whether it moves a level or an effect: that needs nothing new to be made."""
        _, _, name = self.address.removeprefix("/musika/stem/").partition("/")
        return self.address.startswith("/musika/stem/") and (
            name.startswith("fx/") or name in ("gain", "pan", "mute", "solo")
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Something subscribers are told: an event of the OSC table, or a control that has a new value."""

    address: str
    values: tuple[Value, ...] = ()


class RefusedError(ValueError):
    """A move that the table allows but that cannot be done now, or names what is not there; nothing changed.

    Attributes:
        address: of the move.
        code: one of the codes of `/musika/error`: `address`, `range`, `refused`, `failed`.
    """

    def __init__(self, address: str, code: Literal["address", "range", "refused", "failed"], message: str) -> None:
        super().__init__(message)
        self.address = address
        self.code = code

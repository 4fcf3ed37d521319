"""Moves, notices and refusals: the words between engine, OSC and MIDI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from musika_daw.controls.control import Value
from musika_daw.controls.target import Target, parse_target

Code = Literal["address", "range", "refused", "failed"]
"""What was wrong: a name, a value, the moment, or something on the way."""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody moved a control, or gave a command.

    Attributes:
        control: its name, e.g. `density`, `play`, `fx/0/cutoff_hz`.
        stem: of which stem; None: of the whole.
        values: of the row's kinds and within its ranges.
    """

    control: str
    stem: str | None = None
    values: tuple[Value, ...] = ()

    @classmethod
    def of(cls, target: Target | str, *values: Value) -> Move:
        """E.g. `Move.of("stem/bass/gain", -3.0)`."""
        control, stem = parse_target(target) if isinstance(target, str) else target
        return cls(control, stem, values)

    @property
    def target(self) -> Target:
        """What is moved."""
        return Target(self.control, self.stem)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something subscribers are told: an event, or a control that has a new value.

    Attributes:
        about: what an event is about: the control that landed or failed.
    """

    control: str
    stem: str | None = None
    values: tuple[Value, ...] = ()
    about: Target | None = None

    @classmethod
    def of(cls, target: Target | str, *values: Value, about: Target | None = None) -> Notice:
        """E.g. `Notice.of("beat", 4.0)`."""
        control, stem = parse_target(target) if isinstance(target, str) else target
        return cls(control, stem, values, about)

    @property
    def target(self) -> Target:
        """What it tells of."""
        return Target(self.control, self.stem)


def failure(about: Target, message: str) -> Notice:
    """The notice that something failed after it was taken."""
    return Notice("error", values=("failed", message), about=about)


class RefusedError(ValueError):
    """A move that the book allows but that cannot be done now, or names what is not there; nothing changed.

    Attributes:
        target: of the move.
        code: what was wrong.
    """

    def __init__(self, target: Target, code: Code, message: str) -> None:
        super().__init__(message)
        self.target = target
        self.code = code

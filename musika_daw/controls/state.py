"""How everything stands, as one immutable value: what is wanted, what is heard, a preset, options, a session log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from musika_daw.controls import book
from musika_daw.controls.control import Kind, PerStem, Scope
from musika_daw.controls.move import Move
from musika_daw.controls.target import Target

HOLD = "hold"

Setting = tuple[Any, ...]
"""The values of one control: numbers, texts and booleans; stems are texts, a chain has an effect each."""


@dataclass(frozen=True)
class ControlState:
    """What is set; the rest stands at its default, or is not decided here (a preset, options).

    Attributes:
        settings: target -> values.
        held: stem -> the song whose pattern it keeps.
    """

    settings: Mapping[Target, Setting] = field(default_factory=dict)
    held: Mapping[str, ControlState] = field(default_factory=dict)

    def get(self, control: str, stem: str | None = None) -> Setting:
        """The values of a control; a stem without its own has those of the whole, and the whole its default's.

        Raises:
            KeyError: it is not set, and its row has no default.
        """
        for target in (Target(control, stem), Target(control)):
            if target in self.settings:
                return self.settings[target]
        default = book.row(control).default
        if default is None:
            raise KeyError(f"{Target(control, stem)} is not set")
        return default

    def number(self, control: str, stem: str | None = None) -> float:
        """The first value of a control, a number."""
        return float(self.get(control, stem)[0])

    def text(self, control: str, stem: str | None = None) -> str:
        """The first value of a control, as text."""
        return str(self.get(control, stem)[0])

    def switch(self, control: str, stem: str | None = None) -> bool:
        """The first value of a control, on or off."""
        return bool(self.get(control, stem)[0])

    def own(self, control: str, stem: str | None = None) -> Setting | None:
        """The values that are set on this very target; None if none are."""
        return self.settings.get(Target(control, stem))

    def of(self, control: str) -> dict[str, Setting]:
        """Stem -> the values of its own."""
        return {t.stem: values for t, values in self.settings.items() if t.control == control and t.stem is not None}

    def with_move(self, move: Move) -> ControlState:
        """After a move; one of the whole counts for every stem, whatever the stem's own was."""
        control = book.row(move.control)
        settings = self._cleared((move.target,))
        settings[move.target] = tuple(_plain(control.kind, value) for value in move.values)
        held = self.held
        if control.name == HOLD and move.stem is not None:
            held = {stem: kept for stem, kept in self.held.items() if stem != move.stem}
            if settings[move.target][0]:
                # A pattern that is held already stays the one it is.
                held[move.stem] = self.held.get(move.stem) or self.only(Scope.SONG).without((HOLD,))
        return ControlState(settings, held)

    def _cleared(self, moved: Iterable[Target]) -> dict[Target, Setting]:
        """The settings that are left when others lie over them: one of the whole counts for every stem, and some
        controls exclude each other."""
        gone: set[str] = set()
        for target in moved:
            control = book.row(target.control)
            gone.update(control.clears)
            if target.stem is None and control.per_stem is PerStem.ALSO:
                gone.add(control.name)
        return {target: values for target, values in self.settings.items() if target.control not in gone}

    def over(self, other: ControlState) -> ControlState:
        """This, and over it what `other` sets: `defaults.over(preset).over(options)`."""
        return ControlState({**self._cleared(other.settings), **other.settings}, {**self.held, **other.held})

    def diff(self, other: ControlState) -> tuple[Move, ...]:
        """The moves from here to `other`, for everything that it sets."""
        changed = (t for t, values in other.settings.items() if self.settings.get(t) != values)
        return tuple(Move.of(target, *other.settings[target]) for target in changed)

    def only(self, *scopes: Scope) -> ControlState:
        """What acts on one of these."""
        kept = {t: values for t, values in self.settings.items() if book.scope_of(t) in scopes}
        return ControlState(kept, self.held if Scope.SONG in scopes else {})

    def tidy(self) -> ControlState:
        """The same without settings of stems that stand where they would without: equal states are equal then."""
        kept = {
            target: values
            for target, values in self.settings.items()
            if target.stem is None
            or book.row(target.control).per_stem is PerStem.ALSO
            or values != book.row(target.control).default
        }
        return self if len(kept) == len(self.settings) else ControlState(kept, self.held)

    def without(self, controls: Iterable[str]) -> ControlState:
        """Without some controls, of whatever stem."""
        names = set(controls)
        kept = {t: values for t, values in self.settings.items() if t.control not in names}
        return ControlState(kept, {} if HOLD in names else self.held)


def state_of(moves: Iterable[Move]) -> ControlState:
    """What moves set, one after the other."""
    state = ControlState()
    for move in moves:
        state = state.with_move(move)
    return state


def settings(**values: Any) -> ControlState:
    """What is set, by name with `_` for `/`, e.g. `settings(density=0.8, morph=(0.5, 0.5), anchor_a="tunnel")`."""
    moves = []
    for name, value in values.items():
        control = name if name in book.BY_NAME else name.replace("_", "/", 1)
        moves.append(Move(control, None, value if isinstance(value, tuple) else (value,)))
    return state_of(moves)


def defaults() -> ControlState:
    """Everything that has a default and is there once; levels and the like of stems are at theirs without being set."""
    cleared = {name for control in book.CONTROLS for name in control.clears}
    rows = (c for c in book.CONTROLS if c.per_stem is not PerStem.ONLY and c.name not in cleared)
    return ControlState({Target(control.name): control.default for control in rows if control.default is not None})


def _plain(kind: Kind, value: Any) -> Any:
    """A value as the state holds it: a style is a text, whether it is a name or a seed."""
    if kind is Kind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return str(value) if kind is Kind.STYLE else value

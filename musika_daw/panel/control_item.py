"""One control as the window shows and moves it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QJSValue

from musika_daw.controls.control import Control, Kind
from musika_daw.controls.target import Target, address_of
from musika_daw.panel.curves import curve_of, value_at, way_of
from osc_protocol.types import Value

_WIDEST_FADER = 1e5
_OWN_SECONDS = 0.25  # after a move of the user's own, the engine's echoes of earlier ones are not shown

Send = Callable[[str, list[Value]], bool]
"""Sends values to an address; whether they went out."""


class ControlItem(QObject):
    """A row of the book for one target: its value follows the engine, and moves it."""

    value_changed = Signal()
    limits_changed = Signal()

    def __init__(self, control: Control, target: Target, send: Send, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.control, self.target = control, target
        self._address = address_of(target)
        self._send = send
        self._values: tuple[Value, ...] = control.default or tuple(
            "" if part.kind in (Kind.TEXT, Kind.STYLE, Kind.CHOICE) else 0.0 for part in control.needed
        )
        self._moved = 0.0
        first = control.fields[0]
        self._low = first.low or 0.0
        self._high = 1.0 if first.high is None else float(first.high)

    @Property(str, constant=True)
    def name(self) -> str:
        """Its name in the book."""
        return self.control.name

    @Property(str, constant=True)
    def address(self) -> str:
        """Its OSC address."""
        return self._address

    @Property(str, constant=True)
    def stem(self) -> str:
        """The stem that it is of; empty for the whole."""
        return self.target.stem or ""

    @Property(str, constant=True)
    def label(self) -> str:
        """Its name for people: `density`, `drums gain`, `clock on loss`."""
        words = self.control.name.replace("/", " ").replace("_", " ")
        return f"{self.target.stem} {words}" if self.target.stem else words

    @Property(str, constant=True)
    def group(self) -> str:
        """Heading of the list it is shown under."""
        return self.target.stem or self.control.scope.value

    @Property(str, constant=True)
    def help(self) -> str:
        """What it does to the music, for the tooltip."""
        return self.control.help

    @Property(str, constant=True)
    def kind(self) -> str:
        """`number`, `integer`, `switch`, `choice`, `text` or `style`."""
        return self.control.kind.value

    @Property(int, constant=True)
    def count(self) -> int:
        """How many values it has."""
        return len(self.control.needed)

    @Property(list, constant=True)
    def parts(self) -> list[str]:
        """What its values are called."""
        return [part.name for part in self.control.needed]

    @Property(float, notify=limits_changed)
    def low(self) -> float:
        """Lower end of its first value; 0 where there is none."""
        return self._low

    @Property(float, notify=limits_changed)
    def high(self) -> float:
        """Upper end of its first value; 1 where there is none."""
        return self._high

    def set_limits(self, low: float, high: float) -> None:
        """Of an effect's parameter, which the book cannot know."""
        if (low, high) != (self._low, self._high):
            self._low, self._high = low, high
            self.limits_changed.emit()
            self.value_changed.emit()

    @Property(bool, notify=limits_changed)
    def glides(self) -> bool:
        """Whether a fader or knob can move it."""
        return self.control.kind is Kind.NUMBER and self._high - self._low < _WIDEST_FADER

    @Property(float, notify=value_changed)
    def way(self) -> float:
        """Where its fader stands, 0 to 1."""
        value = self._values[0] if self._values else 0.0
        return 0.0 if isinstance(value, str) else way_of(float(value), self._low, self._high, self._curve())

    @Slot(float)
    def put(self, way: float) -> None:
        """Moves it to where its fader stands."""
        self.move(value_at(way, self._low, self._high, self._curve()))

    def _curve(self) -> str:
        return curve_of(self._low, self._high, self.control.fields[0].curve)

    @Property(str, constant=True)
    def unit(self) -> str:
        """Unit of its first value."""
        return self.control.fields[0].unit

    @Property(bool, constant=True)
    def has_default(self) -> bool:
        """Whether there is a default to go back to."""
        return self.control.default is not None

    @Property(list, constant=True)
    def choices(self) -> list[str]:
        """The texts that are taken; empty where any is."""
        return list(self.control.fields[0].choices)

    @Property("QVariant", notify=value_changed)  # type: ignore[arg-type]
    def value(self) -> Any:
        """Its first value."""
        return self._values[0] if self._values else None

    @Property("QVariant", notify=value_changed)  # type: ignore[arg-type]
    def second(self) -> Any:
        """Its second value, if it has two."""
        return self._values[1] if len(self._values) > 1 else None

    @Property(str, notify=value_changed)
    def text(self) -> str:
        """Its values for people, with the unit."""
        return " ".join(_shown(value) for value in self._values) + (f" {self.unit}" if self.unit else "")

    @Property(str, notify=value_changed)
    def entry(self) -> str:
        """Its first value as it is typed."""
        return _shown(self._values[0]) if self._values and self._values[0] is not None else ""

    def values(self) -> tuple[Value, ...]:
        """Where it stands."""
        return self._values

    @Slot("QVariant")
    def move(self, value: Any) -> None:
        """Moves it; lists move all its values."""
        value = value.toVariant() if isinstance(value, QJSValue) else value  # what QML calls an array
        given = list(value) if isinstance(value, list | tuple) else [value]
        values = [self._typed(v, i) for i, v in enumerate(given)]
        if self._send(self._address, values):
            self._moved = time.monotonic()
            self._show(tuple(values))

    @Slot()
    def reset(self) -> None:
        """Moves it to its default, where it has one."""
        if self.control.default is not None:
            self.move(list(self.control.default))

    def heard(self, values: Sequence[Value]) -> None:
        """The engine tells where it stands."""
        if time.monotonic() - self._moved > _OWN_SECONDS:
            self._show(tuple(values))

    def _typed(self, value: Any, place: int) -> Value:
        kind = self.control.fields[min(place, len(self.control.fields) - 1)].kind
        if kind is Kind.SWITCH:
            return bool(value)
        if kind is Kind.INTEGER:
            return int(value)
        if kind is Kind.NUMBER:
            return float(value)
        text = str(value).strip()
        return int(text) if kind is Kind.STYLE and text.isdigit() else text

    def _show(self, values: tuple[Value, ...]) -> None:
        if values != self._values:
            self._values = values
            self.value_changed.emit()


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)

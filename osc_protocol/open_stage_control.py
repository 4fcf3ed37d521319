"""An Open Stage Control session: every control on pages that any browser shows, moved by hands and by the engine.

`open-stage-control --send 127.0.0.1:7771 --load musika.json` starts it; it subscribes by itself when a page opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from osc_protocol.surface import Control, controls
from osc_protocol.table import ROWS, Argument

_VERSION = "1.29.2"  # whose properties these are; newer ones read them
_ROW, _COLUMN, _ROWS = 44, 420, 14  # three columns fit a laptop's screen
_NAME, _GAP = 140, 4
_PAD_ROWS = 6
_DECIMALS = 4
_SUBSCRIBE = ROWS["/musika/subscribe"].pattern
_WIDEST = 1000.0  # a fader of a wider range cannot be set to anything
_SONG, _SETUP = "song", "set-up"
_OF_SETUP = ("bus", "clock", "midi", "model", "preset", "quit", "scene")  # first parts of names

Widget = dict[str, Any]


def open_stage_control_session(stems: Sequence[str]) -> dict[str, Any]:
    """The JSON document of a session file: a tab for the song, one for each stem and one for what is set up once."""
    tabs = []
    for name in (_SONG, *stems, _SETUP):
        page = _Page()
        if name == _SETUP:
            page.add("hear changes", _button(_SUBSCRIBE, "again"))
        for control in controls(stems):
            if _tab(control) == name:
                page.add(_short(control), _widget(control), rows=_PAD_ROWS if _is_pad(control) else 1)
        tabs.append({"type": "tab", "id": name, "label": name, "widgets": page.widgets})
    root = {"type": "root", "id": "root", "tabs": tabs, "onCreate": f"send('{_SUBSCRIBE}')"}
    return {
        "createdWith": "Open Stage Control",
        "version": _VERSION,
        "type": "session",
        "content": root,
    }


class _Page:
    """Sets controls below each other, column by column.

    Attributes:
        widgets: what was set so far.
    """

    def __init__(self) -> None:
        self.widgets: list[Widget] = []
        self._column, self._row = 0, 0

    def add(self, name: str, widget: Widget, rows: int = 1) -> None:
        """Sets a widget at the next free place, with a name beside it."""
        if self._row + rows > _ROWS:
            self._column, self._row = self._column + 1, 0
        left, top = _GAP + self._column * _COLUMN, _GAP + self._row * _ROW
        self._row += rows
        height = rows * _ROW - _GAP
        label = {"type": "text", "id": f"name of {widget['id']}", "value": name, "align": "left"}
        self.widgets.append(label | _place(left, top, _NAME - _GAP, height))
        self.widgets.append(widget | _place(left + _NAME, top, _COLUMN - _NAME - 2 * _GAP, height))


def _place(left: int, top: int, width: int, height: int) -> Widget:
    return {"left": left, "top": top, "width": width, "height": height}


def _tab(control: Control) -> str:
    parts = control.name.split("/")
    if parts[0] == "stem":
        return parts[1]
    return _SETUP if parts[0] in _OF_SETUP else _SONG


def _short(control: Control) -> str:
    return control.name.split("/", 2)[-1] if control.name.startswith("stem/") else control.name


def _is_pad(control: Control) -> bool:
    return len(control.needed) == 2 and all(map(_is_narrow, control.needed))


def _is_narrow(argument: Argument) -> bool:
    low, high = argument.low, argument.high
    return argument.types in ("f", "i") and low is not None and high is not None and high - low <= _WIDEST


def _widget(control: Control) -> Widget:
    """What hands move: one widget, as messages have all their values at once."""
    base: Widget = {"id": control.address, "address": control.address}
    needed = control.needed
    if control.is_button:
        return _button(control.address, _short(control))
    if _is_pad(control):
        ranges = {f"range{axis}": _range(argument) for axis, argument in zip("XY", needed, strict=True)}
        return base | {"type": "xy", "typeTags": "ff", "decimals": _DECIMALS, "snap": True} | ranges
    if len(needed) != 1:
        return base | {"type": "input", "typeTags": "".join(argument.types[0] for argument in needed)}
    (argument,) = needed
    if argument.choices:
        return base | {"type": "switch", "values": list(argument.choices), "layout": "horizontal", "typeTags": "s"}
    if argument.types.startswith("T"):
        return base | {"type": "button", "label": "on", "on": True, "off": False}
    if _is_narrow(argument):
        decimals = 0 if argument.types == "i" else _DECIMALS
        shape = {"type": "fader", "horizontal": True, "range": _range(argument)}
        return base | shape | {"typeTags": argument.types, "decimals": decimals}
    return base | {"type": "input", "typeTags": argument.types if len(argument.types) == 1 else ""}


def _button(address: str, label: str) -> Widget:
    """Sends once when it is touched; that it is let go is not told."""
    return {"type": "button", "id": address, "address": address, "label": label, "mode": "momentary"}


def _range(argument: Argument) -> dict[str, float | None]:
    return {"min": argument.low, "max": argument.high}

"""A Max for Live device: what hands and automation of a Live set can move, as parameters of a track.

An audio effect that lets audio through and sends OSC to the generator. Texts are not parameters in Live; they are in
the Max patch.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

from osc_protocol.max_patch import APPLICATION, Patcher
from osc_protocol.surface import Control, controls
from osc_protocol.table import DEFAULT_PORT, Argument

_AUDIO_EFFECT = b"aaaa"
_HEIGHT = 169.0  # of the view in Live
_CELL, _ROW, _ROWS, _TOP, _LEFT = 58.0, 50.0, 3, 16.0, 6.0
_FLOAT, _INTEGER, _CHOICE = 0, 1, 2
_STYLES = {"dB": 4, "bpm": 1, "": 1}
_WIDEST = 1000.0
_SETUP = ("bus", "clock", "midi", "model", "preset", "quit", "scene", "truncation", "noise", "warp")
_SONG = "song"


def max_device(stems: Sequence[str], port: int = DEFAULT_PORT) -> bytes:
    """The content of an `.amxd` file."""
    body = (json.dumps(device_patch(stems, port), indent=1) + "\n\0").encode()
    head = b"ampf" + struct.pack("<I", 4) + _AUDIO_EFFECT + b"meta" + struct.pack("<II", 4, 0)
    return head + b"ptch" + struct.pack("<I", len(body)) + body


def device_patch(stems: Sequence[str], port: int = DEFAULT_PORT) -> dict[str, Any]:
    """The patch inside of the device."""
    device = _Device(port)
    x = _LEFT
    for name in (_SONG, *stems):
        device.title(name, x)
        cells = [cell for control in controls(stems) if _part(control) == name for cell in _cells(control)]
        for place, (control, argument) in enumerate(cells):
            device.add(control, argument, x + _CELL * (place // _ROWS), _TOP + _ROW * (place % _ROWS))
        x += _CELL * -(-len(cells) // _ROWS) + 2 * _LEFT
    return device.document(x)


def _part(control: Control) -> str:
    """Whose control it is; nobody's if it is set up once."""
    parts = control.name.split("/")
    if parts[0] == "stem":
        return parts[1]
    return "" if parts[0] in _SETUP else _SONG


def _cells(control: Control) -> list[tuple[Control, Argument | None]]:
    """What is to be moved of a control: a button, or each of its values that a parameter can be."""
    if control.is_button:
        return [(control, None)]
    if not control.row.access.readable:  # a menu tells its choice when a set is loaded: nothing is to be cued by that
        return []
    if not control.needed or not all(map(_can_be_parameter, control.needed)):
        return []
    return [(control, argument) for argument in control.needed]


def _can_be_parameter(argument: Argument) -> bool:
    low, high = argument.low, argument.high
    if argument.choices or argument.types == "T":
        return True
    return argument.types in ("f", "i") and low is not None and high is not None and high - low <= _WIDEST


class _Device:
    """The patch as it grows."""

    def __init__(self, port: int) -> None:
        self._patcher = Patcher()
        self._parameters: dict[str, list[Any]] = {}
        self._packed: dict[str, str] = {}
        source = self._patcher.add("newobj", 10, 10, 60, 2, ["signal", "signal"], text="plugin~")
        sink = self._patcher.add("newobj", 10, 60, 60, 2, ["signal", "signal"], text="plugout~")
        for channel in (0, 1):
            self._patcher.connect(source, sink, channel, channel)
        self._network = self._patcher.add("newobj", 100, 10, 180, 1, [], text=f"udpsend 127.0.0.1 {port}")

    def title(self, name: str, x: float) -> None:
        shown = {"presentation": 1, "presentation_rect": [x - 2, 0.0, 100.0, 16.0], "fontsize": 9.5}
        self._patcher.add("live.comment", x, 80, 100, 1, [], text=name, **shown)

    def add(self, control: Control, argument: Argument | None, x: float, y: float) -> None:
        """One parameter, and its way to the network."""
        facts = _facts(control, argument)
        kind, outlet, width, height = _widget(argument)
        shown = {"presentation": 1, "presentation_rect": [x, y, width, height], "parameter_enable": 1}
        looks = {"mode": 0, "text": facts["parameter_shortname"]} if kind == "live.text" else {}
        outlets = ["", "", "float"] if kind == "live.menu" else ["", "float"] if kind == "live.dial" else [""]
        box = self._patcher.add(
            kind,
            x * 3,
            100 + y * 4,
            width,
            1,
            ["", ""] if kind == "live.text" else outlets,
            varname=facts["parameter_longname"],
            saved_attribute_attributes={"valueof": facts},
            **shown,
            **looks,
        )
        self._parameters[box] = [facts["parameter_longname"], facts["parameter_shortname"], 0]
        sink, inlet = self._sink(control, argument, x * 3, 160 + y * 4)
        self._patcher.connect(box, sink, outlet, inlet)
        if kind == "live.toggle":
            label = {"presentation": 1, "presentation_rect": [x, y + 18, _CELL, 16.0], "fontsize": 9.5}
            self._patcher.add("live.comment", x * 3, 90, 60, 1, [], text=facts["parameter_shortname"], **label)

    def document(self, width: float) -> dict[str, Any]:
        inside = self._patcher.document([50.0, 80.0, 1600.0, 820.0])
        inside["patcher"] |= {
            "appversion": APPLICATION,
            "openinpresentation": 1,
            "devicewidth": width,
            "rect": [50.0, 80.0, width, _HEIGHT],
            "parameters": {**self._parameters, "parameterbanks": {}},
        }
        return inside

    def _sink(self, control: Control, argument: Argument | None, x: float, y: float) -> tuple[str, int]:
        """Where a value goes: the object that puts the address before it, over one that waits for all values."""
        if control.address not in self._packed:
            prefix = self._patcher.add("newobj", x, y + 40, 180, 1, [""], text=f"prepend {control.address}")
            self._patcher.connect(prefix, self._network)
            first = prefix
            if len(control.needed) > 1:
                zeros = " ".join("0." for _ in control.needed)
                first = self._patcher.add("newobj", x, y + 20, 60, len(control.needed), [""], text=f"pak {zeros}")
                self._patcher.connect(first, prefix)
            elif argument is None:
                first = self._patcher.add("newobj", x, y + 20, 40, 1, [""], text="t 1")
                self._patcher.connect(first, prefix)
            self._packed[control.address] = first
        return self._packed[control.address], 0 if argument is None else control.needed.index(argument)


def _widget(argument: Argument | None) -> tuple[str, int, float, float]:
    """Kind of object, the outlet that its value comes from, and size in Live."""
    if argument is None:
        return "live.text", 0, 52.0, 18.0
    if argument.choices:
        return "live.menu", 1, 54.0, 18.0
    if argument.types == "T":
        return "live.toggle", 0, 15.0, 15.0
    return "live.dial", 0, 44.0, 48.0


def _facts(control: Control, argument: Argument | None) -> dict[str, Any]:
    """What Live knows of a parameter."""
    name = control.name.removeprefix("stem/").replace("/", " ")
    short = name.split(" ")[-1]
    if len(control.needed) > 1 and argument is not None:
        name, short = f"{name} {argument.name}", f"{short} {argument.name}"
    facts: dict[str, Any] = {"parameter_longname": name, "parameter_shortname": short, "parameter_linknames": 1}
    if argument is None or argument.types == "T":
        return facts | {"parameter_type": _CHOICE, "parameter_enum": ["off", "on"], "parameter_mmax": 1}
    if argument.choices:
        last = len(argument.choices) - 1
        return facts | {"parameter_type": _CHOICE, "parameter_enum": list(argument.choices), "parameter_mmax": last}
    kind = _INTEGER if argument.types == "i" else _FLOAT
    limits = {"parameter_mmin": argument.low, "parameter_mmax": argument.high}
    style = {"parameter_unitstyle": 0 if kind == _INTEGER else _STYLES.get(argument.units, 1)}
    given = argument.default if isinstance(argument.default, int | float) else argument.low
    return (
        facts | {"parameter_type": kind, "parameter_initial_enable": 1, "parameter_initial": [given]} | limits | style
    )

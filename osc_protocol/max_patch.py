"""A Max patch with every control on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from osc_protocol.surface import Control, controls
from osc_protocol.table import DEFAULT_PORT, Argument

_ROW, _COLUMN, _ROWS, _HEIGHT = 28, 660, 26, 22.0
_PREFIX = 440  # behind the widgets, five choices at most
APPLICATION = {"major": 8, "minor": 5, "revision": 0, "architecture": "x64", "modernui": 1}


class Patcher:
    """Boxes and the lines between them.

    Attributes:
        boxes, lines: as the document has them.
    """

    def __init__(self) -> None:
        self.boxes: list[dict[str, Any]] = []
        self.lines: list[dict[str, Any]] = []

    def add(self, maxclass: str, x: float, y: float, width: float, inlets: int, outlets: list[str], **more: Any) -> str:
        """Adds a box; its id."""
        name = f"obj-{len(self.boxes) + 1}"
        box = {"id": name, "maxclass": maxclass, "numinlets": inlets, "numoutlets": len(outlets)}
        if outlets:
            box["outlettype"] = outlets
        self.boxes.append({"box": box | {"patching_rect": [x, y, width, _HEIGHT]} | more})
        return name

    def connect(self, source: str, sink: str, outlet: int = 0, inlet: int = 0) -> None:
        """Adds a line from an outlet to an inlet."""
        self.lines.append({"patchline": {"source": [source, outlet], "destination": [sink, inlet]}})

    def document(self, rect: Sequence[float]) -> dict[str, Any]:
        """The JSON document of the patch."""
        return {
            "patcher": {
                "fileversion": 1,
                "appversion": APPLICATION,
                "classnamespace": "box",
                "rect": list(rect),
                "boxes": self.boxes,
                "lines": self.lines,
            }
        }


def max_patch(stems: Sequence[str], port: int = DEFAULT_PORT) -> dict[str, Any]:
    """The JSON document of a `.maxpat` file."""
    patcher = Patcher()
    network = patcher.add("newobj", 10, 10, 180, 1, [], text=f"udpsend 127.0.0.1 {port}")
    for place, control in enumerate(controls(stems)):
        _add(patcher, control, 10 + _COLUMN * (place // _ROWS), 50 + _ROW * (place % _ROWS), network)
    return patcher.document([50.0, 80.0, 1600.0, 820.0])


def _add(patcher: Patcher, control: Control, x: float, y: float, network: str) -> None:
    patcher.add("comment", x, y, 150, 1, [], text=control.name)
    prefix = patcher.add("newobj", x + _PREFIX, y, 200, 1, [""], text=f"prepend {control.address}")
    patcher.connect(prefix, network)
    if control.is_button:
        one = patcher.add("message", x + 200, y, 30, 2, [""], text="1")
        patcher.connect(patcher.add("button", x + 160, y, _HEIGHT, 1, ["bang"], parameter_enable=0), one)
        patcher.connect(one, prefix)
        return
    arguments, sink = control.needed, prefix
    if len(arguments) > 1:
        zeros = " ".join("0." for _ in arguments)
        sink = patcher.add("newobj", x + 280, y, 45, len(arguments), [""], text=f"pak {zeros}")
        patcher.connect(sink, prefix)
    for place, argument in enumerate(arguments):
        for widget in _widgets(patcher, argument, x + 160 + 60 * place, y):
            patcher.connect(widget, sink, 0, place)


def _widgets(patcher: Patcher, argument: Argument, x: float, y: float) -> list[str]:
    """What hands move, one for every choice."""
    if argument.choices or "s" in argument.types:
        texts = argument.choices or (str(argument.default or argument.name),)
        return [patcher.add("message", x + 52 * place, y, 50, 2, [""], text=text) for place, text in enumerate(texts)]
    if argument.types == "T":
        return [patcher.add("toggle", x, y, _HEIGHT, 1, ["int"], parameter_enable=0)]
    limits = {"minimum": argument.low, "maximum": argument.high}
    if argument.types == "i":
        # Max's whole numbers end at 32 bits: a limit beyond is none there.
        limits = {name: limit for name, limit in limits.items() if limit is not None and abs(limit) < 2**31}
    maxclass = "number" if argument.types == "i" else "flonum"
    given = {name: limit for name, limit in limits.items() if limit is not None}
    return [patcher.add(maxclass, x, y, 55, 1, ["", "bang"], parameter_enable=0, **given)]

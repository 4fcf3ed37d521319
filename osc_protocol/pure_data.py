"""A Pure Data patch (vanilla, 0.51 or newer) with every control on it.

Everything that can be moved listens to its own address as a receive name: `[s /musika/density]` elsewhere moves it.
"""

from __future__ import annotations

from collections.abc import Sequence

from osc_protocol.surface import Control, controls
from osc_protocol.table import DEFAULT_PORT, Argument

_ROW, _COLUMN, _ROWS = 26, 460, 26
_WIDEST_SLIDER = 1000.0  # wider ranges are numbers to type


class _Patch:
    """Lines of a patch; objects are counted from 0, as connections name them."""

    def __init__(self) -> None:
        self._objects: list[str] = []
        self._lines: list[str] = []

    def add(self, kind: str, x: int, y: int, text: str) -> int:
        self._objects.append(f"#X {kind} {x} {y} {text};")
        return len(self._objects) - 1

    def connect(self, source: int, sink: int, outlet: int = 0, inlet: int = 0) -> None:
        self._lines.append(f"#X connect {source} {outlet} {sink} {inlet};")

    def text(self) -> str:
        return "\n".join(["#N canvas 0 0 1400 760 10;", *self._objects, *self._lines, ""])


def pure_data_patch(stems: Sequence[str], port: int = DEFAULT_PORT) -> str:
    """The text of a `.pd` file."""
    patch = _Patch()
    loaded = patch.add("obj", 10, 10, "loadbang")
    where = patch.add("msg", 10, 34, f"connect localhost {port}")
    packed = patch.add("obj", 180, 10, "list prepend send")
    trimmed = patch.add("obj", 180, 34, "list trim")
    network = patch.add("obj", 180, 58, "netsend -u -b")
    parsed = patch.add("obj", 300, 58, "oscparse")
    printed = patch.add("obj", 300, 82, "print musika")
    for source, sink, outlet in (
        (loaded, where, 0),
        (where, network, 0),
        (packed, trimmed, 0),
        (trimmed, network, 0),
        (network, parsed, 1),
        (parsed, printed, 0),
    ):
        patch.connect(source, sink, outlet)
    for place, control in enumerate(controls(stems)):
        _add(patch, control, 10 + _COLUMN * (place // _ROWS), 120 + _ROW * (place % _ROWS), packed)
    return patch.text()


def _add(patch: _Patch, control: Control, x: int, y: int, packed: int) -> None:
    format_ = patch.add("obj", x + 280, y, f"oscformat {control.address[1:].replace('/', ' ')}")
    patch.connect(format_, packed)
    if control.is_button:
        one = patch.add("msg", x + 60, y, "1")
        label = f"empty {control.address} {control.name} 20 8 0 10"
        button = patch.add("obj", x, y, f"bng 16 250 50 0 {label} #fcfcfc #000000 #000000")
        patch.connect(button, one)
        patch.connect(one, format_)
        return
    arguments = control.needed
    sink = format_
    if len(arguments) > 1:
        sink = patch.add("obj", x + 230, y, f"pack {' '.join('f' for _ in arguments)}")
        patch.connect(sink, format_)
    width = 220 // len(arguments)
    for place, argument in enumerate(arguments):
        receive = control.address if len(arguments) == 1 else f"{control.address}/{argument.name}"
        label = control.name if len(arguments) == 1 else argument.name
        sources = _widgets(patch, argument, x + width * place, y, receive, label)
        for source in sources:
            if place == 0:
                patch.connect(source, sink)
            else:
                # Only the first inlet sends: the others have to press it afterwards.
                order = patch.add("obj", x + 200, y, "t b f")
                patch.connect(source, order)
                patch.connect(order, sink, 1, place)
                patch.connect(order, sink, 0, 0)


def _widgets(patch: _Patch, argument: Argument, x: int, y: int, receive: str, label: str) -> list[int]:
    """What hands move, as long as it takes for all choices."""
    if argument.choices:
        patch.add("text", x, y, label)
        return [
            patch.add("msg", x + 70 + 48 * place, y, f"list {choice}") for place, choice in enumerate(argument.choices)
        ]
    if "s" in argument.types:
        text = patch.add("symbolatom", x, y, f"12 0 0 1 {label} {receive} -")
        as_list = patch.add("obj", x + 150, y, "list")
        patch.connect(text, as_list)
        return [as_list]
    if argument.types == "T":
        style = f"empty {receive} {label} 20 8 0 10 #fcfcfc #000000 #000000 0 1"
        return [patch.add("obj", x, y, f"tgl 16 0 {style}")]
    low, high = argument.low, argument.high
    if low is not None and high is not None and high - low <= _WIDEST_SLIDER:
        style = f"empty {receive} {label} 4 8 0 10 #fcfcfc #000000 #000000 0 1"
        return [patch.add("obj", x, y, f"hsl 90 16 {low:g} {high:g} 0 0 {style}")]
    return [patch.add("floatatom", x, y, f"10 0 0 1 {label} {receive} -")]

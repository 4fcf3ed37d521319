"""A Pure Data patch (vanilla, 0.51 or newer) with every control on it, moved by hands and by the generator.

In front lie sliders, buttons and fields; what they send and hear goes through a subpatch. Everything that can be moved
listens to its own address as a receive name: `[s /musika/density]` elsewhere moves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from osc_protocol.pure_data_wiring import OUT, wiring
from osc_protocol.surface import Control, controls
from osc_protocol.table import DEFAULT_PORT, Argument

_ROW, _NAME, _CELL, _GAP = 24, 110, 118, 12
_HEAD = 26
_ROWS = 27  # of a column
_WIDEST_SLIDER = 1000.0  # wider ranges are numbers to type
_LETTER = 6  # pixels of a letter
_SLIDER, _BOX = 104, 15
_COLOURS = "#fcfcfc #000000 #000000"


def pure_data_patch(stems: Sequence[str], port: int = DEFAULT_PORT) -> str:
    """The text of a `.pd` file."""
    shown = list(controls(stems))
    song = [control for control in shown if not control.name.startswith("stem/")]
    lines: list[str] = []
    x = _GAP
    for first in range(0, len(song), _ROWS):
        column = song[first : first + _ROWS]
        lines += _column(x, column, "song" if not first else "")
        x += _NAME + max(map(_width, column)) + 2 * _GAP
    lines += _table(x, shown, stems)
    x += _NAME + len(stems) * (_CELL + _GAP) + _GAP
    height = _GAP + _HEAD + (_ROWS + 1) * _ROW
    inside = wiring(shown, port)
    place = f"#X restore {_GAP} {height - _ROW + 4} pd wiring;"
    return "\n".join([f"#N canvas 0 0 {x} {height + _GAP} 10;", *lines, *inside, place, ""])


def _column(x: int, column: Sequence[Control], title: str) -> Iterable[str]:
    """Controls below each other, names before them."""
    if title:
        yield _heading(x, title)
    for row, control in enumerate(column):
        y = _GAP + _HEAD + row * _ROW
        yield f"#X text {x} {y} {control.name};"
        yield from _widgets(control, x + _NAME, y)


def _table(x: int, shown: Sequence[Control], stems: Sequence[str]) -> Iterable[str]:
    """What stems have: a row for each control, a column for each stem."""
    names = list(dict.fromkeys(_of_stem(control) for control in shown if control.name.startswith("stem/")))
    for row, name in enumerate(names):
        yield f"#X text {x} {_GAP + _HEAD + row * _ROW} {name};"
    by_name = {control.name: control for control in shown}
    for column, stem in enumerate(stems):
        left = x + _NAME + column * (_CELL + _GAP)
        yield _heading(left, stem)
        for row, name in enumerate(names):
            yield from _widgets(by_name[f"stem/{stem}/{name}"], left, _GAP + _HEAD + row * _ROW)


def _of_stem(control: Control) -> str:
    return control.name.split("/", 2)[2]


def _heading(x: int, title: str) -> str:
    return f"#X obj {x} {_GAP} cnv 15 100 18 empty empty {title} 4 9 0 12 #d8dee6 #203040 0;"


def _width(control: Control) -> int:
    """Pixels that a control's widgets take."""
    if len(control.needed) == 1 and control.needed[0].choices:
        return _SLIDER + sum(_choice_width(choice) for choice in control.needed[0].choices)
    return (_SLIDER + _GAP) * max(1, len(control.needed))


def _choice_width(text: str) -> int:
    return _LETTER * len(text) + 30


def _widgets(control: Control, x: int, y: int) -> Iterable[str]:
    """What hands move: one for every value, and one for every choice."""
    if control.is_button:
        yield f"#X obj {x} {y} bng {_BOX} 250 50 0 {_names(control.address)} empty 20 8 0 10 {_COLOURS};"
        return
    for place, argument in enumerate(control.needed):
        address = control.address if len(control.needed) == 1 else f"{control.address}/{argument.name}"
        yield from _widget(argument, address, x + place * (_SLIDER + _GAP), y)


def _widget(argument: Argument, address: str, x: int, y: int) -> Iterable[str]:
    low, high = argument.low, argument.high
    if argument.choices:
        yield f"#X symbolatom {x} {y} 10 0 0 0 - {address} -;"
        x += _SLIDER - 12
        for choice in argument.choices:
            yield f"#X obj {x} {y} bng {_BOX} 250 50 0 {OUT}{address}/{choice} empty {choice} 18 8 0 10 {_COLOURS};"
            x += _choice_width(choice)
    elif "s" in argument.types:
        yield f"#X symbolatom {x} {y} 15 0 0 0 - {address} {OUT}{address};"
    elif argument.types == "T":
        yield f"#X obj {x} {y} tgl {_BOX} 0 {_names(address)} empty 20 8 0 10 {_COLOURS} 0 1;"
    elif low is not None and high is not None and high - low <= _WIDEST_SLIDER:
        size = f"{_SLIDER - 2} {_BOX} {low:g} {high:g}"
        yield f"#X obj {x} {y} hsl {size} 0 0 {_names(address)} empty -2 -8 0 10 {_COLOURS} 0 1;"
    else:
        yield f"#X floatatom {x} {y} 15 0 0 0 - {address} {OUT}{address};"


def _names(address: str) -> str:
    """What a widget sends to and listens to."""
    return f"{OUT}{address} {address}"

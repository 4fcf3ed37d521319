"""The subpatch behind the widgets of the Pure Data patch: what they send becomes packets, what comes in moves them."""

from __future__ import annotations

from collections.abc import Sequence

from osc_protocol.surface import Control
from osc_protocol.table import ROWS

OUT = "out"
"""Before the address: the name that widgets send to."""

_PACKETS, _HEARD = "musika-packets", "musika-heard"
_BLOCK, _ROW, _ROWS = 260, 26, 6
_SUBSCRIBE = ROWS["/musika/subscribe"].pattern


class _Canvas:
    """Objects, counted from 0 as connections name them, and the lines between them."""

    def __init__(self) -> None:
        self._objects: list[str] = []
        self._lines: list[str] = []

    def add(self, kind: str, x: int, y: int, text: str) -> int:
        self._objects.append(f"#X {kind} {x} {y} {text};")
        return len(self._objects) - 1

    def chain(self, x: int, y: int, *texts: str) -> int:
        """Objects below each other, each connected to the next; the last one's number. `msg TEXT` is a message."""
        before = -1
        for row, text in enumerate(texts):
            kind, _, rest = text.partition(" ")
            made = (
                self.add("msg", x, y + row * _ROW, rest) if kind == "msg" else self.add("obj", x, y + row * _ROW, text)
            )
            if before >= 0:
                self.connect(before, made)
            before = made
        return before

    def connect(self, source: int, sink: int, outlet: int = 0, inlet: int = 0) -> None:
        self._lines.append(f"#X connect {source} {outlet} {sink} {inlet};")

    def text(self) -> list[str]:
        return [*self._objects, *self._lines]


def wiring(shown: Sequence[Control], port: int) -> list[str]:
    """The lines of the subpatch, without the one that places it."""
    canvas = _Canvas()
    _network(canvas, port)
    for place, control in enumerate(shown):
        x, y = 20 + _BLOCK * 2 * (place // 12), 460 + _ROW * (_ROWS + 2) * (place % 12)
        _send(canvas, control, x, y)
        _hear(canvas, control, x + _BLOCK, y)
    return ["#N canvas 0 0 1200 800 wiring 0;", *canvas.text()]


def _network(canvas: _Canvas, port: int) -> None:
    """The socket; when the patch is loaded, it asks to be told of changes."""
    network = canvas.chain(20, 20, f"r {_PACKETS}", "list prepend send", "list trim", "netsend -u -b")
    begin = canvas.chain(300, 20, "loadbang", "t b b")
    connect = canvas.add("msg", 420, 46, f"connect localhost {port}")
    canvas.connect(begin, connect, 1)
    canvas.connect(connect, network)
    subscribe = canvas.chain(300, 98, _format(_SUBSCRIBE), f"s {_PACKETS}") - 1
    canvas.connect(begin, subscribe)
    heard = canvas.chain(620, 310, "oscparse", "list trim", "route musika", f"s {_HEARD}") - 3
    canvas.connect(_numbers(canvas, network, 620, 72), heard)


def _numbers(canvas: _Canvas, network: int, x: int, y: int) -> int:
    """Packets that end in a switch, `,T` or `,F`, end in a number instead: `oscparse` knows no switches."""
    each = canvas.add("obj", x, y, "t l l")
    canvas.connect(network, each, 1)
    length = canvas.chain(x + 90, y + _ROW, "list length", "- 4")
    halves = canvas.add("obj", x, y + 3 * _ROW, "list split 0")
    canvas.connect(each, length - 1, 1)
    canvas.connect(length, halves, 0, 1)
    canvas.connect(each, halves)
    tail = canvas.chain(x + 180, y + 4 * _ROW, "t l l", "route 44", "route 84 70")
    canvas.connect(halves, tail - 2, 1)
    whole = canvas.add("obj", x, y + 8 * _ROW, "list append")
    canvas.connect(tail - 2, whole, 1, 1)  # as it is, unless one of the following takes its place
    for place, value in enumerate((1, 0)):
        number = canvas.add("msg", x + 180 + 200 * place, y + 7 * _ROW, f"44 105 0 0 0 0 0 {value}")
        canvas.connect(tail, number, place)
        canvas.connect(number, whole, 0, 1)
    canvas.connect(halves, whole)
    return whole


def _send(canvas: _Canvas, control: Control, x: int, y: int) -> None:
    end = (_format(control.address), f"s {_PACKETS}")
    if control.is_button:
        canvas.chain(x, y, f"r {OUT}{control.address}", "msg 1", *end)
    elif len(control.needed) == 1 and control.needed[0].choices:
        format_ = canvas.chain(x, y + 2 * _ROW, *end) - 1
        for place, choice in enumerate(control.needed[0].choices):
            canvas.connect(
                canvas.chain(x + 50 * place, y, f"r {OUT}{control.address}/{choice}", f"msg list {choice}"), format_
            )
    elif len(control.needed) == 1:
        canvas.chain(x, y, f"r {OUT}{control.address}", "list", *end)
    else:
        # Only the first inlet sends: the others have to press it afterwards.
        packed = canvas.chain(x, y + 2 * _ROW, f"pack {' '.join('f' for _ in control.needed)}", *end) - 2
        for place, argument in enumerate(control.needed):
            source = canvas.chain(x + 110 * place, y, f"r {OUT}{control.address}/{argument.name}", "t b f")
            canvas.connect(source, packed, 1, place)
            canvas.connect(source, packed, 0, 0)


def _hear(canvas: _Canvas, control: Control, x: int, y: int) -> None:
    """What is told moves a widget, which does not send it back."""
    if control.is_button or not control.row.access.readable:
        return
    routes = [f"route {part}" for part in control.name.split("/")]
    if len(control.needed) == 1:
        canvas.chain(x, y, f"r {_HEARD}", *routes, "list", "msg set \\$1", f"s {control.address}")
        return
    parts = canvas.chain(x, y, f"r {_HEARD}", *routes, f"unpack {' '.join('f' for _ in control.needed)}")
    for place, argument in enumerate(control.needed):
        name = f"s {control.address}/{argument.name}"
        first = canvas.chain(x + 110 * place, y + (len(routes) + 2) * _ROW, "msg set \\$1", name) - 1
        canvas.connect(parts, first, place)


def _format(address: str) -> str:
    return f"oscformat {address[1:].replace('/', ' ')}"

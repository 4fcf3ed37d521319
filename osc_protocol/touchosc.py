"""A TouchOSC layout: what can be moved on a tablet, and how it stands.

TouchOSC has no text entry: what is a text, or a number without bounds, is shown and not moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from osc_protocol.surface import Control, controls
from osc_protocol.table import ROWS, Argument
from osc_protocol.tosc_file import Frame, Layout, Sent, send

RECEIVE_PORT = 9000
"""Where TouchOSC listens unless its connection says otherwise; changes are sent there."""

_WIDTH, _HEIGHT, _TABS = 1024.0, 768.0, 40.0
_COLUMNS, _ROW, _GAP, _NAME = 3, 44.0, 4.0, 130.0
_PAD_ROWS = 6
_WIDEST = 1000.0  # a fader of a wider range cannot be set to anything
_TOGGLE, _EAST = 2, 1
_SONG = "song"
_DARK, _GREY, _BLUE, _WHITE = (0.12, 0.12, 0.12), (0.3, 0.3, 0.3), (0.2, 0.5, 0.8), (1.0, 1.0, 1.0)


def touchosc_layout(stems: Sequence[str]) -> bytes:
    """The content of a `.tosc` file: a page for the song and one for each stem."""
    layout = Layout(_WIDTH, _HEIGHT)
    whole = Frame(0, 0, _WIDTH, _HEIGHT)
    pager = layout.add(layout.root, "PAGER", "pages", whole, color=_DARK, tabbarSize=int(_TABS))
    for name in (_SONG, *stems):
        shown = [control for control in controls(stems) if _page(control) == name]
        page = layout.add(
            pager,
            "GROUP",
            name,
            Frame(0, _TABS, _WIDTH, _HEIGHT - _TABS),
            color=_DARK,
            tabLabel=name,
            tabColorOff=_GREY,
            tabColorOn=_BLUE,
            textColorOff=_WHITE,
            textColorOn=_WHITE,
        )
        _Page(layout, page).fill(shown, hears=name == _SONG)
    return layout.packed()


def _page(control: Control) -> str:
    parts = control.name.split("/")
    return parts[1] if parts[0] == "stem" else _SONG


class _Page:
    """Sets controls below each other, column by column."""

    def __init__(self, layout: Layout, group: Element) -> None:
        self._layout, self._group = layout, group
        self._column, self._y = 0, _GAP

    def fill(self, shown: Sequence[Control], hears: bool) -> None:
        """`hears`: with the button that asks for changes."""
        if hears:
            address = ROWS["/musika/subscribe"].pattern
            self._button(address, self._place("hear changes"), [Sent(str(RECEIVE_PORT), "INTEGER", constant=True)])
        for control in shown:
            self._add(control)

    def _place(self, name: str, rows: int = 1) -> Frame:
        """The next free place, with a name beside it."""
        if self._y + rows * _ROW > _HEIGHT - _TABS:
            self._column, self._y = self._column + 1, _GAP
        x, y = _GAP + self._column * _WIDTH / _COLUMNS, self._y
        self._y += rows * _ROW
        self._layout.label(self._group, name, Frame(x, y, _NAME - _GAP, _ROW - _GAP))
        return Frame(x + _NAME, y, _WIDTH / _COLUMNS - _NAME - 2 * _GAP, rows * _ROW - _GAP)

    def _add(self, control: Control) -> None:
        name, needed = control.name.split("/", 2)[-1] if "stem/" in control.name else control.name, control.needed
        if control.is_button:
            self._button(control.address, self._place(name), [Sent("x")])
        elif needed and all(map(_is_narrow, needed)) and len(needed) <= 2:
            self._faders(control, name)
        elif len(needed) == 1 and needed[0].choices:
            frame, count = self._place(name), len(needed[0].choices)
            for index, choice in enumerate(needed[0].choices):
                part = frame.column(index, count, _GAP)
                self._button(control.address, part, [Sent(choice, "STRING", constant=True)], choice)
        elif len(needed) == 1 and needed[0].types.startswith("T"):
            node = self._node("BUTTON", control, self._place(name), buttonType=_TOGGLE)
            send(node, control.address, [Sent("x")])
        elif len(needed) == 1 and control.row.access.readable:
            node = self._node("LABEL", control, self._place(name), interactive=False)
            send(node, control.address, [Sent("text", "STRING")], ["text"], sends=False)

    def _faders(self, control: Control, name: str) -> None:
        """A fader, or a pad for two numbers."""
        values = [
            Sent(axis, low=argument.low or 0.0, high=argument.high or 0.0)
            for axis, argument in zip("xy", control.needed, strict=False)
        ]
        if len(values) == 1:
            node = self._node("FADER", control, self._place(name), orientation=_EAST)
        else:
            node = self._node("XY", control, self._place(name, _PAD_ROWS))
        send(node, control.address, values, [value.value for value in values])

    def _button(self, address: str, frame: Frame, arguments: Sequence[Sent], text: str = "") -> None:
        """Sends when it is pressed; the text lies over it, as buttons have none."""
        node = self._layout.add(self._group, "BUTTON", f"{address} {text}".strip(), frame, color=_BLUE)
        send(node, address, arguments, when="RISE", receives=False)
        if text:
            self._layout.label(self._group, text, frame)

    def _node(self, kind: str, control: Control, frame: Frame, **settings: int) -> Element:
        return self._layout.add(self._group, kind, control.address, frame, color=_BLUE, **settings)


def _is_narrow(argument: Argument) -> bool:
    low, high = argument.low, argument.high
    return "f" in argument.types and low is not None and high is not None and high - low <= _WIDEST

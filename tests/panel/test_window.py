"""The window moves and shows every control of the book, says when the engine is gone, and finds it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtQuick import QQuickItem, QQuickWindow

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.controls import book
from musika_daw.controls.control import Control, Kind, Surface
from musika_daw.controls.move import Move
from musika_daw.controls.target import address_of
from musika_daw.panel.window import Window
from osc_protocol.types import Value
from tests.panel.conftest import Wait
from tests.support.memory_instrument import MemoryInstrument

SONG = [c for c in book.CONTROLS if c.on(Surface.OSC) and "{" not in c.name and c.name != "preset"]


def other_values(control: Control, now: tuple[Value, ...]) -> list[Value]:
    """Values that the control can have and has not now."""
    values: list[Value] = []
    for part, before in zip(control.needed, now, strict=True):
        if part.kind is Kind.SWITCH:
            values.append(not before)
        elif part.kind is Kind.CHOICE:
            values.append(next(choice for choice in part.choices if choice != before))
        elif part.kind in (Kind.NUMBER, Kind.INTEGER):
            low = part.low or 0.0
            high = low + 4.0 if part.high is None else min(part.high, low + 100)
            value = low + (high - low) / (4 if before == low + (high - low) / 2 else 2)
            values.append(int(value) if part.kind is Kind.INTEGER else value)
        else:
            values.append("off" if before != "off" else "Am")
    return values


def same(values: Sequence[Value], wanted: Sequence[Value]) -> bool:
    """Whether they are the same in 32 bits, as OSC sends them."""
    return all(a == (pytest.approx(b) if isinstance(b, float) else b) for a, b in zip(values, wanted, strict=True))


def test_every_control_moves_the_engine_and_comes_back(
    window: Window, instrument: MemoryInstrument, wait: Wait
) -> None:
    for control, target in [(c, t) for c in SONG for t in book.targets(c, instrument.stems)]:
        item = window.controls.item(str(target))
        assert item is not None and item.help
        address = address_of(target)
        wanted = other_values(control, item.values())
        item.move(wanted)
        wait(lambda: same(instrument.get(target), wanted), about=address)  # noqa: B023  called before the next round
        back = [float(v) if isinstance(v, float) else v for v in control.default or wanted]
        item._moved = 0.0  # long ago
        instrument.post([Move.of(target, *back)])
        wait(lambda: same(item.values(), back))  # noqa: B023


def test_the_list_of_everything_has_every_control(window: Window, instrument: MemoryInstrument) -> None:
    shown = {window.controls.data(window.controls.index(row)).address for row in range(window.controls.rowCount())}
    for control in SONG:
        assert {address_of(t) for t in book.targets(control, instrument.stems)} <= shown


def test_it_can_be_seen(window: Window, instrument: MemoryInstrument, wait: Wait, tmp_path: Path) -> None:
    (root,) = window.qml.rootObjects()
    assert isinstance(root, QQuickWindow)
    for level in (-20.0, -3.0):
        instrument.tell("/musika/meter", "mix", level, level - 6)
    instrument.tell("/musika/beat", 9.0)
    wait(lambda: window.transport.place() == "3.2")
    wait(lambda: not root.grabWindow().isNull())
    picture = root.grabWindow()
    colours = {
        picture.pixelColor(x, y).name() for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
    }
    assert len(colours) > 20
    assert {"drums", "bass", "chords", "lead"} <= set(window.controls.stems)


def test_an_engine_that_goes_is_missed_and_found_again(
    window: Window, instrument: MemoryInstrument, control: ControlThread, wait: Wait
) -> None:
    port = control.osc_port
    control.close()
    wait(lambda: not window.link.connected)
    density = window.controls.item("density")
    assert density is not None
    before = density.values()
    density.move(0.1)
    assert density.values() == before and "no engine" in window.state.message
    instrument.values["/musika/density"] = (0.9,)
    with ControlThread(instrument, ControlSettings(port=port, query=False, announce=False)):
        wait(lambda: window.link.connected)
        wait(lambda: same(density.values(), (0.9,)))


def test_play_and_record(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    (root,) = window.qml.rootObjects()
    for name in ("play", "record"):
        button = root.findChild(QObject, name)
        assert button is not None
        button.click()  # type: ignore[attr-defined]
        wait(lambda name=name: any(move.control == name for move in instrument.moves))  # type: ignore[misc]
    wait(lambda: bool(window.transport.recording))


def items_of(item: QQuickItem) -> list[QQuickItem]:
    """An item and all that it shows."""
    return [item, *(found for child in item.childItems() for found in items_of(child))]


@pytest.mark.parametrize("cue", ["fill", "break", "build", "drop", "end"])
def test_cues_are_called(cue: str, window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    (root,) = window.qml.rootObjects()
    assert isinstance(root, QQuickWindow)
    wait(lambda: window.link.connected)
    (button,) = [item for item in items_of(root.contentItem()) if item.objectName() == f"cue {cue}"]
    button.click()  # type: ignore[attr-defined]
    wait(lambda: Move.of("cue", cue) in instrument.moves)


def test_what_the_engine_refuses_is_said(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    window.controls.item("preset").move("nothing of that name")  # type: ignore[union-attr]
    wait(lambda: "there is no preset" in window.state.message)
    window.controls.item("tempo").move(1000.0)  # type: ignore[union-attr]
    assert "40 to 240 bpm" in window.state.message

"""The morph pad under a real mouse: the puck, the corners, drifting by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from musika_daw.controls.move import Move
from musika_daw.panel.window import Window
from tests.panel.conftest import Wait, root_of
from tests.support.memory_instrument import MemoryInstrument

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
EDGE = 40  # from the frame of the pad to the corners


def items_of(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from items_of(child)


class Pad:
    """The pad in the window, and a hand."""

    def __init__(self, window: Window) -> None:
        self.root = root_of(window)
        self.item = self.named("morph")

    def named(self, name: str) -> QQuickItem:
        return next(item for item in items_of(self.root.contentItem()) if item.objectName() == name)

    def at(self, x: float, y: float) -> QPoint:
        width, height = self.item.width() - 2 * EDGE, self.item.height() - 2 * EDGE
        place = self.item.mapToScene(QPoint(round(EDGE + x * width), round(EDGE + y * height)).toPointF())
        return place.toPoint()

    def click(self, name: str, button: Qt.MouseButton = LEFT) -> None:
        item = self.named(name)
        QTest.mouseClick(self.root, button, NONE, item.mapToScene(item.boundingRect().center()).toPoint())


@pytest.fixture
def pad(window: Window) -> Pad:
    return Pad(window)


def morph(instrument: MemoryInstrument) -> tuple[float, ...]:
    return tuple(float(value) for value in instrument.values["/musika/morph"])


def test_the_puck_is_dragged(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    QTest.mousePress(pad.root, LEFT, NONE, pad.at(0.2, 0.2))
    wait(lambda: morph(instrument) == pytest.approx((0.2, 0.2), abs=0.01))
    QTest.mouseMove(pad.root, pad.at(0.7, 0.5))
    wait(lambda: morph(instrument) == pytest.approx((0.7, 0.5), abs=0.01))
    QTest.mouseRelease(pad.root, LEFT, NONE, pad.at(0.7, 0.5))
    QTest.mouseMove(pad.root, pad.at(0.1, 0.1))
    assert pad.item.property("px") == pytest.approx(0.7, abs=0.01)


def test_keys_move_it_within_its_frame(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    pad.item.forceActiveFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(pad.root, key)
    wait(lambda: morph(instrument) == pytest.approx((0.06, 0.0)))


def test_it_drifts_until_a_hand_takes_it(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    pad.click("drift")
    wait(lambda: len([move for move in instrument.moves if move.control == "morph"]) > 2)
    QTest.mouseClick(pad.root, LEFT, NONE, pad.at(0.5, 0.5))
    assert pad.item.property("drifting") is False


def test_a_corner_dragged_onto_another_exchanges_them(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    for corner, style in zip("abcd", ("warehouse", "tunnel", "fathom", "pebble"), strict=True):
        instrument.post([Move.of(f"anchor/{corner}", style)])
    wait(lambda: pad.named("anchor 3").property("title") == "pebble")
    name = pad.named("anchor name 0")
    begin = name.mapToScene(name.boundingRect().center()).toPoint()
    QTest.mousePress(pad.root, LEFT, NONE, begin)
    for share in range(1, 11):
        QTest.mouseMove(pad.root, begin + (pad.at(1, 1) - begin) * (share / 10))
        wait(lambda: True)
    QTest.mouseRelease(pad.root, LEFT, NONE, pad.at(1, 1))
    wait(lambda: instrument.values["/musika/anchor/d"] == ("warehouse",))
    assert instrument.values["/musika/anchor/a"] == ("pebble",)


def test_a_name_opens_the_styles(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    wait(lambda: bool(pad.item.property("names")))
    pad.click("anchor name 1")
    wait(lambda: any(item.objectName() == "style ember" for item in items_of(pad.root.contentItem())))
    pad.click("style ember")
    wait(lambda: instrument.values["/musika/anchor/b"] == ("ember",))

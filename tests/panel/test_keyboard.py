"""The computer's keys play notes into a stem, and only when they are asked to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from musika_daw.controls.move import Move
from musika_daw.panel.keyboard import step_of
from musika_daw.panel.window import Window
from tests.panel.conftest import Wait, root_of
from tests.support.memory_instrument import MemoryInstrument


@pytest.mark.parametrize(("key", "step"), [("A", 0), ("W", 1), ("K", 12), ("Y", 8), ("Z", 8), ("Q", None)])
def test_two_rows_of_keys_are_a_piano(key: str, step: int | None) -> None:
    assert step_of(ord(key)) == step


def test_keys_play_while_it_is_on(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    root = root_of(window)
    QTest.keyClick(root, Qt.Key.Key_A)
    QTest.keyClick(root, Qt.Key.Key_K)
    wait(lambda: bool(window.keyboard.on))
    QTest.keyPress(root, Qt.Key.Key_D)
    assert window.keyboard.down == [40]
    QTest.keyClick(root, Qt.Key.Key_PageUp)
    QTest.keyRelease(root, Qt.Key.Key_D)
    QTest.keyClick(root, Qt.Key.Key_A)
    QTest.keyClick(root, Qt.Key.Key_Escape)
    assert not window.keyboard.on
    QTest.keyClick(root, Qt.Key.Key_A)
    notes = [Move.of("stem/bass/note", *values) for values in ((40, 100), (40, 0), (48, 100), (48, 0))]
    wait(lambda: [move for move in instrument.moves if move.control == "note"] == notes)
    assert "seed" not in {move.control for move in instrument.moves}, (
        "D is another song only while keys are the window's"
    )


def test_text_fields_keep_their_keys(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    root = root_of(window)
    window.keyboard.begin(root, "lead")
    field = next(item for item in _items(root.contentItem()) if item.objectName() == "seed")
    field.forceActiveFocus()
    wait(lambda: root.activeFocusItem() is not None and root.activeFocusItem().inherits("QQuickTextInput"))
    QTest.keyClick(root, Qt.Key.Key_A)
    assert window.keyboard.down == [] and "note" not in {move.control for move in instrument.moves}


def _items(item: QQuickItem) -> list[QQuickItem]:
    return [item, *(found for child in item.childItems() for found in _items(child))]

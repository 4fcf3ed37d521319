"""The menu of a right click: a value to type, MIDI learn for knobs, both ways of the morph pad, cues and scenes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from musika_daw.controls.move import Move
from musika_daw.panel.window import Window
from tests.panel.conftest import Wait
from tests.panel.test_morph_pad import Pad, items_of
from tests.support.memory_instrument import MemoryInstrument

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def pad(window: Window) -> Pad:
    return Pad(window)


@pytest.mark.parametrize(
    ("name", "place", "learnt"),
    [
        ("knob density", 0, ("/musika/density",)),
        ("cue fill", 0, ("/musika/cue", "fill")),
        ("scene 3", 0, ("/musika/scene/recall", "pad 3")),
        ("record", 0, ("/musika/record",)),
        ("choice quantize", 0, ("/musika/quantize",)),
        ("morph", 0, ("/musika/morph",)),
        ("morph", 1, ("/musika/morph", 1)),
    ],
)
def test_midi_is_learnt(
    name: str, place: int, learnt: tuple[object, ...], pad: Pad, instrument: MemoryInstrument, wait: Wait
) -> None:
    pad.click(name, RIGHT)
    wait(lambda: any(item.objectName() == f"learn {place}" for item in items_of(pad.root.contentItem())))
    wait(lambda: pad.named(f"learn {place}").property("visible"))
    pad.click(f"learn {place}")
    wait(lambda: any(move.control == "midi/learn" for move in instrument.moves))
    assert instrument.moves == [Move("midi/learn", None, learnt)]  # type: ignore[arg-type]


def test_a_value_is_typed(pad: Pad, instrument: MemoryInstrument, wait: Wait) -> None:
    pad.click("knob density", RIGHT)
    field = "menu value"
    wait(lambda: any(item.objectName() == field for item in items_of(pad.root.contentItem())))
    wait(lambda: bool(pad.named(field).property("activeFocus")))
    assert pad.named(field).property("text") == pad.named(field).property("shown") != ""
    for character in "0.25":
        QTest.keyClick(pad.root, character)
    QTest.keyClick(pad.root, Qt.Key.Key_Return)
    wait(lambda: instrument.values["/musika/density"] == (0.25,))


def test_a_field_that_is_clicked_keeps_its_text(pad: Pad, wait: Wait) -> None:
    seed = pad.named("seed")
    wait(lambda: seed.property("text") != "")
    before = seed.property("text")
    pad.click("seed")
    wait(lambda: bool(seed.property("activeFocus")))
    assert seed.property("text") == before

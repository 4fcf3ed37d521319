"""Notes that come bar by bar."""

from __future__ import annotations

from musika_daw.panel.roll import parse_bar
from musika_daw.panel.window import Window
from tests.panel.conftest import Wait
from tests.support.memory_instrument import MemoryInstrument


def test_a_bar_is_read_and_what_is_none_is_left_out() -> None:
    assert parse_bar("36 0.0 0.25 127, 43 1.5 0.5 0,, x y, 1 2 3") == [
        {"beat": 0.0, "length": 0.25, "pitch": 36.0, "strength": 1.0},
        {"beat": 1.5, "length": 0.5, "pitch": 43.0, "strength": 0.0},
    ]
    assert parse_bar("") == []


def test_bars_follow_each_other_and_are_replaced(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    for bar in range(8):
        instrument.tell("/musika/bar", "bass", bar * 4.0, "40 1 0.5 100")
    wait(lambda: bool(window.roll.notes("bass")) and window.roll.notes("bass")[-1]["beat"] == 29.0)
    assert [note["beat"] for note in window.roll.notes("bass")] == [13.0, 17.0, 21.0, 25.0, 29.0]
    instrument.tell("/musika/bar", "bass", 28.0, "50 0 1 100, 52 2 1 100")
    wait(lambda: [note["pitch"] for note in window.roll.notes("bass")][-2:] == [50.0, 52.0])
    assert window.roll.notes("drums") == []

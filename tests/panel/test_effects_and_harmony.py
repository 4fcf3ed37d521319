"""Effects as they are told, chords as text, curves of faders, marks of moves that land."""

from __future__ import annotations

import pytest

from musika_daw.controls.move import Move
from musika_daw.panel.curves import curve_of, value_at, way_of
from musika_daw.panel.effects_model import parse_effect
from musika_daw.panel.harmony import Harmony, chords_of, parse_row
from musika_daw.panel.window import Window
from tests.panel.conftest import Wait
from tests.support.memory_instrument import PARAMETER, MemoryInstrument


def test_an_effect_is_read() -> None:
    name, ranges = parse_effect("LowpassFilter; cutoff_frequency_hz 20 20000; bypass 0 1")
    assert name == "LowpassFilter" and ranges == {"cutoff_frequency_hz": (20.0, 20000.0), "bypass": (0.0, 1.0)}


def test_effects_have_their_own_ranges(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    item = window.controls.item(PARAMETER.removeprefix("/musika/"))
    assert item is not None
    wait(lambda: item.high == 20000.0 and item.values() == (800.0,))
    item.put(0.0)
    wait(lambda: instrument.values[PARAMETER] == (20.0,))
    item.put(0.5)
    wait(lambda: instrument.values[PARAMETER][0] == pytest.approx(632.456, abs=0.01))


def test_effects_come_and_go(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    wait(lambda: window.effects.effects("bass"))
    window.effects.add("lead", "Reverb")
    window.effects.remove("bass", 0)
    window.effects.shift("bass", 0, 1)  # there is only one: it has nowhere to go
    wait(lambda: Move.of("stem/bass/effects/remove", 0) in instrument.moves)
    assert instrument.moves == [Move.of("stem/lead/effects/add", "Reverb"), Move.of("stem/bass/effects/remove", 0)]


@pytest.mark.parametrize(
    ("low", "high", "curve"), [(0, 1, "linear"), (-90, 12, "log"), (0.05, 10, "exp"), (20, 2e4, "")]
)
def test_faders_find_their_way_back(low: float, high: float, curve: str) -> None:
    chosen = curve_of(low, high, curve or "linear")
    assert chosen == (curve or "octaves")
    for way in (0.0, 0.3, 0.8, 1.0):
        assert way_of(value_at(way, low, high, chosen), low, high, chosen) == pytest.approx(way, abs=1e-9)
    assert way_of(high * 3, low, high, chosen) == 1.0 and value_at(2.0, low, high, chosen) == pytest.approx(high)


def test_chords_are_written_and_found() -> None:
    harmony = Harmony()
    assert parse_row("off") == parse_row("still") == []
    assert [(c["name"], c["start"], c["beats"]) for c in parse_row("Am | F G | C:x")] == [
        ("Am", 0.0, 4.0),
        ("F", 4.0, 2.0),
        ("G", 6.0, 2.0),
        ("C", 8.0, 4.0),
    ]
    assert [harmony.sounding("Am:2 E7:2", beat) for beat in (0.0, 1.9, 2.0, 5.0)] == [0, 0, 1, 0]
    assert harmony.sounding("off", 3.0) == -1
    assert harmony.replaced("Am F", 1, "G") == "Am G" and harmony.replaced("Am F", 2, "C") == "Am F C"
    assert harmony.replaced("Am:2 F:2", 0, "") == "F:2" and harmony.replaced("Am", 0, "") == "off"
    assert harmony.replaced("off", 0, "Dm") == "Dm"


@pytest.mark.parametrize(("key", "first", "last"), [("off", "Am", "E"), ("F#", "F#", "E"), ("D dorian", "Dm", "Bm")])
def test_near_chords(key: str, first: str, last: str) -> None:
    assert (chords_of(key)[0], chords_of(key)[-1]) == (first, last)
    assert len(chords_of("nonsense")) == 7


def test_moves_leave_marks_where_they_wait_and_land(window: Window, instrument: MemoryInstrument, wait: Wait) -> None:
    splices = window.qml.rootContext().contextProperty("splices")
    window.controls.item("quantize").move("bar")  # type: ignore[union-attr]
    instrument.tell("/musika/beat", 9.0)
    wait(lambda: bool(window.transport.playing()))
    window.controls.item("density").move(0.3)  # type: ignore[union-attr]
    assert [(m["label"], m["beat"], m["landed"]) for m in splices._marks] == [("density", 12.0, False)]
    instrument.tell("/musika/landed", "/musika/density", 12.0)
    wait(lambda: bool(splices._marks[-1]["landed"]))
    assert len(splices._marks) == 1
    instrument.tell("/musika/landed", "/musika/stem/bass/gain", 12.0)
    window.controls.item("stem/bass/gain").move(-3.0)  # type: ignore[union-attr]
    wait(lambda: instrument.values["/musika/stem/bass/gain"] == (-3.0,))
    assert len(splices._marks) == 1, "levels splice nothing"

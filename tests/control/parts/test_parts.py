"""What answers beside the engine: the choice of the clock, scenes, MIDI maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.instrument import Ensemble
from musika_daw.control.parts.clock import ClockPart
from musika_daw.control.parts.midi import MidiPart
from musika_daw.control.parts.scenes import ScenePart
from musika_daw.engine.live.lead import Leading
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.errors import UserError


class Engine:
    """Holds values, as the engine does, and who leads."""

    stems = ("drums", "bass")

    def __init__(self) -> None:
        self.values: dict[str, tuple[Value, ...]] = {
            "/musika/density": (0.7,),
            "/musika/seed": (1,),
            "/musika/locate": (0.0,),
        }
        self.leading: Leading | None = None
        self.posted: list[Move] = []

    def post(self, moves: Sequence[Move]) -> None:
        self.posted += moves
        self.values |= {move.address: move.values for move in moves}

    def get(self, address: str) -> tuple[Value, ...]:
        return self.values[address]

    def addresses(self) -> tuple[str, ...]:
        return tuple(self.values)

    def limits(self, address: str) -> tuple[float, float] | None:
        return None

    def notices(self) -> list[Notice]:
        return []

    def follow(self, leading: Leading | None) -> None:
        self.leading = leading


class Clock:
    state = ClockState(0.0, 120.0, playing=True, settled=True)

    def state_at(self, seconds: float) -> ClockState:
        return self.state


def unplugged() -> Clock:
    raise UserError("nothing is plugged in")


def test_a_clock_is_chosen_offset_and_given_up() -> None:
    engine, clock = Engine(), Clock()
    band = Ensemble(engine, (ClockPart(engine, {"midi": lambda: clock, "link": unplugged}, Clock()),))
    assert band.get("/musika/clock") == ("internal",)
    band.post([Move("/musika/clock", ("midi",)), Move("/musika/clock/offset", (20.0,))])
    assert engine.leading == Leading("midi", clock, 0.02, False)
    band.post([Move("/musika/clock/on_loss", ("stop",))])
    assert engine.leading is not None and engine.leading.stop_on_loss
    with pytest.raises(RefusedError, match="nothing is plugged in"):
        band.post([Move("/musika/density", (0.1,)), Move("/musika/clock", ("link",))])
    assert engine.values["/musika/density"] == (0.7,) and band.get("/musika/clock") == ("midi",)
    band.post([Move("/musika/clock", ("internal",))])
    assert engine.leading is None
    assert Notice("/musika/clock", ("internal",)) in band.notices()


def test_a_shared_clock_is_moved_from_here_too() -> None:
    class Link(Clock):
        did: list[object] = []  # noqa: RUF012

        def play(self) -> None:
            self.did.append("play")

        def stop(self) -> None:
            self.did.append("stop")

        def locate(self, beat: float) -> None:
            self.did.append(beat)

        def set_tempo(self, bpm: float) -> None:
            self.did.append(bpm)

    engine, link = Engine(), Link()
    band = Ensemble(engine, (ClockPart(engine, {"link": lambda: link}, Clock()),))
    band.post([Move("/musika/tempo", (100.0,))])
    band.post([Move("/musika/clock", ("link",))])
    for name, *values in (("tempo", 140.0), ("locate", 16.0), ("play",), ("stop",), ("continue",)):
        band.post([Move(f"/musika/{name}", tuple(values))])
    assert link.did == [140.0, 16.0, 16.0, "play", "stop", "play"]
    assert band.get("/musika/tempo") == (100.0,)  # the engine's, which follows


def test_the_loss_of_a_clock_is_told_once() -> None:
    engine, clock = Engine(), Clock()
    band = Ensemble(engine, (ClockPart(engine, {"midi": lambda: clock}, Clock()),))
    band.post([Move("/musika/clock", ("midi",))])
    band.notices()
    clock.state = ClockState(0.0, 120.0, playing=True, settled=True, lost=True)
    told = [*band.notices(), *band.notices()]
    assert [n.values for n in told] == [("/musika/clock", "failed", "the midi clock is lost: playing on")]


def test_scenes_are_kept_and_recalled_over_beats(tmp_path: Path) -> None:
    engine = Engine()
    band = Ensemble(engine, (ScenePart(engine, tmp_path),))
    band.post([Move("/musika/scene/save", ("quiet",))])
    assert band.get("/musika/scene/list") == ("quiet",)
    engine.values |= {"/musika/density": (0.1,), "/musika/seed": (5,)}
    band.post([Move("/musika/scene/recall", ("quiet", 4.0))])
    assert engine.values["/musika/seed"] == (1,)
    engine.values["/musika/locate"] = (2.0,)
    band.notices()
    assert engine.values["/musika/density"][0] == pytest.approx(0.4)
    engine.values["/musika/locate"] = (5.0,)
    band.notices()
    assert engine.values["/musika/density"][0] == pytest.approx(0.7)
    with pytest.raises(RefusedError, match="there are quiet"):
        band.post([Move("/musika/scene/recall", ("loud",))])


def test_a_controller_moves_what_its_map_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    engine, clock = Engine(), MidiClock()
    midi = MidiPart(engine, clock, Clock())
    band = Ensemble(engine, (midi,))
    band.post([Move("/musika/midi/learn", ("/musika/density",))])
    midi.receive("knobs", [0xB0, 21, 64], 1.0)
    midi.idle(1.01)
    for value in (90, 10, 127):  # past where the control stands: soft take-over picks it up
        midi.receive("knobs", [0xB0, 21, value], 1.1)
        midi.idle(1.2 + value / 1000)
    assert engine.values["/musika/density"] == (1.0,)
    with pytest.raises(RefusedError, match="there is no MIDI map"):
        band.post([Move("/musika/midi/map", ("no such map",))])
    band.post([Move("/musika/midi/map", ("generic_8_knobs",))])
    assert band.get("/musika/midi/map") == ("generic_8_knobs",)


def test_notes_on_a_stems_channel_become_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))

    class Song:
        """Two beats a second; stands still before the start."""

        def state_at(self, seconds: float) -> ClockState:
            return ClockState(max(0.0, 2.0 * seconds), 120.0, seconds >= 0.0, True)

    engine = Engine()
    midi = MidiPart(engine, MidiClock(), Song())
    band = Ensemble(engine, (midi,))
    band.post([Move("/musika/midi/notes", ("loop", 1))])
    assert band.get("/musika/midi/notes") == ("loop", 1, "grid")
    midi.receive("keys", [0x9A, 50, 100], -1.0)
    for second, data in ((0.51, [0x9A, 33, 127]), (0.74, [0x9A, 33, 0]), (1.0, [0x90, 70, 100])):
        midi.receive("keys", data, second)
        midi.idle(second)
    midi.idle(2.1)
    assert engine.values["/musika/stem/bass/notes"] == ("loop 4: 33 1 0.46 127",)
    band.post([Move("/musika/midi/notes", ("off",))])
    midi.receive("keys", [0x9A, 40, 127], 2.5)
    midi.idle(4.5)
    assert engine.values["/musika/stem/bass/notes"] == ("loop 4: 33 1 0.46 127",)


def test_ticks_go_to_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    clock = MidiClock()
    midi = MidiPart(Engine(), clock, Clock())
    midi.receive("daw", [0xFA], 0.0)
    for tick in range(97):
        midi.receive("daw", [0xF8], 0.1 + tick * 0.5 / 24)
    state = clock.state_at(0.1 + 96 * 0.5 / 24)
    assert state.playing and state.beat == pytest.approx(4.0, abs=0.01) and state.bpm == pytest.approx(120, abs=0.5)

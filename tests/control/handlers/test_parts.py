"""What answers beside the engine: the choice of the clock, scenes, MIDI maps."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.clock.ratio import PlayableClock
from musika_daw.control.handlers.clock import ClockHandler
from musika_daw.control.handlers.midi import MidiHandler
from musika_daw.control.handlers.scenes import SceneHandler
from musika_daw.control.instrument import Router
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError, failure
from musika_daw.controls.target import Target, address_of, parse_target, target_of
from musika_daw.engine.live.plan.external_clock import FollowedClock
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
        self.leading: FollowedClock | None = None
        self.posted: list[Move] = []

    def post(self, moves: Sequence[Move]) -> None:
        self.posted += moves
        self.values |= {address_of(move.target): move.values for move in moves}

    def get(self, target: Target) -> tuple[Value, ...]:
        address = address_of(target)
        return self.values[address]

    def targets(self) -> tuple[Target, ...]:
        return tuple(map(target_of, self.values))

    def limits(self, target: Target) -> tuple[float, float] | None:
        return None

    def notices(self) -> list[Notice]:
        return []

    def follow(self, leading: FollowedClock | None) -> None:
        self.leading = leading


class Clock:
    state = ClockState(0.0, 120.0, playing=True, settled=True)

    def state_at(self, seconds: float) -> ClockState:
        return self.state


def unplugged() -> Clock:
    raise UserError("nothing is plugged in")


def test_a_clock_is_chosen_offset_and_given_up() -> None:
    engine, clock = Engine(), Clock()
    band = Router(engine, (ClockHandler(engine, {"midi": lambda: clock, "link": unplugged}, Clock()),))
    assert band.get(parse_target("clock")) == ("internal",)
    band.post([Move.of("clock", "midi"), Move.of("clock/offset", 20.0)])
    leading = engine.leading
    assert isinstance(leading, FollowedClock) and isinstance(leading.clock, PlayableClock)
    assert leading.clock.clock is clock
    assert (leading.name, leading.offset_seconds, leading.stop_on_loss) == ("midi", 0.02, False)
    band.post([Move.of("clock/on_loss", "stop")])
    assert engine.leading is not None and engine.leading.stop_on_loss
    with pytest.raises(RefusedError, match="nothing is plugged in"):
        band.post([Move.of("density", 0.1), Move.of("clock", "link")])
    assert engine.values["/musika/density"] == (0.7,) and band.get(parse_target("clock")) == ("midi",)
    band.post([Move.of("clock", "internal")])
    assert engine.leading is None
    assert Notice.of("clock", "internal") in band.notices()


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
    band = Router(engine, (ClockHandler(engine, {"link": lambda: link}, Clock()),))
    band.post([Move.of("tempo", 100.0)])
    band.post([Move.of("clock", "link")])
    for name, *values in (("tempo", 140.0), ("locate", 16.0), ("play",), ("stop",), ("continue",)):
        band.post([Move.of(f"{name}", *values)])
    assert link.did == [140.0, 16.0, 16.0, "play", "stop", "play"]
    assert band.get(parse_target("tempo")) == (100.0,)  # the engine's, which follows


def test_the_loss_of_a_clock_is_told_once() -> None:
    engine, clock = Engine(), Clock()
    band = Router(engine, (ClockHandler(engine, {"midi": lambda: clock}, Clock()),))
    band.post([Move.of("clock", "midi")])
    band.notices()
    clock.state = ClockState(0.0, 120.0, playing=True, settled=True, lost=True)
    told = [*band.notices(), *band.notices()]
    assert told == [failure(Target("clock"), "the midi clock is lost: playing on")]


def test_half_time_is_told_once_and_chosen() -> None:
    engine, clock = Engine(), Clock()
    clock.state = ClockState(64.0, 300.0, playing=True, settled=True)
    seconds = [0.0]
    band = Router(engine, (ClockHandler(engine, {"midi": lambda: clock}, Clock(), lambda: seconds[0]),))
    band.post([Move.of("clock", "midi")])
    told = []
    for tenth in range(60):
        # At first the tempo is being found; it is told when it is known.
        clock.state = replace(clock.state, bpm=330.0 if tenth < 8 else 300.0)
        seconds[0] = tenth / 10
        told += [n for n in band.notices() if n.control == "told"]
    line = "300 bpm of the midi clock are played as 150, in half time; /musika/clock/ratio chooses"
    assert told == [Notice.of("told", line, about=Target("clock"))]


def test_another_ratio_is_chosen_before_or_after_the_clock() -> None:
    engine, clock = Engine(), Clock()
    clock.state = ClockState(64.0, 128.0, playing=True, settled=True)
    seconds = itertools.count()
    band = Router(engine, (ClockHandler(engine, {"midi": lambda: clock}, Clock(), lambda: float(next(seconds))),))
    band.post([Move.of("clock/ratio", "0.5")])
    band.post([Move.of("clock", "midi")])
    assert band.get(parse_target("clock/ratio")) == ("0.5",)
    assert not [n for n in band.notices() if n.control == "told"]
    (told,) = [n for n in band.notices() if n.control == "told"]
    assert "128 bpm of the midi clock are played as 64, in half time" in str(told.values[0])
    band.post([Move.of("clock/ratio", "auto")])
    (told,) = [n for n in band.notices() if n.control == "told"]
    assert "128 bpm of the midi clock are played as they are" in str(told.values[0])


def test_a_shared_clock_in_half_time_is_moved_in_our_beats() -> None:
    class Link(Clock):
        state = ClockState(0.0, 300.0, playing=True, settled=True)
        did: list[float] = []  # noqa: RUF012

        def play(self) -> None: ...

        def stop(self) -> None: ...

        def locate(self, beat: float) -> None:
            self.did.append(beat)

        def set_tempo(self, bpm: float) -> None:
            self.did.append(bpm)

    engine, link = Engine(), Link()
    band = Router(engine, (ClockHandler(engine, {"link": lambda: link}, Clock()),))
    band.post([Move.of("clock", "link")])
    band.notices()
    band.post([Move.of("tempo", 140.0), Move.of("locate", 16.0)])
    assert link.did == [280.0, 32.0]


def test_scenes_are_kept_and_recalled_over_beats(tmp_path: Path) -> None:
    engine = Engine()
    band = Router(engine, (SceneHandler(engine, tmp_path),))
    band.post([Move.of("scene/save", "quiet")])
    assert band.get(parse_target("scene/list")) == ("quiet",)
    engine.values |= {"/musika/density": (0.1,), "/musika/seed": (5,)}
    band.post([Move.of("scene/recall", "quiet", 4.0)])
    assert engine.values["/musika/seed"] == (1,)
    engine.values["/musika/locate"] = (2.0,)
    band.notices()
    assert engine.values["/musika/density"][0] == pytest.approx(0.4)
    engine.values["/musika/locate"] = (5.0,)
    band.notices()
    assert engine.values["/musika/density"][0] == pytest.approx(0.7)
    band.post([Move.of("scene/rename", "quiet", "loud")])
    assert any(notice.values == ("scene quiet is loud now",) for notice in band.notices())
    band.post([Move.of("scene/rename", "loud", "quiet")])
    with pytest.raises(RefusedError, match="there are quiet"):
        band.post([Move.of("scene/recall", "loud")])


def test_a_controller_moves_what_its_map_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    engine, clock = Engine(), MidiClock()
    midi = MidiHandler(engine, clock, Clock())
    band = Router(engine, (midi,))
    band.post([Move.of("midi/learn", "/musika/density")])
    midi.receive("knobs", [0xB0, 21, 64], 1.0)
    midi.idle(1.01)
    for value in (90, 10, 127):  # past where the control stands: soft take-over picks it up
        midi.receive("knobs", [0xB0, 21, value], 1.1)
        midi.idle(1.2 + value / 1000)
    assert engine.values["/musika/density"] == (1.0,)
    with pytest.raises(RefusedError, match="there is no MIDI map"):
        band.post([Move.of("midi/map", "no such map")])
    band.post([Move.of("midi/map", "generic_8_knobs")])
    assert band.get(parse_target("midi/map")) == ("generic_8_knobs",)


def test_notes_on_a_stems_channel_become_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))

    class Song:
        """Two beats a second; stands still before the start."""

        def state_at(self, seconds: float) -> ClockState:
            return ClockState(max(0.0, 2.0 * seconds), 120.0, seconds >= 0.0, True)

    engine = Engine()
    midi = MidiHandler(engine, MidiClock(), Song())
    band = Router(engine, (midi,))
    band.post([Move.of("midi/notes", "loop", 1)])
    assert band.get(parse_target("midi/notes")) == ("loop", 1, "grid", "4/4")
    midi.receive("keys", [0x9A, 50, 100], -1.0)
    for second, data in ((0.51, [0x9A, 33, 127]), (0.74, [0x9A, 33, 0]), (1.0, [0x90, 70, 100])):
        midi.receive("keys", data, second)
        midi.idle(second)
    midi.idle(2.1)
    assert engine.values["/musika/stem/bass/notes"] == ("loop 4: 33 1 0.46 127",)
    band.post([Move.of("midi/notes", "loop", 1, "grid", "7/8")])
    midi.receive("keys", [0x9A, 45, 127], 2.0)
    midi.receive("keys", [0x9A, 45, 0], 2.25)
    midi.idle(2.3)
    midi.idle(4.0)
    assert engine.values["/musika/stem/bass/notes"] == ("loop 3.5: 45 0.5 0.5 127",)
    band.post([Move.of("midi/notes", "off")])
    midi.receive("keys", [0x9A, 40, 127], 4.0)
    midi.idle(7.0)
    assert engine.values["/musika/stem/bass/notes"] == ("loop 3.5: 45 0.5 0.5 127",)


def test_ticks_go_to_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    clock = MidiClock()
    midi = MidiHandler(Engine(), clock, Clock())
    midi.receive("daw", [0xFA], 0.0)
    for tick in range(97):
        midi.receive("daw", [0xF8], 0.1 + tick * 0.5 / 24)
    state = clock.state_at(0.1 + 96 * 0.5 / 24)
    assert state.playing and state.beat == pytest.approx(4.0, abs=0.01) and state.bpm == pytest.approx(120, abs=0.5)

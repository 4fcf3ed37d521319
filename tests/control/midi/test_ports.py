"""Controllers on real virtual ports of a real JACK server."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from musika_daw.control.midi.control import MidiControl
from musika_daw.control.midi.mapping import Mapping, Route, load_mapping
from musika_daw.control.midi.messages import CONTROL, NOTE_OFF, NOTE_ON, Message, Parser
from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.ports import InputPorts
from musika_daw.control.midi.sources import Source
from musika_daw.control.midi.time_stamps import TimeStamps
from musika_daw.controls.move import Move
from musika_daw.errors import UserError
from musika_daw.music.line import parse_line
from musika_daw.music.notes import Note
from tests.control.midi.conftest import FakeInstrument
from tests.support.jack import connect, ports, wait_for

KNOB = Source("cc", 20)
Cable = OutputPort


@contextmanager
def cable_to(control: MidiControl) -> Iterator[Cable]:
    """A controller, connected to the virtual port that feeds `control`."""
    parser = Parser()

    def handle(port: str, data: object, seconds: float) -> None:
        assert abs(seconds - time.monotonic()) < 1.0
        for message in parser.feed(data):  # type: ignore[arg-type]
            control.feed(port, message, seconds)

    with (
        InputPorts(handle, virtual_name="Musika Test", idle=control.flush),
        OutputPort(name="Controller") as cable,
    ):
        connect("Controller:", ":Musika Test")
        yield cable


def turn(cable: Cable, number: int, value: int) -> None:
    cable.send(Message(CONTROL, 1, (number, value)).encoded())
    time.sleep(0.02)  # a hand is slower than the gathering of moves


def test_learn_over_a_cable_is_kept(jack: str, control: MidiControl, instrument: FakeInstrument) -> None:
    with cable_to(control) as cable:
        control.learn("/musika/density")
        turn(cable, 33, 90)
        wait_for(lambda: control.mapping.routes, "nothing was learnt")
        turn(cable, 33, 80)
        turn(cable, 33, 100)
        wait_for(lambda: instrument.moves, "the learnt control moves nothing")
    assert instrument.moves[-1] == Move.of("density", pytest.approx(100 / 127))
    assert [route.to for route in load_mapping(control._learnt_file).routes] == ["/musika/density"]
    control.forget("/musika/density")
    assert load_mapping(control._learnt_file).routes == ()


def test_take_over_and_nrpn_over_a_cable(jack: str, control: MidiControl, instrument: FakeInstrument) -> None:
    nrpn = Route(Source("nrpn", 300), "/musika/tempo", take_over=False)
    control.use(Mapping("test", (Route(KNOB, "/musika/density"), nrpn)))
    with cable_to(control) as cable:
        for value in (10, 20, 100):  # passes 0.7 on its way
            turn(cable, 20, value)
        for number, value in ((99, 2), (98, 44), (6, 64), (38, 0)):
            turn(cable, number, value)
        wait_for(lambda: any(str(move.target) == "tempo" for move in instrument.moves), "no NRPN came")
    densities = [move.values[0] for move in instrument.moves if str(move.target) == "density"]
    assert densities == [pytest.approx(100 / 127)]
    assert instrument.values["/musika/tempo"] == (pytest.approx(140.0, abs=0.1),)


def bass_notes(instrument: FakeInstrument) -> list[Note]:
    """Of the last line, by pitch."""
    lines = [str(move.values[0]) for move in instrument.moves if str(move.target) == "stem/bass/notes"]
    return sorted((note for line in lines[-1:] for note in parse_line(line).notes), key=lambda note: note.pitch)


def test_pads_recall_scenes_and_a_held_chord_is_the_harmony(
    jack: str, control: MidiControl, instrument: FakeInstrument
) -> None:
    pad = Route(Source("note", 36, 10), "/musika/scene/recall", mode="trigger", values=("verse", 4.0))
    control.use(Mapping("test", (pad,), chords_channel=1, stem_channels={"bass": 2}))
    with cable_to(control) as cable:
        cable.send(Message(NOTE_ON, 10, (36, 100)).encoded())
        for pitch in (57, 60, 64):
            cable.send(Message(NOTE_ON, 1, (pitch, 100)).encoded())
        for pitch in (40, 43):
            cable.send(Message(NOTE_ON, 2, (pitch, 127)).encoded())
            time.sleep(0.1)
            cable.send(Message(NOTE_OFF, 2, (pitch, 0)).encoded())
        # The notes come when their bar ends; if it ends between them or in one, the next bar's end brings them whole.
        wait_for(lambda: [note.pitch for note in bass_notes(instrument)] == [40, 43], "no notes came")
        fifth = pytest.approx(0.2, abs=0.1)  # 0.1 s at 2 beats a second
        wait_for(lambda: all(note.length_beats == fifth for note in bass_notes(instrument)), "notes are too long")
    moves = instrument.moves
    assert Move.of("scene/recall", "verse", 4.0) in moves and Move.of("chords", "Am") in moves


def test_a_storm_with_sysex_and_garbage_plays_on(jack: str, control: MidiControl, instrument: FakeInstrument) -> None:
    control.use(Mapping("test", (Route(KNOB, "/musika/density", take_over=False),)))
    rng = random.Random(3)
    with cable_to(control) as cable:
        start = time.monotonic()
        for i in range(2000):
            cable.send(Message(CONTROL, 1, (20, i % 128)).encoded())
            if i % 50 == 0:
                cable.send(bytes((0xF0, 0x7E, *(rng.randrange(128) for _ in range(60)), 0xF7)))
            if i % 70 == 0:
                cable.send(bytes((rng.choice((0xF4, 0xF5, 0xFD, 0xF9)),)))
            time.sleep(max(0.0, start + (i + 1) / 1000 - time.monotonic()))
        turn(cable, 20, 127)
        wait_for(lambda: instrument.values["/musika/density"] == (1.0,), "the last value never came")
        seconds = time.monotonic() - start
    assert 20 < len(instrument.posts) < 200 * seconds + 2


def test_a_controller_that_goes_and_comes_is_found_again_by_its_name(jack: str) -> None:
    heard: list[bytes] = []
    with InputPorts(
        lambda name, data, at: heard.append(bytes(data)), wanted=("keystation",), virtual_name=None
    ) as ports:
        for value in (1, 2):
            with OutputPort(name="Keystation 49") as keys:
                wait_for(lambda: ports.connected, "the controller is not found")
                time.sleep(0.1)
                keys.send(bytes((0xB0, 20, value)))
                wait_for(lambda value=value: bytes((0xB0, 20, value)) in heard, "nothing is heard")
            wait_for(lambda: not ports.connected, "the controller is not missed")


def test_a_port_that_is_not_there_is_told_and_waited_for_and_an_unclear_one_refused(jack: str) -> None:
    told: list[str] = []
    with InputPorts(lambda name, data, at: None, ("nanoKONTROL",), "Musika Test", tell=told.append) as ports:
        assert told and told[0].startswith("MIDI input 'nanoKONTROL' is not there, it is waited for: there are ")
        with OutputPort(name="nanoKONTROL 2"):
            wait_for(lambda: len(ports.connected) == 2, "it is not found when it comes")
        wait_for(lambda: len(ports.connected) == 1, "it is not missed")
    assert [line.partition(":")[0] for line in told[1:]] == [
        "MIDI input",
        "MIDI input nanoKONTROL 2",
    ]
    with OutputPort(name="Deck A"), OutputPort(name="Deck B"):
        with pytest.raises(UserError, match="'deck' is not clear: it is a part of 'Deck A:Deck A', 'Deck B:Deck B'"):
            InputPorts(lambda name, data, at: None, ("deck",))
        with InputPorts(lambda name, data, at: None, ("Deck B",), None) as ports:
            assert ports.connected == ("Deck B:Deck B",)


def test_an_output_takes_the_exact_name(jack: str) -> None:
    def port(name: str) -> InputPorts:
        return InputPorts(lambda *_: None, virtual_name=name)

    with port("Port 10"), port("Port 1"):
        wait_for(lambda: len([name for name in ports() if "Port 1" in name]) == 2, "they are not there")
        with OutputPort("Port 1 MIDI:Port 1") as out:
            assert out._port_name == "Port 1 MIDI:Port 1"
        with OutputPort("Port 1") as out:
            assert out._port_name == "Port 1 MIDI:Port 1"
        with pytest.raises(UserError, match="is not clear"):
            OutputPort("Port")
    with port("Port 10"), pytest.raises(UserError, match="there is no MIDI output 'Port 1'"):
        OutputPort("Port 1")


def test_stamps_follow_the_driver_and_not_the_moment_of_reading() -> None:
    rng = random.Random(1)
    stamps = TimeStamps()
    late = []
    for i in range(500):
        came = 50.0 + i * 0.02
        seen = came + rng.uniform(0.0001, 0.01)
        late.append(stamps.stamp(0.02 if i else 0.0, seen) - came)
    assert max(late[50:]) < 0.001 and min(late) > 0.0

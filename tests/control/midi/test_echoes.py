"""One bus both ways: what we send does not come back as notes and clock; what others send does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.handlers.midi import MidiHandler
from musika_daw.control.midi.echoes import Echoes
from musika_daw.control.midi.messages import CONTROL, NOTE_OFF, NOTE_ON, START, TICK, Message
from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.port_names import same_bus
from musika_daw.control.midi.ports import InputPorts
from musika_daw.controls.move import Notice
from musika_daw.controls.target import Target
from tests.control.midi.conftest import FakeInstrument
from tests.support.jack import wait_for

NOTE = bytes((0x9A, 36, 100))
ANOTHER = bytes((0x9A, 38, 100))


class Song:
    def state_at(self, seconds: float) -> ClockState:
        return ClockState(0.0, 120.0, playing=False, settled=True)


@pytest.fixture
def echoes() -> Echoes:
    return Echoes(partial(same_bus, numbered=False))


def test_each_message_is_dropped_once_and_on_its_own_bus(echoes: Echoes) -> None:
    for _ in range(2):
        echoes.sent("IAC Driver Bus 1", NOTE, 1.0)
    assert [echoes.is_echo("IAC Driver Bus 1", NOTE, 1.001) for _ in range(3)] == [True, True, False]
    assert not echoes.is_echo("IAC Driver Bus 1", ANOTHER, 1.001)
    echoes.sent("IAC Driver Bus 1", NOTE, 2.0)
    assert not echoes.is_echo("IAC Driver Bus 2", NOTE, 2.001)
    assert not echoes.is_echo("IAC Driver Bus 1", NOTE, 3.0), "too late for an echo"
    echoes.sent("IAC Driver Bus 1", bytes((0x8A, 36, 0)), 4.0)
    assert echoes.is_echo("IAC Driver Bus 1", bytes((0x9A, 36, 0)), 4.001), "a note's end in its other form"
    assert echoes.take_found() == "IAC Driver Bus 1" and echoes.take_found() is None


def test_our_own_clock_does_not_lead_us_and_anothers_on_the_same_bus_does(
    echoes: Echoes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    clock = MidiClock(90.0)
    part = MidiHandler(FakeInstrument(), clock, Song(), echoes)
    start = time.monotonic()
    for tick in range(96):
        at = start + tick * 60 / 128 / 24
        for message in ([START] if tick == 0 else []) + [TICK]:
            echoes.sent("bus", bytes((message,)), time.monotonic())
            part.receive("bus", bytes((message,)), at)
    state = clock.state_at(start + 2.0)
    assert not state.playing and state.bpm == 90.0 and clock.port is None
    for tick in range(96):
        echoes.sent("bus", bytes((TICK,)), time.monotonic())
        part.receive("bus", bytes((TICK,)), start + tick * 0.02)  # ours
        part.receive("bus", bytes((START, TICK) if tick == 0 else (TICK,)), start + tick * 60 / 140 / 24)  # theirs
    assert clock.state_at(start + 1.7).bpm == pytest.approx(140.0, rel=1e-3)
    (told,) = [notice for notice in part.notices() if notice.control == "told"]
    assert told == Notice.of("told", "what is sent comes back from bus: it is left out", about=Target("midi"))


@pytest.fixture
def loop(jack: str) -> Iterator[None]:
    """A JACK program that sends back whatever it gets, as a bus of IAC or loopMIDI does."""
    library = pytest.importorskip("jack")
    client = library.Client("bus", servername=jack, no_start_server=True)
    sink, source = client.midi_inports.register("in"), client.midi_outports.register("out")

    @client.set_process_callback
    def process(_frames: int) -> None:
        source.clear_buffer()
        for offset, data in sink.incoming_midi_events():
            source.write_midi_event(offset, bytes(data))

    client.activate()
    yield
    client.deactivate()
    client.close()


def test_a_real_bus_both_ways_brings_back_nothing(
    loop: None, echoes: Echoes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MIDI", str(tmp_path))
    instrument, heard = FakeInstrument(), []
    part = MidiHandler(instrument, MidiClock(), Song(), echoes)

    def receive(port: str, data: object, seconds: float) -> None:
        heard.append(bytes(data))  # type: ignore[call-overload]
        part.receive(port, data, seconds)  # type: ignore[arg-type]

    part._control.learn("/musika/density")
    with (
        InputPorts(receive, ("bus",), None, idle=part.idle) as ports,
        OutputPort("bus", echoes=echoes) as ours,
        OutputPort("bus") as theirs,
    ):
        wait_for(lambda: ports.connected, "the bus is not found")
        for message in (Message(NOTE_ON, 11, (36, 100)), Message(CONTROL, 1, (20, 64)), Message(NOTE_OFF, 11, (36, 0))):
            ours.send(message.encoded())
        wait_for(lambda: len(heard) == 3, "the bus does not send back")
        time.sleep(0.05)
        assert not part._control.mapping.routes, "an echo was learnt"
        theirs.send(Message(CONTROL, 1, (21, 64)).encoded())
        wait_for(lambda: part._control.mapping.routes, "another's knob is not heard")
    assert [str(route.source) for route in part._control.mapping.routes] == ["cc 21"]
    told = [notice for notice in part.notices() if notice.control == "told"]
    assert Notice.of("told", "learnt cc 21 on channel 1: it moves /musika/density", about=Target("midi/learn")) in told
    assert part.get(Target("midi/map")) == ("learnt",)

"""MIDI over OSC: which map is used, what is learnt; and the way of messages from the ports to clock and controls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import Clock
from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.control import MidiControl
from musika_daw.control.midi.mapping import Mapping, load_mapping
from musika_daw.control.midi.messages import Parser
from musika_daw.control.midi.note_recorder import PlayedIn
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.errors import UserError
from musika_daw.resources import own_folder, presets_folder

MAP, LEARN, FORGET, NOTES = (f"/musika/midi/{name}" for name in ("map", "learn", "forget", "notes"))
OFF = "off"
MAPS_VARIABLE = "MUSIKA_DAW_MIDI"


def map_paths() -> dict[str, Path]:
    """Shipped maps and the user's own, which come first."""
    folders = (presets_folder() / "midi", own_folder("midi", MAPS_VARIABLE))
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


class MidiPart:
    """Messages of all ports in; `receive` and `idle` are called by the ports' thread."""

    def __init__(self, instrument: Instrument, clock: MidiClock, song: Clock) -> None:
        """`clock` is fed; `song` tells where in the song what is heard is, for notes played in."""
        self._instrument, self._clock = instrument, clock
        self._parsers: dict[str, Parser] = {}
        self._name = OFF
        self._notes: tuple[Value, ...] = ("loop", 4, "grid")
        self._told: list[Notice] = []
        learnt = own_folder("midi", MAPS_VARIABLE) / "learnt.toml"
        self._control = MidiControl(instrument, Mapping("learnt"), learnt, _beat_of(song))

    def receive(self, port: str, data: Sequence[int], seconds: float) -> None:
        """Bytes came at a port."""
        for message in self._parsers.setdefault(port, Parser()).feed(data):
            if not self._clock.feed(port, message, seconds):
                self._control.feed(port, message, seconds)

    def idle(self, seconds: float) -> None:
        self._control.flush(seconds)

    def addresses(self) -> tuple[str, ...]:
        return MAP, LEARN, FORGET, NOTES

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.address == MAP:
                self._mapping(str(move.values[0]))

    def apply(self, move: Move) -> None:
        value = str(move.values[0])
        if move.address == LEARN:
            self._control.learn(value)
        elif move.address == FORGET:
            self._control.forget(value)
        elif move.address == NOTES:
            self._notes = (*move.values, *self._notes[len(move.values) :])
            self._control.play_in(_played_in(*self._notes))
        else:
            self._control.use(self._mapping(value))
            self._name = value
        self._told.append(Notice(move.address, move.values))

    def get(self, address: str) -> tuple[Value, ...]:
        if address == NOTES:
            return self._notes
        if address != MAP:
            raise RefusedError(address, "address", f"{address} has no value")
        return (self._name,)

    def notices(self) -> list[Notice]:
        told, self._told = self._told, []
        return told

    def _mapping(self, name: str) -> Mapping:
        if name == OFF:
            return Mapping(OFF)
        paths = map_paths()
        if name not in paths and not name.endswith(".toml"):
            known = ", ".join([OFF, *paths])
            raise RefusedError(MAP, "range", f"there is no MIDI map {name!r}: expected {known} or a .toml file")
        try:
            return load_mapping(paths.get(name, Path(name)))
        except UserError as error:
            raise RefusedError(MAP, "range", str(error)) from error


def _played_in(mode: Value, bars: Value, timing: Value) -> PlayedIn | None:
    return None if mode == OFF else PlayedIn(mode == "loop", int(bars), timing == "grid")


def _beat_of(song: Clock) -> Callable[[float], float | None]:
    def beat_at(seconds: float) -> float | None:
        state = song.state_at(seconds)
        return state.beat if state.playing else None

    return beat_at

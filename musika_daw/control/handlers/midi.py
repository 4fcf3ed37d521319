"""MIDI over OSC: which map is used, what is learnt; and the way of messages from the ports to clock and controls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import Clock
from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.control import MidiControl
from musika_daw.control.midi.echoes import Echoes
from musika_daw.control.midi.mapping import LEARNT, Mapping, Route, load_mapping
from musika_daw.control.midi.messages import Parser
from musika_daw.control.midi.note_recorder import PlayedIn
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.errors import UserError
from musika_daw.music.grid import bar_beats
from musika_daw.resources import own_folder, presets_folder

MAP, LEARN, FORGET, NOTES = (f"midi/{name}" for name in ("map", "learn", "forget", "notes"))
KEY = "note"
OFF = "off"
MAPS_VARIABLE = "MUSIKA_DAW_MIDI"


def map_paths() -> dict[str, Path]:
    """Shipped maps and the user's own, which come first."""
    folders = (presets_folder() / "midi", own_folder("midi", MAPS_VARIABLE))
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


class MidiHandler:
    """Messages of all ports in; `receive` and `idle` are called by the ports' thread."""

    def __init__(self, instrument: Instrument, clock: MidiClock, song: Clock, echoes: Echoes | None = None) -> None:
        """
        Args:
            clock: is fed.
            song: tells where in the song what is heard is, for notes played in.
            echoes: knows what is ours and is dropped.
        """
        self._instrument, self._clock, self._echoes = instrument, clock, echoes
        self._parsers: dict[str, Parser] = {}
        self._name = OFF
        self._notes: tuple[Value, ...] = ("loop", 4, "grid", "4/4")
        self._told: list[Notice] = []
        learnt = own_folder("midi", MAPS_VARIABLE) / f"{LEARNT}.toml"
        self._control = MidiControl(instrument, Mapping(LEARNT), learnt, _beat_of(song), self._tell_learnt)

    def receive(self, port: str, data: Sequence[int], seconds: float) -> None:
        """Bytes came at a port."""
        for message in self._parsers.setdefault(port, Parser()).feed(data):
            if self._echoes is not None and self._echoes.is_echo(port, message.encoded(), time.monotonic()):
                continue
            if not self._clock.feed(port, message, seconds):
                self._control.feed(port, message, seconds)

    def idle(self, seconds: float) -> None:
        self._control.flush(seconds)

    def targets(self) -> tuple[Target, ...]:
        keys = (Target(KEY, stem) for stem in self._instrument.stems)
        return Target(MAP), Target(LEARN), Target(FORGET), Target(NOTES), *keys

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.control == MAP:
                self._mapping(str(move.values[0]))

    def apply(self, move: Move) -> None:
        if move.control == KEY and move.stem is not None:
            self._strike(move, move.stem)
            return
        value = str(move.values[0])
        if move.control == LEARN:
            meant = move.values[1] if len(move.values) > 1 else 0
            self._control.learn(value, meant if isinstance(meant, str) else int(meant))
        elif move.control == FORGET:
            self._control.forget(value)
            self._use_learnt()
        elif move.control == NOTES:
            self._notes = (*move.values, *self._notes[len(move.values) :])
            self._control.play_in(_played_in(*self._notes))
        else:
            self._control.use(self._mapping(value))
            self._name = value
        self._told.append(Notice.of(move.target, *move.values))

    def _strike(self, move: Move, stem: str) -> None:
        pitch, velocity = (int(value) for value in move.values)
        if not self._control.key(stem, pitch, velocity, time.monotonic()) and velocity:
            off = self._notes[0] == OFF
            told = "set midi/notes to loop or once: played notes are off" if off else "keys are taken while it plays"
            raise RefusedError(move.target, "refused", told)

    def get(self, target: Target) -> tuple[Value, ...]:
        if target.control == NOTES:
            return self._notes
        if target.control != MAP:
            raise RefusedError(target, "address", f"{target} has no value")
        return (self._name,)

    def _tell_learnt(self, route: Route) -> None:
        channel = f" on channel {route.source.channel}" if route.source.channel else ""
        self._told.append(
            Notice.of("told", f"learnt {route.source}{channel}: it moves {route.to}", about=Target(LEARN))
        )
        self._use_learnt()

    def _use_learnt(self) -> None:
        self._name = LEARNT
        self._told.append(Notice.of(MAP, LEARNT))

    def tell(self, line: str) -> None:
        """Something is worth knowing: a port came or went."""
        self._told.append(Notice.of("told", line, about=Target("midi")))

    def notices(self) -> list[Notice]:
        self.idle(time.monotonic())  # keys over OSC come without any port
        if self._echoes is not None and (port := self._echoes.take_found()) is not None:
            self.tell(f"what is sent comes back from {port}: it is left out")
        told, self._told = self._told, []
        return told

    def _mapping(self, name: str) -> Mapping:
        if name == OFF:
            return Mapping(OFF)
        paths = map_paths()
        if name not in paths and not name.endswith(".toml"):
            known = ", ".join([OFF, *paths])
            raise RefusedError(Target(MAP), "range", f"there is no MIDI map {name!r}: expected {known} or a .toml file")
        try:
            return load_mapping(paths.get(name, Path(name)))
        except UserError as error:
            raise RefusedError(Target(MAP), "range", str(error)) from error


def _played_in(mode: Value, bars: Value, timing: Value, metre: Value) -> PlayedIn | None:
    return None if mode == OFF else PlayedIn(mode == "loop", int(bars), timing == "grid", bar_beats(str(metre)))


def _beat_of(song: Clock) -> Callable[[float], float | None]:
    def beat_at(seconds: float) -> float | None:
        state = song.state_at(seconds)
        return state.beat if state.playing else None

    return beat_at

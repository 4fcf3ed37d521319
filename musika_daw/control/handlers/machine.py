"""This machine's side of it, changed while it plays: the audio device, the MIDI inputs, and which there are."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.engine.bus.open_bus import open_bus
from musika_daw.engine.bus.spec import parse_bus
from musika_daw.engine.live.engine import LiveEngine
from musika_daw.errors import UserError

BUS, MIDI_IN = Target("bus"), Target("midi/in")
OFF = "off"
_STALE_SECONDS = 2.0
Names = Callable[[], Sequence[str]]


class BusPlayer(Protocol):
    """What plays into a bus."""

    @property
    def bus_description(self) -> str:
        """Where it plays now."""
        ...

    def play_into(self, bus: str) -> None:
        """Plays into another bus from now on, as soon as it is open; may raise UserError."""
        ...


class Inputs(Protocol):
    """What listens to MIDI inputs."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """Names, or parts of them."""
        ...

    def want(self, names: Sequence[str]) -> None:
        """Listens to these from now on."""
        ...


class DevicePlayer:
    """The engine, told in words where to play."""

    def __init__(self, engine: LiveEngine, channels: str | None) -> None:
        """`channels`: the map of channels of the process, as `--bus` has it."""
        self._engine, self._channels = engine, channels

    @property
    def bus_description(self) -> str:
        return self._engine.bus_description

    def play_into(self, bus: str) -> None:
        spec = parse_bus(bus if self._channels is None or "map=" in bus else f"{bus},map={self._channels}")
        self._engine.play_into(lambda: open_bus(spec, self._engine.stems))


class MachineHandler:
    """Lists take a while to make: a question is answered with the last one, and starts to make the next, which is told.
    Before anybody asked none is made: who only plays is not to meet every device there is."""

    def __init__(self, player: BusPlayer, inputs: Callable[[], Inputs | None], lists: Mapping[str, Names]) -> None:
        """
        Args:
            inputs: None while the system has no MIDI.
            lists: `bus/list`, `midi/in/list`, `midi/out/list` -> what makes it.
        """
        self._player, self._inputs, self._lists = player, inputs, lists
        self._lock = threading.Lock()
        self._names: dict[str, tuple[str, ...]] = dict.fromkeys(lists, ())
        self._told: list[Notice] = []
        self._looked = float("-inf")

    def targets(self) -> tuple[Target, ...]:
        return (BUS, MIDI_IN, *map(Target, self._lists))

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.target == MIDI_IN and self._inputs() is None:
                raise RefusedError(move.target, "refused", "there is no MIDI here: start JACK, or plug a device in")

    def apply(self, move: Move) -> None:
        try:
            if move.target == BUS:
                self._player.play_into(str(move.values[0]))
            elif (inputs := self._inputs()) is not None:
                inputs.want([str(value) for value in move.values if value not in (OFF, "")])
                self._tell(Notice.of(MIDI_IN, *self.get(MIDI_IN)))
        except UserError as error:
            raise RefusedError(move.target, "range", str(error)) from error

    def get(self, target: Target) -> tuple[Value, ...]:
        if target == BUS:
            return (self._player.bus_description,)
        if target == MIDI_IN:
            inputs = self._inputs()
            return (OFF,) if inputs is None else inputs.wanted or (OFF,)
        self._look()
        return self._names[target.control]

    def notices(self) -> list[Notice]:
        with self._lock:
            told, self._told = self._told, []
        return told

    def _tell(self, notice: Notice) -> None:
        with self._lock:
            self._told.append(notice)

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked > _STALE_SECONDS:
            self._looked = now
            threading.Thread(target=self._make_lists, name="musika-devices", daemon=True).start()

    def _make_lists(self) -> None:
        for name, make in self._lists.items():
            try:
                names = tuple(make())
            except UserError:  # what cannot be listed is not there
                names = ()
            if names != self._names[name]:
                self._names[name] = names
                self._tell(Notice.of(Target(name), *names))

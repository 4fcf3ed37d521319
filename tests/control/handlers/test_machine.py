"""The machine's side, changed while it plays."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from musika_daw.control.handlers.machine import BUS, MIDI_IN, MachineHandler
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.target import Target
from musika_daw.engine.bus.spec import parse_bus


class Player:
    bus_description = "a device"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def play_into(self, bus: str) -> None:
        parse_bus(bus)
        self.asked.append(bus)


class Inputs:
    wanted: tuple[str, ...] = ()

    def want(self, names: Sequence[str]) -> None:
        self.wanted = tuple(names)


def test_the_device_is_changed_and_bad_words_are_refused() -> None:
    player = Player()
    part = MachineHandler(player, lambda: None, {})
    part.apply(Move.of(BUS, "null,latency=100"))
    with pytest.raises(RefusedError, match="5 to 1000 milliseconds"):
        part.apply(Move.of(BUS, "null,latency=1"))
    assert player.asked == ["null,latency=100"] and part.get(BUS) == ("a device",)


def test_midi_inputs_are_chosen() -> None:
    inputs = Inputs()
    part = MachineHandler(Player(), lambda: inputs, {})
    assert part.get(MIDI_IN) == ("off",)
    part.check([Move.of(MIDI_IN, "deck", "keys")])
    part.apply(Move.of(MIDI_IN, "deck", "keys"))
    assert inputs.wanted == ("deck", "keys")
    assert [notice.values for notice in part.notices()] == [("deck", "keys")]
    part.apply(Move.of(MIDI_IN, "off"))
    assert inputs.wanted == ()
    with pytest.raises(RefusedError, match="no MIDI"):
        MachineHandler(Player(), lambda: None, {}).check([Move.of(MIDI_IN, "deck")])


def test_lists_are_told_when_they_are_there() -> None:
    made = []

    def make() -> list[str]:
        made.append(1)
        return ["default", "null"]

    part = MachineHandler(Player(), lambda: None, {"bus/list": make})
    time.sleep(0.05)
    assert not made and part.get(BUS) == ("a device",), "nobody has asked"
    part.get(Target("bus/list"))
    end = time.monotonic() + 5.0
    while not (told := part.notices()):
        assert time.monotonic() < end
        time.sleep(0.005)
    assert told[0].values == part.get(Target("bus/list")) == ("default", "null")

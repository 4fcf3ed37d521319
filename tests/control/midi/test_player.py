"""Rows of a mapping play the instrument."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.mapping import Mapping, Route
from musika_daw.control.midi.player import MappingPlayer
from musika_daw.control.midi.sources import Moved, Source
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, RefusedError
from tests.control.midi.conftest import FakeInstrument

KNOB = Source("cc", 20, 1)
PAD = Source("note", 36, 1)


def played(instrument: FakeInstrument, route: Route, *ways: float) -> list[tuple[Value, ...]]:
    player = MappingPlayer(Mapping("test", (route,)), instrument)
    sent = []
    for way in ways:
        moves = player.moves(Moved(Source(route.source.kind, route.source.number, 1), way))
        if moves:
            instrument.post(moves)
            sent.append(moves[0].values)
    return sent


def test_range_and_curve(instrument: FakeInstrument) -> None:
    route = Route(KNOB, "/musika/density", low=0.2, high=0.6, take_over=False)
    assert played(instrument, route, 0.0, 0.5, 1.0) == [(0.2,), (pytest.approx(0.4),), (0.6,)]
    backwards = Route(KNOB, "/musika/tempo", take_over=False, low=240.0, high=40.0)
    assert played(instrument, backwards, 0.0, 1.0) == [(240.0,), (40.0,)]
    cutoff = Route(KNOB, "/musika/stem/bass/fx/0/cutoff_hz", curve="exp", take_over=False)
    low, middle, high = (values[0] for values in played(instrument, cutoff, 0.0, 0.5, 1.0))
    assert low == 20.0 and high == 20_000.0 and isinstance(middle, float) and middle < 3000.0


def test_soft_take_over_waits_for_the_value_and_lets_go_when_somebody_else_moves_it(instrument: FakeInstrument) -> None:
    route = Route(KNOB, "/musika/density")  # stands at 0.7
    player = MappingPlayer(Mapping("test", (route,)), instrument)

    def turn(way: float) -> bool:
        moves = player.moves(Moved(KNOB, way))
        instrument.post(moves)
        return bool(moves)

    assert [turn(way) for way in (0.1, 0.3, 0.6, 0.8, 0.5)] == [False, False, False, True, True]
    instrument.post([Move.of("density", 0.1)])
    assert [turn(way) for way in (0.45, 0.3, 0.05, 0.2)] == [False, False, True, True]


def test_one_of_two_arguments_leaves_the_other(instrument: FakeInstrument) -> None:
    route = Route(KNOB, "/musika/morph", argument=1, take_over=False)
    assert played(instrument, route, 1.0) == [(0.25, 1.0)]


def test_toggle_momentary_and_trigger(instrument: FakeInstrument) -> None:
    mute = "/musika/stem/drums/mute"
    assert played(instrument, Route(PAD, mute, mode="toggle"), 0.8, 0.0, 0.3, 0.0) == [(True,), (False,)]
    assert played(instrument, Route(PAD, mute, mode="momentary"), 0.8, 0.0) == [(True,), (False,)]
    seed = Route(PAD, "/musika/seed", mode="trigger", values=(7,))
    assert played(instrument, seed, 0.8, 0.0, 0.8) == [(7,), (7,)]


def test_choices_and_whole_numbers(instrument: FakeInstrument) -> None:
    grids = [values[0] for values in played(instrument, Route(KNOB, "/musika/quantize"), 0.0, 0.3, 0.6, 1.0)]
    assert grids == ["now", "beat", "bar", "phrase"]
    assert played(instrument, Route(KNOB, "/musika/seed", low=0, high=9), 0.5)[0] == (4,)


def test_channel_filter_and_what_is_not_there(instrument: FakeInstrument) -> None:
    routes = (Route(KNOB, "/musika/density", take_over=False), Route(KNOB, "/musika/stem/pads/gain"))
    player = MappingPlayer(Mapping("test", routes), instrument)
    assert len(player.moves(Moved(KNOB, 0.5))) == 1
    assert player.moves(Moved(Source("cc", 20, 2), 0.5)) == []


def test_learn_binds_the_next_control_and_takes_it_from_what_it_moved(instrument: FakeInstrument) -> None:
    player = MappingPlayer(Mapping("test", (Route(KNOB, "/musika/density"),)), instrument)
    player.learn("/musika/brightness")
    assert player.moves(Moved(KNOB, 0.3)) == []
    assert [route.to for route in player.mapping.routes] == ["/musika/brightness"]
    player.learn("/musika/stem/drums/mute")
    player.moves(Moved(PAD, 0.0))  # a key let go is not meant
    player.moves(Moved(PAD, 0.5))
    assert player.mapping.routes[-1] == Route(PAD, "/musika/stem/drums/mute", mode="toggle")


@pytest.mark.parametrize("address", ["/musika/key", "/musika/status", "/musika/nothing"])
def test_what_no_control_can_move_cannot_be_learnt(instrument: FakeInstrument, address: str) -> None:
    with pytest.raises(RefusedError):
        MappingPlayer(Mapping("test"), instrument).learn(address)

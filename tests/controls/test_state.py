"""How everything stands: moves, layers and differences of it."""

from __future__ import annotations

import pytest

from musika_daw.controls.control import Scope
from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, defaults, state_of
from musika_daw.controls.target import Target

D, BASS = Move.of("density", 0.2), Move.of("stem/bass/density", 0.9)


def test_a_stem_stands_where_all_do_until_it_is_moved_itself() -> None:
    state = defaults()
    assert state.number("density", "bass") == state.number("density") == 0.7
    state = state.with_move(BASS)
    assert (state.number("density", "bass"), state.number("density", "lead")) == (0.9, 0.7)
    state = state.with_move(D)
    assert (state.number("density", "bass"), state.number("density")) == (0.2, 0.2)
    assert state.number("gain", "bass") == 0.0 and state.switch("mute", "bass") is False


def test_a_state_is_a_value() -> None:
    one, other = state_of([D, BASS]), state_of([BASS, D])
    assert one != other and one == state_of([D, BASS])
    assert one.with_move(D) == state_of([D]) == other
    before = dict(one.settings)
    one.with_move(Move.of("density", 0.5))
    assert one.settings == before


def test_what_lies_over_wins_and_the_whole_hides_stems_below() -> None:
    below = defaults().over(state_of([BASS, Move.of("seed", 3)]))
    assert below.over(state_of([D])).number("density", "bass") == 0.2
    assert below.over(state_of([Move.of("stem/lead/density", 0.1)])).number("density", "bass") == 0.9
    assert below.over(state_of([D, BASS])).number("density", "bass") == 0.9
    assert below.over(ControlState()) == below and below.over(state_of([D])).get("seed") == (3,)


def test_the_difference_leads_from_one_state_to_the_other() -> None:
    start, end = defaults(), defaults().with_move(D).with_move(Move.of("stem/lead/gain", -3.0))
    moves = start.diff(end)
    assert set(moves) == {D, Move.of("stem/lead/gain", -3.0)}
    for move in moves:
        start = start.with_move(move)
    assert start == end and end.diff(end) == ()


def test_one_style_alone_and_the_morph_square_exclude_each_other() -> None:
    state = defaults().with_move(Move.of("style", 7))
    assert state.text("style") == "7" and state.text("anchor/a") == "warehouse"
    assert state.with_move(Move.of("morph", 0.5, 0.5)).text("style") == ""
    assert state.with_move(Move.of("anchor/a", 12)).get("anchor/a") == ("12",)
    assert state_of([Move.of("seconds", 4.0), Move.of("bars", 2)]).own("seconds") is None


def test_a_held_pattern_is_that_of_the_song_as_it_stood() -> None:
    state = defaults().with_move(D).with_move(Move.of("stem/bass/gain", -6.0))
    held = state.with_move(Move.of("stem/bass/hold", True)).with_move(Move.of("seed", 9))
    assert held.held["bass"] == state.only(Scope.SONG) and held.get("seed") == (9,)
    again = held.with_move(Move.of("stem/bass/hold", True))
    assert again.held["bass"].get("seed") == (0,), "a pattern that is held already stays the one it is"
    nested = held.with_move(Move.of("stem/lead/hold", True))
    assert not nested.held["lead"].held and nested.held["lead"].own("hold", "bass") is None
    assert again.with_move(Move.of("stem/bass/hold", False)).tidy().held == {}


def test_a_tidy_state_holds_nothing_of_a_stem_that_is_no_difference() -> None:
    moved = defaults().with_move(Move.of("stem/bass/notes", "off")).with_move(Move.of("stem/bass/gain", 0.0))
    assert moved != defaults() and moved.tidy() == defaults()
    kept = defaults().with_move(Move.of("stem/bass/density", 0.7))
    assert kept.tidy() == kept


def test_whole_numbers_are_taken_for_numbers_and_kinds_are_kept() -> None:
    state = state_of([Move.of("density", 1), Move.of("stem/bass/mute", True), Move.of("seed", 2)])
    assert [type(value) for (value,) in state.settings.values()] == [float, bool, int]


def test_what_is_not_set_and_has_no_default_is_said() -> None:
    with pytest.raises(KeyError, match="stems is not set"):
        ControlState().get("stems")
    assert ControlState().own("density") is None
    assert state_of([BASS]).of("density") == {"bass": (0.9,)}
    assert set(state_of([D, Move.of("stem/bass/gain", -1.0)]).only(Scope.MIX).settings) == {Target("gain", "bass")}

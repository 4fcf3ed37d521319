"""Steps that fail: the moves behind them are given up and told, and what was heard plays on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from musika_daw.controls.move import Move
from musika_daw.engine.score import Score
from tests.engine.live.plan.virtual import Costs, Stage

BAD, GOOD = Move.of("seed", 13), Move.of("density", 0.25)


def failing(*whats: str, from_place: int = 0) -> Callable[[Score, str, int], bool]:
    return lambda score, what, place: score.seed == 13 and what in whats and place >= from_place


@pytest.mark.parametrize("what", ["song", "notes", "block"])
@pytest.mark.parametrize("quantize", ["now", "bar"])
def test_a_move_that_cannot_be_made_is_given_up_alone(what: str, quantize: str) -> None:
    stage = Stage(costs=Costs(fails=failing(what)))
    stage.play()
    begun = len(stage.holes)
    stage.post(BAD, quantize=quantize)
    stage.run(3.0)
    stage.post(GOOD)
    stage.run(2.0)
    assert stage.failed == [(BAD,)] and stage.holes[begun:] == []
    assert stage.heard_moves()[-1] == GOOD and stage.heard[-1].controls.get("seed") == stage.controls.get("seed")


def test_a_move_whose_later_blocks_cannot_be_made_is_taken_back() -> None:
    stage = Stage(costs=Costs(fails=failing("block", from_place=6)))
    stage.play()
    begun = len(stage.holes)
    stage.post(BAD)
    stage.run(6.0)
    assert stage.failed == [(), (BAD,)], "told once that it does not go on, and once that it was taken back"
    here = stage.shared.timeline.meant_at(stage.shared.cursor)
    assert here.controls.get("seed") == stage.controls.get("seed")
    assert stage.holes[begun:] == []


def test_a_block_that_fails_once_is_made_the_next_time() -> None:
    fails = iter([True])
    stage = Stage(costs=Costs(fails=lambda score, what, place: what == "block" and place == 9 and next(fails, False)))
    stage.play()
    stage.run(8.0)
    assert stage.failed == [()] and not stage.holes

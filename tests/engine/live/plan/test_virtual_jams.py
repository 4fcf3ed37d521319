"""Jams on a virtual clock: whatever is moved, what is heard lasts, every move lands, nothing turns in circles."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from musika_daw.controls.move import Move
from tests.engine.live.plan.virtual import BLOCK, RATE, Costs, Stage

BEATS_A_SECOND = 128.0 / 60.0


@dataclass(frozen=True)
class Act:
    """After `wait` seconds: a move, or another speed of the computer."""

    wait: float
    kind: str
    value: float
    quantize: str


ACTS = st.lists(
    st.builds(
        Act,
        st.floats(0.0, 1.5),
        st.sampled_from(["density", "density", "density", "locate", "tempo", "loop", "speed", "notes", "stop"]),
        st.floats(0.0, 1.0),
        st.sampled_from(["now", "now", "beat", "bar"]),
    ),
    max_size=25,
)
JAM = settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))  # shrinking one takes minutes
FASTEST, SLOWEST = 0.03, 0.12  # seconds a block of 0.37 s takes


def act(stage: Stage, number: int, what: Act) -> tuple[Move, ...]:
    """Does it; the moves that are to land."""
    if what.kind == "speed":
        stage.costs.block = FASTEST + what.value * (SLOWEST - FASTEST)
    elif what.kind == "notes":
        stage.costs.notes = 0.6 * what.value
    elif what.kind == "loop":
        begin = float(round(what.value * 16))
        stage.shared.set_loop((begin, begin + 2.0) if what.value < 0.8 else (0.0, 0.0))
    elif what.kind == "stop":
        stage.post(Move.of("stop"), urgent=True)
        stage.run(0.4)
        stage.post(Move("/musika/play", (float(round(what.value * 32)),)), urgent=True)
    elif what.kind == "locate":
        stage.post(Move.of("locate", round(what.value * 64) + number / 1000), quantize=what.quantize)
    else:
        # No two moves are alike: each has to be heard.
        value = 100.0 + 40.0 * what.value + number / 1000 if what.kind == "tempo" else what.value / 2 + number / 100
        move = Move.of(f"{what.kind}", value)
        stage.post(move, quantize=what.quantize)
        return (move,)
    return ()


@JAM
@given(ACTS)
@example([Act(0.0, "density", 0.5, "bar"), Act(0.05, "stop", 0.2, "now")])
@example([Act(0.0, "density", 0.0, "now"), Act(0.03125, "stop", 0.0, "now")])
@example(  # a landing of which little is made before the next block
    [
        Act(0.5, "tempo", 0.0, "bar"),
        Act(0.37, "notes", 0.333, "now"),
        Act(0.457, "density", 0.0, "bar"),
        Act(0.747, "density", 0.31, "now"),
        Act(0.229, "density", 0.41, "beat"),
        Act(0.396, "density", 0.47, "bar"),
    ]
)
def test_nothing_is_lost_and_what_is_heard_lasts(acts: list[Act]) -> None:
    stage = Stage(costs=Costs(block=0.05))
    stage.play()
    begun = len(stage.holes)
    waiting: list[Move] = []
    for number, what in enumerate(acts):
        stage.run(what.wait)
        waiting += act(stage, number, what)
    stage.run_until(lambda: stage.landed(waiting), 12.0)
    stage.run(1.0)
    assert stage.holes[begun:] == [], "it was made in a third of the time it lasts, at worst"
    assert not stage.failed


@JAM
@given(st.lists(st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 1.0)), min_size=5, max_size=30), st.floats(0.0, 0.6))
def test_the_song_position_goes_on_without_a_jump_unless_one_is_asked_for(
    moves: list[tuple[float, float]], notes: float
) -> None:
    stage = Stage(costs=Costs(block=0.1, notes=notes))
    stage.play(8.0)
    for number, (wait, value) in enumerate(moves):
        stage.run(wait)
        stage.post(Move.of("density", value / 2 + number / 1000))
    stage.run(2.0)
    played = [(at, beat) for at, beat in stage.positions if beat is not None]
    (first, start), (last, end) = played[0], played[-1]
    assert end - start == pytest.approx((last - first) / RATE * BEATS_A_SECOND, abs=1e-3)
    steps = {round((b[1] - a[1]) * 1e6) for a, b in itertools.pairwise(played)}
    assert max(steps) - min(steps) <= 0.01 * 1e6 * BLOCK / RATE


def test_a_burst_of_moves_never_makes_a_hole_nor_starves() -> None:
    stage = Stage(costs=Costs(block=0.15))
    stage.play()
    begun = len(stage.holes)
    for number in range(400):
        stage.run(0.05)
        stage.post(Move.of("density", number / 400))
    heard = [move.values[0] for move in stage.heard_moves() if str(move.target) == "density"]
    assert stage.holes[begun:] == [] and len(heard) > 300
    late = stage.shared.meter.latencies
    assert not late or max(late) < 2.0


def test_a_loop_comes_round_to_the_sample() -> None:
    stage = Stage(costs=Costs(block=0.08))
    stage.shared.set_loop((4.0, 6.0))
    stage.play(4.0)
    for number in range(30):
        stage.run(0.3)
        stage.post(Move.of("density", number / 100))
    stage.run(2.0)
    jumps = [s for s in stage.heard if any(str(move.target) == "locate" for move in s.moves)]
    first = next(s for s in stage.heard if s.render is not None)
    late = [s.beat - 4.0 for s in jumps]
    assert len(jumps) >= 8 and max(late) < 0.2 and sum(beats > 0.0 for beats in late) <= 1
    for jump in jumps:  # one that comes late goes to where the loop is by then
        beats = (jump.start - first.start) / RATE * BEATS_A_SECOND
        assert (beats - (jump.beat - 4.0)) % 2.0 == pytest.approx(0.0, abs=1e-3) or (beats - jump.beat) % 2.0 > 1.999


def test_one_stall_of_half_a_second_is_not_heard() -> None:
    stage = Stage(costs=Costs(block=0.06))
    stage.play()
    stage.run(2.0)
    begun = len(stage.holes)
    for number in range(10):
        stage.clock.sleep(0.5)
        stage.post(Move.of("density", number / 100))
        stage.run(1.2)
    assert stage.holes[begun:] == [] and stage.landed([Move.of("density", n / 100) for n in range(10)])


def test_the_newer_render_is_heard_again_after_its_blocks_came_late() -> None:
    stage = Stage(costs=Costs(block=0.05))
    stage.play()
    stage.run(2.0)
    stage.post(Move.of("density", 0.3))
    stage.run_until(lambda: stage.landed([Move.of("density", 0.3)]))
    stage.costs.block = 0.9  # slower than it is heard, for a while
    stage.run(3.0)
    stage.costs.block = 0.05
    stage.run(3.0)
    here = stage.shared.timeline.at(stage.shared.cursor)
    assert here.controls.number("density") == 0.3 and not here.fallback

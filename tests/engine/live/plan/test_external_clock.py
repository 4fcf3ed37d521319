"""Following a clock: when to start, stop, jump and bend. The plan is simulated: it does what it is told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pytest

from musika_daw.controls.move import Move
from musika_daw.engine.live.plan.external_clock import ClockFollower, Here


@dataclass(frozen=True)
class State:
    beat: float
    bpm: float
    playing: bool = True
    settled: bool = True
    jumps: int = 1
    lost: bool = False
    jitter_seconds: float = 0.0
    ratio: float = 1.0


def applied(here: Here, moves: tuple[Move, ...]) -> Here:
    for move in moves:
        if str(move.target) == "tempo":
            here = replace(here, bpm=float(move.values[0]))
        elif str(move.target) == "stop":
            here = replace(here, playing=False)
        else:
            playing = here.playing or str(move.target) == "play"
            here = replace(here, beat=float(move.values[0]), playing=playing)
    return here


def follow(states: list[State], here: Here, step: float) -> list[Here]:
    follower, plan = ClockFollower(), []
    for state in states:
        here = applied(here, follower.moves(state, here, False))
        plan.append(here)
        if here.playing:
            here = replace(here, beat=here.beat + step * here.bpm / 60)
    return plan


def test_a_start_begins_with_the_first_beat_and_catches_up() -> None:
    step = 0.02
    states = [State(0.0, 120.0, playing=False)] * 3 + [State(0.08 + i * step * 2, 120.0) for i in range(400)]
    plan = follow(states, Here(0.0, 128.0, False), step)
    assert plan[0].bpm == 120.0  # while it waits
    assert plan[3].beat == 0.0
    errors = [abs(s.beat - h.beat) * 500 for s, h in zip(states[3:], plan[3:], strict=True)]
    assert errors[0] == pytest.approx(40.0) and all(b.beat > a.beat for a, b in itertools.pairwise(plan[3:]))
    attack = round(0.25 * 0.5 / step)
    assert max(errors[attack + 1 :]) <= 4.0  # ms: from the first sixteenth on


def test_a_start_in_an_unknown_tempo_keeps_what_is_ready() -> None:
    follower = ClockFollower()
    unknown = State(0.16, 120.0, settled=False)
    assert follower.moves(unknown, Here(0.0, 128.0, False), False) == (Move.of("play", 0.0),)
    assert follower.moves(State(0.3, 93.7, settled=False), Here(0.2, 128.0, True), False) == ()
    assert follower.moves(State(0.35, 93.7), Here(0.26, 128.0, True), False) == (
        Move.of("tempo", 93.7),
        Move.of("locate", 0.35),
    )


def test_a_ramp_is_followed_without_jumps() -> None:
    step, beat, states = 0.02, 0.0, []
    for i in range(800):
        bpm = 120 + min(20.0, 20 * i / 740)
        states.append(State(beat, bpm))
        beat += step * bpm / 60
    plan = follow(states, Here(0.0, 120.0, True), step)
    errors = [abs(s.beat - h.beat) * 60_000 / s.bpm for s, h in zip(states, plan, strict=True)]
    assert max(errors) < 8.0
    assert all(b.beat >= a.beat for a, b in itertools.pairwise(plan))


def test_an_estimate_that_wavers_costs_few_splices() -> None:
    """As a MIDI clock over JACK is known: to half a millisecond, its tempo to one in two thousand."""
    step, seconds = 0.02, 120
    generator = np.random.default_rng(2)
    here, follower, errors, changes = Here(0.0, 120.1, True), ClockFollower(), [], 0
    slow = np.repeat(generator.normal(0, 1, 2 * seconds), 25)  # an estimate looks back over half a second, and more
    for i, waver in enumerate(slow):
        beat = i * step * 2
        moves = follower.moves(State(beat + waver * 0.001, 120.0 + waver * 0.06), here, False)
        here, changes = applied(here, moves), changes + len(moves)
        errors.append(abs(here.beat - beat) * 500)
        here = replace(here, beat=here.beat + step * here.bpm / 60)
    assert changes <= seconds / 2
    assert np.quantile(errors, 0.95) < 5.0 and max(errors) < 8.0  # ms


def test_stops_jumps_and_loss() -> None:
    follower = ClockFollower()
    assert follower.moves(State(4.0, 120.0, playing=False), Here(4.0, 120.0, True), False) == (Move.of("stop"),)
    assert follower.moves(State(8.0, 120.0, playing=False), Here(4.0, 120.0, False), False) == (Move.of("locate", 8.0),)
    assert follower.moves(State(33.5, 120.0, jumps=2), Here(4.0, 120.0, True), False) == (Move.of("locate", 33.5),)
    sixteenth = State(4.25, 120.0, jumps=3)
    assert follower.moves(sixteenth, Here(4.0, 120.0, True), False) == (Move.of("locate", 4.25),)
    lost = State(4.0, 120.0, jumps=3, lost=True)
    assert follower.moves(lost, Here(4.0, 120.0, True), False) == ()
    assert follower.moves(lost, Here(4.0, 120.0, True), True) == (Move.of("stop"),)

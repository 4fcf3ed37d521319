"""The planner's rules, one by one: what is next in a situation."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from musika_daw.controls.move import Move
from musika_daw.engine.live.plan.change import Batch, Change, Landing
from musika_daw.engine.live.plan.landings import landing_of
from musika_daw.engine.live.plan.meter import Costs, LoadMeter
from musika_daw.engine.live.plan.planner import next_step
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES, Render
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.situation import (
    Adjust,
    Await,
    Idle,
    Land,
    Make,
    Open,
    PutOff,
    Situation,
    Splice,
    Take,
    Watch,
)
from musika_daw.engine.live.plan.splicing import past_border
from musika_daw.engine.live.plan.timeline import FADE, Timeline
from musika_daw.engine.live.plan.yielding import MoveWaitsError, YieldingPool
from musika_daw.engine.live.state.transition import Transition
from musika_daw.engine.playable import PlayedModel
from musika_daw.music.notes import STEMS
from tests.engine.live.plan.virtual import CONTROLS, RATE, Clock, VirtualModel
from tests.engine.live.plan.virtual import Costs as VirtualCosts

MODEL = cast(PlayedModel, VirtualModel(Clock(), VirtualCosts(block=0.0)))
MOVED = CONTROLS.with_move(Move.of("density", 0.3))
BATCH = Batch((Move.of("density", 0.3),), "now", 0.0)
JUMP = (Move.of("locate", 4.0),)


def render(blocks: int, controls: Any = CONTROLS, first: int = 0) -> Render:
    """A render that has so many blocks."""
    made = Render(controls, MODEL)
    with ThreadPoolExecutor(1) as pool:
        for block in range(first, first + blocks):
            made.make(block, pool)
    return made


def playing(blocks: int, **more: Any) -> Situation:
    """A song plays from its start; so many blocks of it are made."""
    return Situation(Timeline(Segment(0, 0.0, render(blocks), CONTROLS), STEMS), 0, RATE, Costs(0.05, 0.05), **more)


def with_fallback(old: Render, new: Render, start: int, **more: Any) -> Situation:
    """A newer render has been spliced in, and an older one stands in for it."""
    timeline = Timeline(Segment(0, 0.0, old, CONTROLS), STEMS)
    beat = timeline.beat_at(start)
    timeline.splice(Segment(start, beat, new, MOVED), Segment(start, beat, old, CONTROLS, fallback=True))
    return Situation(timeline, 0, RATE, Costs(0.05, 0.05), **more)


def test_while_nothing_plays_what_playing_starts_with_is_made() -> None:
    now = Situation(Timeline(Segment(0, 0.0, None, CONTROLS), STEMS), 0, RATE, Costs())
    assert next_step(now) == Open(CONTROLS)
    warm = render(0)
    steps = []
    with ThreadPoolExecutor(1) as pool:
        while not isinstance(step := next_step(dataclasses.replace(now, warm=warm, located=32.0)), Idle):
            assert isinstance(step, Make) and step.render is warm
            warm.make(step.block, pool)
            steps.append(step.block)
    place = warm.block_at(warm.sample_at(32.0))
    assert steps == [place - 1, place, place + 1, 0, 1]


def test_what_is_heard_comes_first_then_moves_then_the_look_ahead() -> None:
    step = next_step(playing(2, batches=(BATCH,)))
    assert isinstance(step, Make) and step.block == 2 and not step.patient
    assert next_step(playing(3, batches=(BATCH,))) == Take((BATCH,))
    step = next_step(playing(3))
    assert isinstance(step, Make) and step.block == 3 and step.patient
    assert next_step(playing(5)) == Idle()


def test_a_block_that_is_being_made_beside_the_worker_is_waited_for() -> None:
    now = playing(3)
    song = now.timeline.plan.render
    assert song is not None
    assert next_step(dataclasses.replace(now, making=(song, 3))) == Watch(patient=True)
    assert next_step(dataclasses.replace(now, making=(song, 3), batches=(BATCH,))) == Take((BATCH,))
    short = dataclasses.replace(playing(2), batches=(BATCH,))
    song = short.timeline.plan.render
    assert song is not None
    assert next_step(dataclasses.replace(short, making=(song, 2))) == Watch(patient=False), "it is needed"


@pytest.mark.parametrize("slow", [False, True])
def test_moves_wait_for_more_to_be_made_ahead_while_blocks_are_slow(slow: bool) -> None:
    now = dataclasses.replace(playing(3, batches=(BATCH,)), costs=Costs(0.05, 0.3 if slow else 0.05))
    assert isinstance(next_step(now), Make if slow else Take)
    # A block that took a minute, of a process that was stopped, does not keep moves away for a minute.
    assert isinstance(next_step(dataclasses.replace(playing(4, batches=(BATCH,)), costs=Costs(0.05, 60.0))), Take)


def test_a_fallback_that_is_heard_is_made_to_last_before_the_newer_render_is_made() -> None:
    old, new = render(2), render(0, MOVED)
    now = with_fallback(old, new, BLOCK_SAMPLES // 2)
    now = dataclasses.replace(now, cursor=BLOCK_SAMPLES, costs=Costs(0.3, 0.3))
    step = next_step(now)
    assert isinstance(step, Make) and step.render is old and step.block == 2
    lasting = dataclasses.replace(with_fallback(render(6), new, BLOCK_SAMPLES // 2), cursor=BLOCK_SAMPLES)
    step = next_step(lasting)
    assert isinstance(step, Make) and step.render is new


def test_a_fallback_is_put_off_as_the_newer_render_grows() -> None:
    old, new = render(9), render(3, MOVED)
    now = with_fallback(old, new, BLOCK_SAMPLES)
    step = next_step(now)
    assert isinstance(step, PutOff) and step.stream == 3 * BLOCK_SAMPLES
    now.timeline.prolong(step.stream)
    assert not isinstance(next_step(now), PutOff)


def test_the_newer_render_is_heard_again_as_soon_as_it_can() -> None:
    old, new = render(9), render(5, MOVED, first=2)
    now = dataclasses.replace(with_fallback(old, new, BLOCK_SAMPLES // 2), cursor=BLOCK_SAMPLES + 1000)
    step = next_step(now)
    assert isinstance(step, Splice) and not step.ends
    assert step.segments[0].render is new and step.segments[0].start == 2 * BLOCK_SAMPLES + FADE


def test_what_comes_too_late_is_not_made_up_for() -> None:
    now = dataclasses.replace(playing(1, batches=(BATCH,)), cursor=2 * BLOCK_SAMPLES)
    step = next_step(now)
    assert isinstance(step, Make) and step.block == 2
    song = now.timeline.plan.render
    assert song is not None
    with ThreadPoolExecutor(1) as pool:
        now = dataclasses.replace(now, cursor=2 * BLOCK_SAMPLES + 12_000)
        for block in range(3, 6):
            step = next_step(now)
            assert isinstance(step, Make)
            song.make(block, pool)
    assert isinstance(next_step(now), Take), "moves do not wait for the end of a hole"


def change(now: Situation, **more: Any) -> Change:
    new = render(0, MOVED)
    return Change(BATCH.moves, Transition(MOVED, True, more.pop("jump", None)), new, **more)


def test_a_change_is_made_where_it_can_be_heard_and_spliced_in() -> None:
    now = playing(4)
    step = next_step(dataclasses.replace(now, change=change(now)))
    assert isinstance(step, Adjust) and step.change.aim is not None and step.change.aim.start >= now.soon
    now = dataclasses.replace(now, change=step.change)
    step = next_step(now)
    assert isinstance(step, Make) and step.render is now.change.render  # type: ignore[union-attr]
    with ThreadPoolExecutor(1) as pool:
        step.render.make(step.block, pool)
    step = next_step(now)
    assert isinstance(step, Splice) and step.ends
    new, fallback = step.segments
    assert new.start == now.cursor + FADE and new.beat == now.timeline.beat_at(new.start)
    assert fallback.fallback and fallback.start == BLOCK_SAMPLES


def test_a_jump_without_anything_to_stand_in_waits_for_as_much_as_the_next_block_takes() -> None:
    now = playing(4)
    now.timeline.splice(Segment(0, 0.0, None, CONTROLS))
    jump = 8 * 60 / 128 * RATE  # nothing plays: no fallback
    beat = (round(jump) // BLOCK_SAMPLES * BLOCK_SAMPLES - FADE) / RATE * 128 / 60  # the very end of a block
    now = dataclasses.replace(now, change=change(now, jump=beat))
    made = []
    with ThreadPoolExecutor(1) as pool:
        while not isinstance(step := next_step(now), Splice):
            if isinstance(step, Adjust):
                now = dataclasses.replace(now, change=step.change)
            else:
                assert isinstance(step, Make)
                step.render.make(step.block, pool)
                made.append(step.block)
    until = step.segments[0].made_until(step.segments[0].start)
    assert until is not None and until > now.cursor + 0.05 * RATE + FADE


def test_notes_are_waited_for_while_what_is_heard_lasts() -> None:
    now = playing(4)
    waiting = change(now, ready=False)
    assert next_step(dataclasses.replace(now, change=waiting)) == Await()
    assert isinstance(next_step(dataclasses.replace(playing(2), change=waiting)), Make)


def test_a_stop_is_heard_at_once() -> None:
    now = playing(4)
    stop = Change((Move.of("stop"),), Transition(CONTROLS, False, None), None)
    step = next_step(dataclasses.replace(now, change=stop))
    assert isinstance(step, Splice) and step.segments[0].render is None and step.segments[0].start == FADE


def test_nothing_that_is_planned_is_passed_over_by_a_later_change() -> None:
    now = playing(4)
    now.timeline.splice(Segment(9000, now.timeline.beat_at(9000), render(4, MOVED), MOVED, BATCH.moves))
    stop = Change((Move.of("stop"),), Transition(MOVED, False, None), None)
    step = next_step(dataclasses.replace(now, change=stop))
    assert isinstance(step, Splice) and step.segments[0].start > 9000


@pytest.mark.parametrize(("quantize", "lands"), [("now", None), ("beat", 1.0), ("bar", 4.0), ("phrase", 64.0)])
def test_moves_land_on_the_grid(quantize: str, lands: float | None) -> None:
    landing = landing_of(playing(4), dataclasses.replace(BATCH, quantize=quantize))
    assert (None if landing is None else landing.beat) == lands
    assert landing_of(playing(4), dataclasses.replace(BATCH, quantize=quantize, urgent=True)) is None


def test_what_lands_on_the_grid_is_made_a_second_before() -> None:
    landing = Landing(8.0, BATCH.moves)
    begin = round((8.0 * 60 / 128 - 1.2) * RATE)
    assert not isinstance(next_step(dataclasses.replace(playing(20), landings=(landing,), cursor=begin)), Land)
    begin += round(0.2 * RATE)
    assert next_step(dataclasses.replace(playing(20), landings=(landing,), cursor=begin)) == Land(landing, ())


def test_what_lands_behind_the_end_of_the_loop_lands_there_before_the_jump() -> None:
    now = playing(20, landings=(Landing(8.0, BATCH.moves),), loop=(4.0, 6.0), jump=JUMP)
    now = dataclasses.replace(now, cursor=round(5.0 * 60 / 128 * RATE))
    assert next_step(now) == Land(Landing(6.0, BATCH.moves + JUMP), ())


def test_a_loop_that_was_set_behind_what_is_heard_is_no_reason_to_jump() -> None:
    late = round(7.0 * 60 / 128 * RATE)
    now = dataclasses.replace(playing(20, loop=(4.0, 6.0), jump=JUMP), cursor=late)
    assert isinstance(next_step(now), Land), "it was missed"
    assert not isinstance(next_step(dataclasses.replace(now, loop_since=late)), Land)


def test_a_splice_waits_for_the_border_of_a_block_that_its_fade_would_cross() -> None:
    song = render(2)
    for fade_begin in range(BLOCK_SAMPLES - 3 * FADE, BLOCK_SAMPLES + FADE, 97):
        meant = Segment(fade_begin + FADE, song.beat_at(fade_begin + FADE), song, CONTROLS)
        late = past_border(meant)
        assert 0 <= late < 2 * FADE
        first = meant.song_sample(meant.start - FADE) + late
        assert song.block_at(first) == song.block_at(first + 2 * FADE - 1)
        assert not late or first % BLOCK_SAMPLES == 0


def test_a_pool_that_yields_begins_nothing_once_something_is_urgent() -> None:
    begun: list[int] = []
    with ThreadPoolExecutor(1) as pool, pytest.raises(MoveWaitsError):
        list(YieldingPool(pool, lambda: len(begun) == 2).map(begun.append, range(4)))
    assert begun == [0, 1]


def test_the_longest_block_is_forgotten_slowly() -> None:
    meter = LoadMeter()
    meter.made(0.4)
    for _ in range(10):
        meter.made(0.1)
    assert 0.2 < meter.costs.longest_seconds < 0.3
    for _ in range(100):
        meter.made(0.1)
    assert meter.costs.longest_seconds == 0.1

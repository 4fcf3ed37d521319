"""The timeline: what is heard at every sample of the stream, with crossfades at splices and nothing lost."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from musika_daw.engine.live.plan.render import BLOCK_SAMPLES, Render, Stems
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import FADE, Timeline
from musika_daw.engine.own.model import OwnModel
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import STEMS

from ..conftest import song

SIZE = BLOCK_SAMPLES
CONTROLS = song("tiny")


@pytest.fixture(scope="module")
def model(tiny_networks: Networks) -> OwnModel:
    return OwnModel(tiny_networks)


@pytest.fixture(scope="module")
def made(model: OwnModel) -> dict[str, Render]:
    """Two renders with blocks 0 to 3."""
    renders = {"old": Render(CONTROLS, model)}
    renders["new"] = Render(song("tiny", density=0.3, morph=(1.0, 0.0)), model)
    with ThreadPoolExecutor(2) as pool:
        for render in renders.values():
            for block in range(4):
                render.make(block, pool)
    return renders


def segment(start: int, beat: float, render: Render | None, fallback: bool = False) -> Segment:
    return Segment(start, beat, render, render.controls if render else CONTROLS, fallback=fallback)


def read(timeline: Timeline, first: int, end: int) -> Stems:
    stems = timeline.read(first, end)
    assert stems is not None
    return stems


def test_a_segment_plays_its_version_from_its_song_position(made: dict[str, Render]) -> None:
    timeline = Timeline(segment(1000, 0.0, made["old"]), STEMS)
    heard = read(timeline, 2000, 9000)
    alone = made["old"].read(1000, 8000)
    assert alone is not None
    for stem in STEMS:
        assert np.array_equal(heard[stem], alone[stem])


def test_a_splice_crosses_over_and_is_whole_where_it_starts(made: dict[str, Render]) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    at = 30_000
    timeline.splice(segment(at, timeline.beat_at(at), made["new"]))
    heard = read(timeline, at - 2 * FADE, at + FADE)
    old, new = made["old"].read(at - 2 * FADE, at + FADE), made["new"].read(at - 2 * FADE, at + FADE)
    assert old is not None and new is not None
    for stem in STEMS:
        assert np.array_equal(heard[stem][:, :FADE], old[stem][:, :FADE])
        assert np.array_equal(heard[stem][:, 2 * FADE :], new[stem][:, 2 * FADE :])
        low = np.minimum(old[stem], new[stem])[:, FADE : 2 * FADE] - 1e-6
        high = np.maximum(old[stem], new[stem])[:, FADE : 2 * FADE] + 1e-6
        assert np.all((heard[stem][:, FADE : 2 * FADE] >= low) & (heard[stem][:, FADE : 2 * FADE] <= high))


def test_however_it_is_read_the_same_is_heard(made: dict[str, Render]) -> None:
    timeline = Timeline(segment(0, 0.0, None), STEMS)
    timeline.splice(segment(5000, 0.0, made["old"]))
    timeline.splice(segment(9000, timeline.beat_at(9000), made["new"]))
    timeline.splice(segment(9300, 2.0, made["old"]))  # begins to be heard before the one before is whole
    timeline.splice(segment(20_000, 3.0, None))
    whole = read(timeline, 0, 24_000)
    for size in (1, 300, 512, 1024) if len(whole) else ():
        first = 8000 if size == 1 else 0
        end = 9500 if size == 1 else 24_000
        parts = [read(timeline, at, min(at + size, end)) for at in range(first, end, size)]
        for stem in STEMS:
            joined = np.concatenate([part[stem] for part in parts], 1)
            np.testing.assert_allclose(joined, whole[stem][:, first:end], atol=1e-7)
    assert not whole["drums"][:, :4000].any() and not whole["drums"][:, 20_000:].any()


def test_tempo_changes_keep_the_song_position(made: dict[str, Render], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    at = 50_001
    beat = timeline.beat_at(at)
    faster = Render(song("tiny", tempo=140.0), model)
    timeline.splice(segment(at, beat, faster))
    assert timeline.beat_at(at) == pytest.approx(beat, abs=140 / 60 / 44100)
    assert timeline.beat_at(at + 44100) == pytest.approx(beat + 140 / 60, abs=1e-4)


def test_the_gap_is_the_first_sample_that_is_not_made(made: dict[str, Render]) -> None:
    timeline = Timeline(segment(100, 0.0, made["old"]), STEMS)
    found = timeline.gap(200)
    assert found is not None and found[1] == 100 + 4 * SIZE
    assert timeline.read(100 + 4 * SIZE - 10, 100 + 4 * SIZE + 1) is None
    timeline.splice(segment(3000, 1.0, None))
    assert timeline.gap(200) is None


def test_the_gap_of_a_fade_comes_before_a_later_one_under_it(made: dict[str, Render], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    unmade = Render(song("tiny", density=0.5), model)
    start = 4 * SIZE + 200
    timeline.splice(segment(start, timeline.beat_at(start), unmade))
    assert timeline.gap(0) == (timeline.segments[1], start - FADE)


def test_a_spare_stands_in_until_the_block_is_made(made: dict[str, Render], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    late = Render(song("tiny", density=0.5), model)
    with ThreadPoolExecutor(2) as pool:
        late.make(0, pool)
        timeline.splice(segment(FADE, timeline.beat_at(FADE), late))
        timeline.splice(segment(SIZE, timeline.beat_at(SIZE), made["old"], fallback=True))
        assert timeline.gap(FADE, fallbacks=True) == (timeline.segments[-1], 4 * SIZE)
        found = timeline.gap(FADE, fallbacks=False)
        assert found is not None and found[0].render is late and found[1] == SIZE
        assert timeline.meant_at(SIZE + 10).render is late and timeline.at(SIZE + 10).render is made["old"]
        late.make(1, pool)
    timeline.prolong(2 * SIZE)
    assert timeline.at(SIZE + 10).render is late and timeline.at(2 * SIZE).fallback
    timeline.prolong(4 * SIZE)
    assert not timeline.segments[-1].fallback


def test_what_was_played_is_let_go(model: OwnModel) -> None:
    render = Render(CONTROLS, model)
    with ThreadPoolExecutor(2) as pool:
        for block in range(3):
            render.make(block, pool)
    timeline = Timeline(segment(0, 0.0, None), STEMS)
    timeline.splice(segment(0, 0.0, render))
    timeline.forget(2 * SIZE + 5000)
    assert [render.has(block) for block in range(3)] == [False, False, True]


def test_blocks_that_a_loop_comes_back_to_are_kept(model: OwnModel) -> None:
    render = Render(CONTROLS, model)
    with ThreadPoolExecutor(2) as pool:
        for block in range(3):
            render.make(block, pool)
    timeline = Timeline(segment(0, 0.0, render), STEMS)
    timeline.splice(segment(3 * SIZE, 0.0, render))
    timeline.forget(2 * SIZE + 5000)
    assert [render.has(block) for block in range(3)] == [True, True, True]


def test_what_is_planned_is_kept_though_a_spare_stands_in(model: OwnModel) -> None:
    """Blocks are made where the planned render can be heard again; gone at once, it never would be."""
    old, late = Render(CONTROLS, model), Render(song("tiny", density=0.5), model)
    with ThreadPoolExecutor(2) as pool:
        late.make(0, pool)
        late.make(3, pool)
        for block in range(2):
            old.make(block, pool)
    timeline = Timeline(segment(0, 0.0, late), STEMS)
    timeline.splice(segment(SIZE, timeline.beat_at(SIZE), old, fallback=True))
    timeline.forget(SIZE - 100)
    assert late.has(3)
    timeline.forget(SIZE + 5000)
    assert late.has(3) and old.has(1)


def test_a_render_that_was_played_keeps_nothing_that_can_be_made_again(model: OwnModel) -> None:
    old, new = Render(CONTROLS, model), Render(song("tiny", density=0.5), model)
    played = weakref.ref(old.song)
    with ThreadPoolExecutor(2) as pool:
        old.make(0, pool)
    remembered = segment(0, 0.0, old)
    timeline = Timeline(remembered, STEMS)
    timeline.splice(segment(SIZE, timeline.beat_at(SIZE), new))
    before = old.song.notes("bass", 0.0, 8.0)
    timeline.forget(2 * SIZE)
    assert not old.has(0) and played() is None
    assert remembered.beat_at(SIZE) == timeline.segments[0].beat and old.song.notes("bass", 0.0, 8.0) == before

"""The timeline: what is heard at every sample of the stream, with crossfades at splices and nothing lost."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.timeline import FADE, Segment, Timeline
from musika_daw.engine.live.version import BLOCK_SAMPLES, Stems, Version
from musika_daw.engine.own_model import OwnModel
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import STEMS

SIZE = BLOCK_SAMPLES
CONTROLS = Controls("tiny", 7, 128.0, 0.8, 0.5, 0.15, ("warehouse", "fathom", "tunnel", "pebble"))


@pytest.fixture(scope="module")
def model(tiny_networks: Networks) -> OwnModel:
    return OwnModel(tiny_networks)


@pytest.fixture(scope="module")
def made(model: OwnModel) -> dict[str, Version]:
    """Two versions with blocks 0 to 3."""
    versions = {"old": Version(CONTROLS, model)}
    versions["new"] = Version(dataclasses.replace(CONTROLS, density=0.3, morph=(1.0, 0.0)), model)
    with ThreadPoolExecutor(2) as pool:
        for version in versions.values():
            for block in range(4):
                version.make(block, pool)
    return versions


def segment(start: int, beat: float, version: Version | None, spare: bool = False) -> Segment:
    return Segment(start, beat, version, version.controls if version else CONTROLS, spare=spare)


def read(timeline: Timeline, first: int, end: int) -> Stems:
    stems = timeline.read(first, end)
    assert stems is not None
    return stems


def test_a_segment_plays_its_version_from_its_song_position(made: dict[str, Version]) -> None:
    timeline = Timeline(segment(1000, 0.0, made["old"]), STEMS)
    heard = read(timeline, 2000, 9000)
    alone = made["old"].read(1000, 8000)
    assert alone is not None
    for stem in STEMS:
        assert np.array_equal(heard[stem], alone[stem])


def test_a_splice_crosses_over_and_is_whole_where_it_starts(made: dict[str, Version]) -> None:
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


def test_however_it_is_read_the_same_is_heard(made: dict[str, Version]) -> None:
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


def test_tempo_changes_keep_the_song_position(made: dict[str, Version], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    at = 50_001
    beat = timeline.beat_at(at)
    faster = Version(dataclasses.replace(CONTROLS, bpm=140.0), model)
    timeline.splice(segment(at, beat, faster))
    assert timeline.beat_at(at) == pytest.approx(beat, abs=140 / 60 / 44100)
    assert timeline.beat_at(at + 44100) == pytest.approx(beat + 140 / 60, abs=1e-4)


def test_the_gap_is_the_first_sample_that_is_not_made(made: dict[str, Version]) -> None:
    timeline = Timeline(segment(100, 0.0, made["old"]), STEMS)
    found = timeline.gap(200)
    assert found is not None and found[1] == 100 + 4 * SIZE
    assert timeline.read(100 + 4 * SIZE - 10, 100 + 4 * SIZE + 1) is None
    timeline.splice(segment(3000, 1.0, None))
    assert timeline.gap(200) is None


def test_the_gap_of_a_fade_comes_before_a_later_one_under_it(made: dict[str, Version], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    unmade = Version(dataclasses.replace(CONTROLS, density=0.5), model)
    start = 4 * SIZE + 200
    timeline.splice(segment(start, timeline.beat_at(start), unmade))
    assert timeline.gap(0) == (timeline.segments[1], start - FADE)


def test_a_spare_stands_in_until_the_block_is_made(made: dict[str, Version], model: OwnModel) -> None:
    timeline = Timeline(segment(0, 0.0, made["old"]), STEMS)
    late = Version(dataclasses.replace(CONTROLS, density=0.5), model)
    with ThreadPoolExecutor(2) as pool:
        late.make(0, pool)
        timeline.splice(segment(FADE, timeline.beat_at(FADE), late))
        timeline.splice(segment(SIZE, timeline.beat_at(SIZE), made["old"], spare=True))
        assert timeline.gap(FADE, spares=True) == (timeline.segments[-1], 4 * SIZE)
        found = timeline.gap(FADE, spares=False)
        assert found is not None and found[0].version is late and found[1] == SIZE
        assert timeline.meant_at(SIZE + 10).version is late and timeline.at(SIZE + 10).version is made["old"]
        late.make(1, pool)
    timeline.prolong(2 * SIZE)
    assert timeline.at(SIZE + 10).version is late and timeline.at(2 * SIZE).spare
    timeline.prolong(4 * SIZE)
    assert not timeline.segments[-1].spare


def test_what_was_played_is_let_go(model: OwnModel) -> None:
    version = Version(CONTROLS, model)
    with ThreadPoolExecutor(2) as pool:
        for block in range(3):
            version.make(block, pool)
    timeline = Timeline(segment(0, 0.0, None), STEMS)
    timeline.splice(segment(0, 0.0, version))
    timeline.forget(2 * SIZE + 5000)
    assert [version.has(block) for block in range(3)] == [False, False, True]


def test_blocks_that_a_loop_comes_back_to_are_kept(model: OwnModel) -> None:
    version = Version(CONTROLS, model)
    with ThreadPoolExecutor(2) as pool:
        for block in range(3):
            version.make(block, pool)
    timeline = Timeline(segment(0, 0.0, version), STEMS)
    timeline.splice(segment(3 * SIZE, 0.0, version))
    timeline.forget(2 * SIZE + 5000)
    assert [version.has(block) for block in range(3)] == [True, True, True]


def test_what_is_planned_is_kept_though_a_spare_stands_in(model: OwnModel) -> None:
    """Blocks are made where the planned version can be heard again; gone at once, it never would be."""
    old, late = Version(CONTROLS, model), Version(dataclasses.replace(CONTROLS, density=0.5), model)
    with ThreadPoolExecutor(2) as pool:
        late.make(0, pool)
        late.make(3, pool)
        for block in range(2):
            old.make(block, pool)
    timeline = Timeline(segment(0, 0.0, late), STEMS)
    timeline.splice(segment(SIZE, timeline.beat_at(SIZE), old, spare=True))
    timeline.forget(SIZE - 100)
    assert late.has(3)
    timeline.forget(SIZE + 5000)
    assert late.has(3) and old.has(1)

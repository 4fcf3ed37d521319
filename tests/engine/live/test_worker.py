"""The worker's rules, one by one, on a worker whose thread does not run."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.moves import Move
from musika_daw.engine.live.shared import Batch, Shared
from musika_daw.engine.live.timeline import FADE, Segment, Timeline
from musika_daw.engine.live.version import BLOCK_SAMPLES, Version
from musika_daw.engine.live.worker import Worker, past_border
from musika_daw.engine.live.yielding import MoveWaitsError, YieldingPool
from musika_daw.engine.own_model import OwnModel
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import STEMS

CONTROLS = Controls("tiny", 7, 128.0, 0.8, 0.5, 0.15, ("warehouse", "fathom", "tunnel", "pebble"))
RATE = 44100


@pytest.fixture(scope="module")
def model(tiny_networks: Networks) -> OwnModel:
    return OwnModel(tiny_networks)


@pytest.fixture
def shared(model: OwnModel) -> Shared:
    """Two blocks of a song are made, and the first is being heard."""
    version = Version(CONTROLS, model)
    with ThreadPoolExecutor(2) as pool:
        for block in range(2):
            version.make(block, pool)
    return Shared(Timeline(Segment(0, 0.0, version, CONTROLS), STEMS), RATE)


@pytest.fixture
def worker(shared: Shared, model: OwnModel) -> Iterator[Worker]:
    worker = Worker(shared, {"tiny": model})
    yield worker
    shared.quitting = True
    worker.start()
    worker.join()


def made_until(shared: Shared) -> int:
    gap = shared.timeline.gap(shared.cursor)
    assert gap is not None
    return gap[1]


def test_a_pool_that_yields_begins_nothing_once_something_is_urgent() -> None:
    begun: list[int] = []
    with ThreadPoolExecutor(1) as pool, pytest.raises(MoveWaitsError):
        list(YieldingPool(pool, lambda: len(begun) == 2).map(begun.append, range(4)))
    assert begun == [0, 1]


def test_look_ahead_is_given_up_for_a_move_and_made_up_for(shared: Shared, worker: Worker) -> None:
    before = made_until(shared)
    shared.batches.append(Batch((Move("/musika/density", (0.2,)),), "now", 0.0))
    with pytest.raises(MoveWaitsError):
        worker._extend(worker._patient_pool)
    assert made_until(shared) == before
    shared.batches.clear()
    worker._extend(worker._patient_pool)
    assert made_until(shared) == before + BLOCK_SAMPLES


def test_a_spare_that_is_heard_is_made_to_last_before_the_newer_version_is_made(
    shared: Shared, worker: Worker, model: OwnModel
) -> None:
    moved = dataclasses.replace(CONTROLS, density=0.3)
    old, new = shared.timeline.segments[0].version, Version(moved, model)
    assert old is not None
    start = BLOCK_SAMPLES // 2
    beat = shared.timeline.beat_at(start)
    shared.timeline.splice(Segment(start, beat, new, moved), Segment(start, beat, old, CONTROLS, spare=True))
    shared.cursor = BLOCK_SAMPLES
    shared.meter.made(0.3)
    worker._secure()
    assert made_until(shared) >= shared.cursor + round(0.6 * RATE)
    assert old.has(2) and not any(new.has(block) for block in range(5))
    shared.cursor = 2 * BLOCK_SAMPLES
    worker._extend()
    assert old.has(3) and any(new.has(block) for block in range(5))


def test_what_comes_too_late_is_not_made_up_for(shared: Shared, worker: Worker) -> None:
    version = shared.timeline.segments[0].version
    assert version is not None
    shared.cursor = 2 * BLOCK_SAMPLES
    shared.meter.made(0.3)
    worker._secure()  # comes back, though nothing can be read at the cursor
    assert sum(version.has(block) for block in range(2, 9)) == 1


@pytest.mark.parametrize("slow", [False, True])
def test_moves_wait_for_more_to_be_made_ahead_while_blocks_are_slow(shared: Shared, worker: Worker, slow: bool) -> None:
    worker._extend()
    before = made_until(shared)
    assert RATE < before < 1.2 * RATE
    shared.meter.longest_seconds = 0.3 if slow else 0.05
    shared.batches.append(Batch((Move("/musika/density", (0.2,)),), "now", 0.0))
    assert worker._turn() and bool(shared.batches) == slow
    assert (made_until(shared) > before) == slow


def test_a_splice_waits_for_the_border_of_a_block_that_its_fade_would_cross(shared: Shared) -> None:
    version = shared.timeline.segments[0].version
    assert version is not None
    for fade_begin in range(BLOCK_SAMPLES - 3 * FADE, BLOCK_SAMPLES + FADE, 97):
        meant = Segment(fade_begin + FADE, version.beat_at(fade_begin + FADE), version, CONTROLS)
        late = past_border(meant)
        assert 0 <= late < 2 * FADE
        first = meant.song_sample(meant.start - FADE) + late
        assert version.block_at(first) == version.block_at(first + 2 * FADE - 1)
        assert not late or first % BLOCK_SAMPLES == 0


def test_the_longest_block_is_forgotten_slowly(shared: Shared) -> None:
    meter = shared.meter
    meter.made(0.4)
    for _ in range(10):
        meter.made(0.1)
    assert 0.2 < meter.longest_seconds < 0.3
    for _ in range(100):
        meter.made(0.1)
    assert meter.longest_seconds == 0.1

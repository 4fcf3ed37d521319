"""When a sample is heard, told from blocks that are taken late now and then."""

from __future__ import annotations

import random

import pytest

from musika_daw.engine.live.plan.stream_clock import StreamClock

RATE, BLOCK, LATENCY = 44100, 512, 0.05


def test_late_blocks_do_not_move_what_is_heard() -> None:
    rng, pace = random.Random(1), StreamClock(RATE)
    for block in range(400):
        pace.take(block * BLOCK, 100.0 + LATENCY + block * BLOCK / RATE + rng.uniform(0.0, 0.011))
    for stream in (150_000, 204_800, 210_000):
        assert pace.heard_at(stream) == pytest.approx(100.0 + LATENCY + stream / RATE, abs=5e-4)
        assert abs(pace.stream_at(pace.heard_at(stream)) - stream) <= 1


def test_a_bus_that_stood_still_is_later_from_then_on() -> None:
    pace = StreamClock(RATE)
    for block in range(400):
        pace.take(block * BLOCK, 100.0 + LATENCY + block * BLOCK / RATE + (0.2 if block >= 200 else 0.0))
    assert pace.heard_at(400 * BLOCK) == pytest.approx(100.2 + LATENCY + 400 * BLOCK / RATE)


def test_before_anything_is_heard_it_is_the_first_sample() -> None:
    pace = StreamClock(RATE)
    pace.take(0, 100.0 + LATENCY)
    assert pace.stream_at(99.0) == 0 == pace.stream_at(100.0 + LATENCY)

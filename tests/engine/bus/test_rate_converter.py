"""Resampling in blocks: no seams, no bursts, a delay that is known."""

import numpy as np
import pytest

from musika_daw.engine.bus.bus import SAMPLE_RATE
from musika_daw.engine.bus.rate_converter import converter

RATES = (32000, 48000, 88200, 96000, 192000)


@pytest.mark.parametrize("rate", RATES)
def test_a_sine_comes_out_whole_and_as_late_as_told(rate: int) -> None:
    convert = converter(rate, 3)
    frequency = 997.0
    time_in = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    sine = (0.5 * np.sin(2 * np.pi * frequency * time_in)).astype(np.float32)
    frames = np.stack([sine, -sine, np.zeros_like(sine)], axis=1)
    blocks = [convert.process(frames[start : start + 512]) for start in range(0, len(frames), 512)]
    out = np.concatenate(blocks)
    time_out = np.arange(len(out)) / rate - convert.latency_seconds
    middle = slice(rate // 10, len(out) - rate // 10)
    turns = 2 * np.pi * frequency * time_out[middle]
    (in_phase, across), *_ = np.linalg.lstsq(np.stack([np.sin(turns), np.cos(turns)], 1), out[middle, 0])
    fitted = in_phase * np.sin(turns) + across * np.cos(turns)
    assert np.abs(out[middle, 0] - fitted).max() < 1e-4, "a seam"
    assert abs(np.arctan2(across, in_phase)) < 2 * 2 * np.pi * frequency / rate, "off by more than two frames"
    assert np.hypot(in_phase, across) == pytest.approx(0.5, abs=1e-3)
    np.testing.assert_array_equal(out[:, 1], -out[:, 0])
    assert not out[:, 2].any()


@pytest.mark.parametrize("rate", RATES)
def test_every_block_comes_out_at_its_length(rate: int) -> None:
    convert = converter(rate, 2)
    lengths = [len(convert.process(np.zeros((512, 2), np.float32))) for _ in range(300)]
    exact = 512 * rate / SAMPLE_RATE
    assert max(lengths) - min(lengths) <= 2
    assert sum(lengths) == pytest.approx(300 * exact, abs=2)


def test_the_same_rate_passes_untouched() -> None:
    convert = converter(SAMPLE_RATE, 2)
    frames = np.ones((5, 2), np.float32)
    assert convert.process(frames) is frames
    assert convert.latency_seconds == 0.0

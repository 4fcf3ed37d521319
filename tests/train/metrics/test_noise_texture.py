"""The measures of noise hear a comb, a ripple and a slow stroke, and leave noise alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.train.metrics.noise_texture import _rise, envelope_line_db, noise_texture, repeats, rise_ms

SECONDS = 4
N = SECONDS * 44100


def _noise(seed: int = 0) -> NDArray[np.float64]:
    return 0.1 * np.random.default_rng(seed).standard_normal(N)


def _strokes(rise_seconds: float) -> NDArray[np.float64]:
    t = np.arange(11025) / 44100
    envelope = np.minimum(1, t / rise_seconds) * np.exp(-t / 0.05)
    return _noise() * np.tile(envelope, N // 11025)


def test_noise_neither_repeats_nor_ripples() -> None:
    figures = noise_texture(np.stack([_noise(), _noise()]).astype(np.float32))
    assert abs(figures.repeats) < 0.03 and abs(figures.hop_line_db) < 7
    assert figures.flatness_db == pytest.approx(-2.5, abs=0.3)
    assert figures.grain_db == pytest.approx(7.9, abs=0.3)


def test_a_comb_repeats() -> None:
    assert repeats(np.resize(_noise()[:768], N)) == pytest.approx(1.0, abs=0.02)
    assert abs(repeats(np.resize(_noise()[:700], N))) < 0.2
    assert np.isnan(repeats(np.zeros(N)))


def test_a_ripple_at_the_hop_is_a_line() -> None:
    ripple = 1 + 0.2 * np.sin(2 * np.pi * 44100 / 256 * np.arange(N) / 44100)
    assert envelope_line_db(_noise() * ripple) > 12
    assert envelope_line_db(_noise() * (1 + 0.2 * np.sin(2 * np.pi * 150 * np.arange(N) / 44100))) < 7
    assert np.isnan(envelope_line_db(np.zeros(N)))


@pytest.mark.parametrize("rise", [0.002, 0.008, 0.015])
def test_slow_strokes_rise_slowly(rise: float) -> None:
    assert rise_ms(_strokes(rise)) == pytest.approx(0.8e3 * rise, abs=2.5)


def test_what_only_falls_has_no_rise() -> None:
    assert _rise(np.linspace(1.0, 0.0, 50)) is None and _rise(np.full(50, 0.3)) is None
    assert _rise(np.concatenate([np.linspace(0.0, 1.0, 101), np.linspace(1.0, 0.0, 50)])) == pytest.approx(
        14.5, abs=0.2
    )


def test_metal_is_not_flat() -> None:
    t = np.arange(N) / 44100
    metal = sum(0.02 * np.sin(2 * np.pi * f * t) for f in np.linspace(5100, 15900, 23) + 13 * np.arange(23) % 7)
    figures = noise_texture(np.stack([metal, metal]).astype(np.float32))
    assert figures.flatness_db < -10
    silent = noise_texture(np.zeros((2, N), np.float32))
    assert np.isnan(silent.repeats) and np.isnan(silent.rise_ms)

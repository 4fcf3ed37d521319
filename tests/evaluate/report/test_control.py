"""Density and tempo heard in sounds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.evaluate.report.control import (
    beats_against,
    density_scale,
    onset_rates,
    random_walk,
    rank_correlation,
)

RATE = 44100


def clicks(times: np.ndarray, seconds: float) -> np.ndarray:
    audio = np.zeros((2, round(seconds * RATE)), np.float32)
    burst = np.exp(-np.arange(2000) / 300) * np.sin(2 * np.pi * 150 * np.arange(2000) / RATE)
    for at in np.round(times * RATE).astype(int):
        audio[:, at : at + 2000] += burst[: audio.shape[1] - at].astype(np.float32)
    return audio


def test_onset_rates_count_onsets_a_second() -> None:
    at, rates = onset_rates(clicks(np.arange(0.1, 11.9, 0.25), 12.0), 0.1)
    assert len(at) == len(rates) == 120
    assert rates[20:100] == pytest.approx(4, rel=0.1)
    scale = density_scale([rates, np.full(100, 8.0)])
    assert 0 < float(scale.density(np.array([6.0]))[0]) < 1


@pytest.mark.parametrize("bpm", [100.0, 128.0])
def test_beats_on_the_grid_are_found_there(bpm: float) -> None:
    heard, error = beats_against(clicks(np.arange(0, 15.5, 60 / bpm), 16.0), bpm)
    assert heard == pytest.approx(bpm, rel=0.005) and error < 6
    _, late = beats_against(clicks(np.arange(0.03, 15.5, 60 / bpm), 16.0), bpm)
    assert late == pytest.approx(30, abs=6)


def test_silence_has_no_beat() -> None:
    assert np.isnan(beats_against(np.zeros((2, 12 * RATE), np.float32), 120.0)).all()


def test_a_walk_stays_between_its_ends_and_moves() -> None:
    walks = np.stack([random_walk(seed, 60) for seed in range(20)])
    assert ((walks >= 0) & (walks <= 1)).all()
    assert (walks.std(1) > 0.05).all() and np.abs(np.diff(walks)).max() < 0.9


def test_what_never_changes_has_no_rank() -> None:
    assert rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1, 5, 9])) == pytest.approx(1)
    assert np.isnan(rank_correlation(np.array([1.0, 1.0]), np.array([1, 2])))

"""Beats that are there are found, to the millisecond; where there are none, the tracker says so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.analysis.beat_tracking import CLEAR, HOP, Values, find_beats, track_beats
from musika_daw.analysis.beat_tracking import onset_envelope as envelope_of_rises
from musika_daw.analysis.onsets import band_rises
from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio
from tests.support.beaten import beaten


def onset_envelope(audio: Audio) -> Values:
    return envelope_of_rises(band_rises(audio))


def _wandering(bpm: float, share: float, length: float) -> NDArray[np.float64]:
    """Beats whose tempo goes up and down by a share, once in 11 seconds."""
    beats = [0.1]
    while beats[-1] < length:
        beats.append(beats[-1] + 60 / (bpm * (1 + share * np.sin(2 * np.pi * beats[-1] / 11))))
    return np.array(beats[:-1])


@pytest.mark.parametrize("bpm", [84.0, 100.0, 126.3, 150.0])
def test_tempo_and_beats_of_steady_music(bpm: float) -> None:
    beats = np.arange(0.2, 24, 60 / bpm)
    envelope = onset_envelope(beaten(beats, 24))
    pulse = find_beats(envelope)
    assert pulse.bpm == pytest.approx(bpm, rel=0.002) and pulse.confidence > 0.7
    found = track_beats(envelope, 60 / pulse.bpm).seconds
    errors = np.array([np.abs(found - beat).min() for beat in beats[1:-1]])
    assert np.median(errors) < 0.006 and errors.max() < 0.015


def test_beats_of_a_wandering_tempo() -> None:
    beats = _wandering(126, 0.05, 24)
    envelope = onset_envelope(beaten(beats, 24))
    found = track_beats(envelope, 60 / find_beats(envelope).bpm, 0.1)
    errors = np.array([np.abs(found.seconds - beat).min() for beat in beats[1:-1]])
    assert np.median(errors) < 0.008 and found.confidence > CLEAR


def test_missing_kicks_are_bridged() -> None:
    beats = np.arange(0.2, 24, 0.5)
    heard = np.delete(beats, [10, 11, 20, 33])
    found = track_beats(onset_envelope(beaten(heard, 24)), 0.5).seconds
    assert max(np.abs(found - beat).min() for beat in beats[1:-1]) < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_no_beat_is_not_called_clear(seed: int) -> None:
    random = np.random.default_rng(seed)
    noise = (0.1 * random.standard_normal((2, 24 * RATE))).astype(np.float32)
    scattered = beaten(np.sort(random.uniform(0, 24, 60)), 24)
    glide = np.sin(np.cumsum(np.linspace(200, 400, 24 * RATE)) * 2 * np.pi / RATE).astype(np.float32)
    for sound in (noise, scattered, np.stack([glide, glide]), np.zeros((2, 24 * RATE), np.float32)):
        assert find_beats(onset_envelope(sound)).confidence < CLEAR


def test_an_onset_stands_at_its_sample() -> None:
    sound = np.zeros((2, RATE), np.float32)
    sound[:, 20_000:] = 0.3 * np.random.default_rng(1).standard_normal((2, RATE - 20_000))
    assert abs(int(onset_envelope(sound).argmax()) * HOP - 20_000) <= HOP

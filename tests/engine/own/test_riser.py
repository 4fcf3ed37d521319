"""The riser of a build: where it sounds, how it rises, and that it belongs to the song's place."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from musika_daw.engine.own.riser import riser
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.music.form import parse_form
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import TempoMap, constant_tempo

RATE, FRAME = 44100, 2048
BPM = 120.0
BAR = 2 * RATE


def score(form: str = "groove 1, build 4, drop 4", density: float = 0.6) -> Score:
    curves = {stem: constant(density) for stem in STEMS}
    made = Score(1, constant_tempo(BPM), StyleCurve(((0.0, "warehouse"),)), curves, curves)
    return dataclasses.replace(made, form=parse_form(form))


def rendered(of: Score, samples: int = 7 * BAR // FRAME * FRAME) -> np.ndarray:
    made = riser(of, 0, samples, RATE)
    assert made is not None
    return made


def centroid(x: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(x)) ** 2
    return float((spectrum * np.fft.rfftfreq(len(x), 1 / RATE)).sum() / spectrum.sum())


def test_it_rises_through_the_build_and_breaks_off_at_the_drop() -> None:
    audio = rendered(score())
    bars = [audio[0, bar * BAR : (bar + 1) * BAR] for bar in range(7)]
    levels = [10 * np.log10(np.mean(bar[: BAR - 64] ** 2) + 1e-12) for bar in bars]
    assert levels[0] < -100 and all(level < -100 for level in levels[6:])
    assert all(after > before + 4 for before, after in itertools.pairwise(levels[1:5]))
    assert -34 < levels[4] < -22
    heights = [centroid(bar) for bar in bars[1:5]]
    assert heights == sorted(heights) and heights[-1] > 6 * heights[0]
    assert not audio[:, 5 * BAR + 64 :].any(), "the drop begins without it"
    assert np.abs(audio).max() < 0.5


def test_both_sides_are_different_noise() -> None:
    left, right = rendered(score())[:, 4 * BAR : 5 * BAR]
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.1


@pytest.mark.parametrize("tempo", [constant_tempo(BPM), TempoMap(((0.0, 100.0), (24.0, 140.0)), ramps=True)])
def test_a_stretch_alone_is_that_of_the_whole(tempo: TempoMap) -> None:
    of = dataclasses.replace(score(), tempo_map=tempo)
    whole = rendered(of)
    for first, frames in ((70, 3), (150, 32), (200, 5)):
        part = riser(of, first * FRAME, frames * FRAME, RATE)
        assert part is not None
        assert np.array_equal(part, whole[:, first * FRAME : (first + frames) * FRAME])


def test_there_is_none_without_a_build_or_without_drums() -> None:
    length = 64 * FRAME
    assert riser(score("off"), 0, length, RATE) is None
    assert riser(score("drop 8, break 8"), 0, length, RATE) is None
    assert riser(score("build 8", density=0.0), 0, length, RATE) is None
    assert riser(score("groove 32, build 8"), 0, length, RATE) is None

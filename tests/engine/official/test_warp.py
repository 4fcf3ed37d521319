"""Beats land on those of the project, wherever they were; each section by itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard import time_stretch

from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.engine.official.rhythm import SECTION_BEATS, Rhythm
from musika_daw.engine.official.warp import FADE, warped
from musika_daw.engine.offline.renderer import stream_dry
from musika_daw.engine.own.song import Song
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.model.model_file import load_networks
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import TempoMap, constant_tempo
from musika_daw.train.metrics.kick_timing import kick_errors
from tests.support.beaten import beaten

from .conftest import Recorded

Audio = NDArray[np.float32]


def _errors(source: Audio, heard: Audio, tempo_map: TempoMap, sections: int) -> NDArray[np.float64]:
    """Seconds by which kicks miss the project's beats: beats are found in `source`, kicks are measured in `heard`."""
    rhythm = Rhythm(Recorded(source))
    errors = []
    for number in range(sections):
        first = number * SECTION_BEATS
        places = [tempo_map.sample_at(first + i, RATE) for i in range(SECTION_BEATS + 1)]
        section = rhythm.section(number, tempo_map.bpm_at(first))
        sound = warped(Recorded(heard), section, places)
        assert sound.shape == (2, places[-1] - places[0] + FADE)
        errors.append(kick_errors(sound, (np.array(places[:-1]) - places[0] + FADE) / RATE))
    return np.concatenate(errors)


@pytest.mark.parametrize(
    "tempo_map",
    [
        constant_tempo(120),
        constant_tempo(140),
        constant_tempo(100),
        TempoMap(((0.0, 115.0), (64.0, 135.0)), ramps=True),
    ],
)
def test_steady_beats_land_on_the_projects(tempo_map: TempoMap) -> None:
    sound = beaten(np.arange(0.2, 50, 60 / 126.3), 50)
    errors = _errors(sound, sound, tempo_map, 2)
    assert np.mean(np.isnan(errors)) < 0.05
    assert np.nanmedian(np.abs(errors)) < 0.015 and np.nanpercentile(np.abs(errors), 95) < 0.04


def test_half_and_double_tempo_are_the_same_beat() -> None:
    rhythm = Rhythm(Recorded(beaten(np.arange(0.2, 50, 60 / 126), 50)))
    assert rhythm.section(0, 63).bpm == pytest.approx(63, rel=0.01)
    assert rhythm.section(0, 126).bpm == pytest.approx(126, rel=0.01)


def test_a_section_needs_none_before_it() -> None:
    source = Recorded(beaten(np.arange(0.2, 60, 60 / 126.3), 60))
    alone, after = Rhythm(source), Rhythm(source)
    after.section(0, 120)
    assert np.array_equal(alone.section(2, 120).seconds, after.section(2, 120).seconds)


@pytest.mark.slow  # the shipped model plays for a minute
def test_the_shipped_model_at_another_tempo_lands_on_the_grid() -> None:
    """The whole mix is tracked, its drums are measured; once steady at 126.3 bpm, once wandering around that."""
    score = Score(
        5,
        constant_tempo(126.3),
        StyleCurve(((0.0, "warehouse"),)),
        {stem: constant(0.7) for stem in STEMS},
        {stem: constant(0.5) for stem in STEMS},
    )
    blocks = list(stream_dry(Song(load_networks("techno"), score), 0, 70 * RATE))
    stems = {stem: np.concatenate([block[stem] for block in blocks], 1) for stem in STEMS}
    mix, drums = np.sum(list(stems.values()), 0, dtype=np.float32), stems["drums"]
    wander = 1 + 0.04 * np.sin(2 * np.pi * np.arange(mix.shape[1]) / RATE / 23)
    for heard, tracked in (
        (drums, mix),
        tuple(time_stretch(sound, RATE, wander, high_quality=False) for sound in (drums, mix)),
    ):
        errors = _errors(tracked, heard, constant_tempo(120), 3)
        assert np.mean(np.isnan(errors)) < 0.15
        assert np.nanmedian(np.abs(errors)) < 0.025

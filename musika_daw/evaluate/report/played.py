"""Songs of a model, whatever its family: controls as the corpus draws them, or held at one value."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.spectra import Audio
from musika_daw.engine.offline.renderer import stream_dry
from musika_daw.engine.playable import PlayedModel, PlayedSong
from musika_daw.engine.score import Curve, Imported, Score, StyleCurve, constant
from musika_daw.evaluate.report.settings import SONG_SECONDS
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.model.model_file import FAMILY
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM, TempoMap
from musika_daw.train.corpus.controls import TrackControls, draw_controls, draw_tempo
from musika_daw.train.corpus.track import bars_for


def knows_density(model: PlayedModel) -> bool:
    """Whether it can be told how many notes to play."""
    return "density" in model.info.signals


def is_own(model: PlayedModel) -> bool:
    """Whether it makes stems of notes."""
    return model.info.family == FAMILY


def audio_of(song: PlayedSong, seconds: float) -> dict[str, Audio]:
    """The first seconds as the model makes them, without effects: stem -> `[2, samples]`."""
    blocks = list(stream_dry(song, 0, round(seconds * song.sample_rate)))
    return {stem: np.concatenate([block[stem] for block in blocks], 1) for stem in blocks[0]}


def play_songs(
    model: PlayedModel,
    count: int,
    seed: int,
    density: float | None = None,
    tempos: Sequence[float] = (),
) -> Iterator[Song]:
    """Songs of a set: seed, style, tempo, key, brightness and density drawn as the corpus draws them.

    Args:
        density: of all stems all the time, instead.
        tempos: to draw from instead.
    """
    for index in range(count):
        generator = np.random.default_rng([seed, 21, index])
        controls = draw_controls(generator, bars_for(SONG_SECONDS))
        tempo = draw_tempo(generator, float(controls.density.shape[1] * BEATS_PER_BAR))
        if tempos:
            tempo = TempoMap(((0.0, float(np.clip(generator.choice(tempos), MIN_BPM, MAX_BPM))),))
        style, number = int(generator.integers(1 << 30)), int(generator.integers(1 << 30))
        score = make_score(model, number, style, tempo, controls, density)
        yield make_song(audio_of(model.song(score), SONG_SECONDS))


def make_score(
    model: PlayedModel, seed: int, style: int, tempo: TempoMap, controls: TrackControls, density: float | None
) -> Score:
    """A score with the corpus's kind of controls. Imported models play at their own pace: nothing is stretched."""
    rows = itertools.cycle(controls.density)
    densities = {
        stem: _held(row) if density is None else constant(density)
        for stem, row in zip(model.info.stems, rows, strict=False)
    }
    brightness = {stem: _held(row, ramps=True) for stem, row in zip(STEMS, controls.brightness, strict=True)}
    return Score(
        seed,
        tempo,
        StyleCurve(((0.0, str(style)),)),
        densities,
        brightness,
        stems=model.info.stems,
        imported=Imported(warp=False),
    )


def _held(values: NDArray[np.float64], ramps: bool = False) -> Curve:
    """Values at bar lines as a curve."""
    return Curve(tuple((float(bar * BEATS_PER_BAR), float(value)) for bar, value in enumerate(values)), ramps)

"""Whether the music does as it is told: density and tempo asked for against those heard, as in figure 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.stats import spearmanr

from musika_daw.analysis.beat_tracking import find_beats, onset_envelope
from musika_daw.analysis.onsets import band_rises, find_notes
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.score import Curve, Score, StyleCurve, constant
from musika_daw.evaluate.report.played import audio_of, is_own
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.labels import ONSET_SPREAD_SECONDS, DensityScale

_WALK = 0.18  # spread of a bar's step
_EVERY_SECONDS = 0.1
_USUAL_DENSITY = 0.6
_USUAL_BPM = 126.0
_TEMPO_SONGS = 4
_SAME_TEMPO = 0.01  # of it

Values = NDArray[np.float64]


@dataclass(frozen=True)
class DensityClip:
    """A song whose density walks at random.

    Attributes:
        seconds: when values were taken.
        asked, heard: density at those times; the latter is onsets a second on the reference's scale.
        rho: rank correlation of density asked and onsets counted, bar by bar.
    """

    song: Song
    seconds: Values
    asked: Values
    heard: Values
    rho: float


@dataclass(frozen=True)
class TempoClip:
    """Songs at a steady tempo.

    Attributes:
        song: the first of them.
        heard_bpm: of each song; NaN where no beat is heard.
        right: how many are heard at the tempo asked for.
        error_ms: distance of the beats heard to those asked for, median of the songs that are right; NaN if none is.
    """

    song: Song
    asked_bpm: float
    heard_bpm: tuple[float, ...]
    right: int
    error_ms: float


def density_scale(rates: Sequence[Values]) -> DensityScale:
    """From the sparsest to the densest moments of real songs, given their `onset_rates`."""
    return DensityScale.of(np.concatenate(rates))


def density_clip(model: PlayedModel, seed: int, seconds: float, scale: DensityScale, threshold: float) -> DensityClip:
    """A song whose density takes a random step every bar."""
    tempo = constant_tempo(_USUAL_BPM)
    bar = BEATS_PER_BAR * 60 / _USUAL_BPM
    walk = random_walk(seed, int(np.ceil(seconds / bar)) + 1)
    curve = Curve(tuple((float(k * BEATS_PER_BAR), float(v)) for k, v in enumerate(walk)))
    score = Score(
        seed,
        tempo,
        StyleCurve(((0.0, str(seed)),)),
        dict.fromkeys(model.info.stems, curve),
        {stem: constant(0.5) for stem in STEMS},
        stems=model.info.stems,
    )
    song = make_song(audio_of(model.song(score), seconds))
    onsets = find_notes(song.mix, threshold)
    at, rates = _rates(onsets, song.mix)
    whole = int(seconds // bar)
    counted = np.histogram(onsets + 0.01, np.arange(whole + 1) * bar)[0]
    asked = np.array([curve.at(t / 60 * _USUAL_BPM) for t in at])
    return DensityClip(song, at, asked, scale.density(rates), rank_correlation(walk[:whole], counted))


def tempo_clip(model: PlayedModel, seed: int, bpm: float, seconds: float) -> TempoClip:
    """Songs at a tempo; of models that do not know it, the beats are moved to it."""
    songs = [_song_at(model, seed + number, bpm, seconds) for number in range(_TEMPO_SONGS)]
    found = [beats_against(song.mix, bpm) for song in songs]
    errors = [error for heard, error in found if abs(heard / bpm - 1) < _SAME_TEMPO]
    middle = float(np.median(errors)) if errors else float("nan")
    return TempoClip(songs[0], bpm, tuple(heard for heard, _ in found), len(errors), middle)


def _song_at(model: PlayedModel, seed: int, bpm: float, seconds: float) -> Song:
    score = Score(
        seed,
        constant_tempo(bpm),
        StyleCurve(((0.0, str(seed)),)),
        dict.fromkeys(model.info.stems, constant(_USUAL_DENSITY)),
        {stem: constant(0.5) for stem in STEMS},
        stems=model.info.stems,
    )
    return make_song(audio_of(model.song(score), seconds))


def beats_against(audio: Audio, bpm: float) -> tuple[float, float]:
    """Tempo heard, and the median distance in ms of its beats to the nearest of those asked for, the first at 0."""
    tracked = find_beats(onset_envelope(band_rises(audio)))
    if not tracked.clear:
        return float("nan"), float("nan")
    beats = tracked.seconds * bpm / 60
    return tracked.bpm, float(np.median(np.abs((beats + 0.5) % 1 - 0.5))) * 60_000 / bpm


def random_walk(seed: int, steps: int) -> Values:
    """Values in 0..1 that begin anywhere and turn back at the ends."""
    generator = np.random.default_rng([seed, 31])
    walk = generator.uniform(0, 1) + np.cumsum(generator.normal(0, _WALK, steps))
    return np.asarray(1 - np.abs(1 - walk % 2), np.float64)


def rank_correlation(asked: Values, counted: NDArray[np.generic]) -> float:
    """Spearman's rho; NaN where one of the two never changes."""
    if len(np.unique(asked)) < 2 or len(np.unique(counted)) < 2:
        return float("nan")
    return float(spearmanr(asked, counted).statistic)


def knows_tempo(model: PlayedModel) -> bool:
    """Whether it is told where beats are; others' beats are moved after generating."""
    return is_own(model) or "beat_phase" in model.info.signals


def onset_rates(audio: Audio, threshold: float) -> tuple[Values, Values]:
    """Times, and onsets a second around each: a Gaussian kernel density estimate (paper, section 5.1)."""
    return _rates(find_notes(audio, threshold), audio)


def _rates(onsets: Values, audio: Audio) -> tuple[Values, Values]:
    edges = np.arange(0, audio.shape[1] / SAMPLE_RATE + _EVERY_SECONDS, _EVERY_SECONDS)
    counts = np.histogram(onsets, edges)[0] / _EVERY_SECONDS
    smooth = gaussian_filter1d(counts, ONSET_SPREAD_SECONDS / _EVERY_SECONDS, mode="reflect")
    return edges[:-1] + _EVERY_SECONDS / 2, np.asarray(smooth, np.float64)

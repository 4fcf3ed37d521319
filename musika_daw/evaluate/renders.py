"""What is measured: stretches of audio with their notes, from a model or from the corpus, in one shape."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.offline.renderer import stream_dry
from musika_daw.engine.own.song import Song
from musika_daw.engine.presets.style_file import load_style_preset
from musika_daw.engine.score import Curve, Morph, Score, StyleCurve, constant
from musika_daw.model.model_file import Networks
from musika_daw.model.style import style_from_settings
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.line import Line
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo
from musika_daw.train.corpus.controls import TrackControls
from musika_daw.train.corpus.track import Track, play_notes

SAMPLE_RATE = 44100
Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Excerpt:
    """Dry stems `[2, samples]` (left, right) from the start of a song, and what they should be.

    Attributes:
        density, brightness: stem -> asked value of every bar.
        style: name, or number in the corpus.
    """

    stems: Mapping[str, Audio]
    notes: Mapping[str, list[Note]]
    tempo_map: TempoMap
    key: Key
    bars: int
    density: Mapping[str, list[float]]
    brightness: Mapping[str, list[float]]
    style: str

    def seconds_of(self, stem: str) -> NDArray[np.float64]:
        """When the notes of a stem start."""
        return np.array([self.tempo_map.seconds_at(n.start_beat) for n in self.notes[stem]])

    @property
    def length_seconds(self) -> float:
        return float(next(iter(self.stems.values())).shape[1] / SAMPLE_RATE)

    def bar_lines(self) -> list[float]:
        """Seconds of the bar lines, the last bar's end included."""
        return [self.tempo_map.seconds_at(bar * BEATS_PER_BAR) for bar in range(self.bars + 1)]


def make_score(
    seed: int,
    bpm: float,
    style: str,
    key: Key | None = None,
    density: Mapping[str, Curve] | None = None,
    brightness: Mapping[str, Curve] | None = None,
    variation: float = 0.15,
    notes: Mapping[str, tuple[Note, ...]] | None = None,
) -> Score:
    return Score(
        seed,
        constant_tempo(bpm),
        StyleCurve(((0.0, style),)),
        density or {stem: constant(0.6) for stem in STEMS},
        brightness or {stem: constant(0.5) for stem in STEMS},
        key,
        None,
        variation,
        {stem: Line(own) for stem, own in (notes or {}).items()},
    )


def render_excerpt(networks: Networks, score: Score, bars: int) -> Excerpt:
    """The first bars of a song, without effects."""
    song = Song(networks, score)
    end_beat = bars * BEATS_PER_BAR
    end = score.tempo_map.sample_at(end_beat, SAMPLE_RATE)
    blocks = list(stream_dry(song, 0, end))
    stems = {stem: np.concatenate([block[stem] for block in blocks], 1) for stem in score.stems}
    notes = {stem: song.notes(stem, -1.0, end_beat) for stem in STEMS}
    middles = [(bar + 0.5) * BEATS_PER_BAR for bar in range(bars)]
    density = {stem: [score.density[stem].at(beat) for beat in middles] for stem in STEMS}
    brightness = {stem: [score.brightness[stem].at(beat) for beat in middles] for stem in STEMS}
    style = score.style.at(0.0)
    name = style.nearest if isinstance(style, Morph) else style
    return Excerpt(stems, notes, score.tempo_map, song.key, bars, density, brightness, name)


def twin_excerpt(excerpt: Excerpt) -> Excerpt:
    """The same notes in the same named style, played by the instruments of the corpus: what a model can reach."""
    preset = load_style_preset(excerpt.style)
    style = style_from_settings(preset.genre, preset.settings)
    density, brightness = (
        np.array([[*values[stem], values[stem][-1]] for stem in STEMS])
        for values in (excerpt.density, excerpt.brightness)
    )
    mid, side = play_notes(
        np.random.default_rng(0),
        excerpt.notes,
        style,
        TrackControls(density, brightness),
        excerpt.tempo_map,
        0,
        excerpt.length_seconds,
    ).swapaxes(0, 1)
    sides = np.stack([mid + side, mid - side], 1)
    return dataclasses.replace(excerpt, stems={stem: sides[i] for i, stem in enumerate(STEMS)})


def corpus_excerpt(track: Track, style: str) -> Excerpt:
    """A corpus track, cut to whole bars."""
    seconds = track.stems.shape[2] / SAMPLE_RATE
    bars = int(track.tempo_map.beat_at(seconds) // BEATS_PER_BAR)
    end = track.tempo_map.sample_at(bars * BEATS_PER_BAR, SAMPLE_RATE)
    mid, side = track.stems[:, 0, :end], track.stems[:, 1, :end]
    sides = np.stack([mid + side, mid - side], 1)
    stems = {stem: sides[i] for i, stem in enumerate(STEMS)}
    end_beat = bars * BEATS_PER_BAR
    notes = {stem: [n for n in track.notes[stem] if n.start_beat < end_beat] for stem in STEMS}
    middles = (np.arange(bars, dtype=np.float64) + 0.5) * BEATS_PER_BAR
    density, brightness = (
        {stem: values[i].tolist() for i, stem in enumerate(STEMS)} for values in track.controls.sample(middles)
    )
    return Excerpt(stems, notes, track.tempo_map, track.key, bars, density, brightness, style)

"""`eval quick`: a fixed set of renders, measured, and held-out corpus audio measured alike as the ceiling.

Stems are measured dry: effects belong to the engine, not to the model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.engine.own.song import Song
from musika_daw.engine.presets.style_file import load_style_preset, style_names
from musika_daw.engine.score import Curve
from musika_daw.evaluate.drum_noise import drum_noise_figures
from musika_daw.evaluate.figures import (
    Figures,
    alike_figures,
    beat_errors,
    control_figures,
    features,
    note_figures,
    stem_features,
)
from musika_daw.evaluate.given import chord_figures, own_line_figures
from musika_daw.evaluate.reconstruction import reconstruction_figures
from musika_daw.evaluate.renders import Excerpt, corpus_excerpt, make_score, render_excerpt, twin_excerpt
from musika_daw.model.model_file import Networks, load_networks
from musika_daw.model.style import style_from_settings
from musika_daw.music.grid import BEATS_PER_BAR, rank, thin
from musika_daw.music.harmony import Chord, Key, diatonic_chord
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.realize import realize
from musika_daw.train.corpus.composer import compose
from musika_daw.train.corpus.make import draw_corpus_track
from musika_daw.train.corpus.track import Track, bars_for, draw_track
from musika_daw.train.metrics.listener import FeatureSpace

TEMPOS = (90.0, 112.0, 128.0, 140.0, 160.0)
BARS = 8
_VARIATIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
_PATTERN_SONGS = 72  # at the default of 8 seeds: bars of one song are much alike, songs differ
_PHRASE_BARS = 16


@dataclass(frozen=True)
class QuickSettings:
    """Options of `eval quick`."""

    model: str = field(default="techno", metadata={"help": "a shipped model or the path of one"})
    seeds: int = field(default=8, metadata={"help": "songs per tempo"})
    corpus_tracks: int = field(default=24, metadata={"help": "held-out corpus tracks to measure beside them"})
    corpus_seed: int = field(default=990, metadata={"help": "seed of the held-out corpus: not one trained on"})
    threads: int = field(default=2, metadata={"help": "CPU threads"})


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _grid(networks: Networks, settings: QuickSettings) -> list[Excerpt]:
    """Songs over tempos, seeds, styles and keys."""
    names = style_names()
    songs = []
    for i in range(len(TEMPOS) * settings.seeds):
        key = Key(i % 12, "minor" if i % 3 else "dorian")
        score = make_score(1000 + i, TEMPOS[i % len(TEMPOS)], names[(i * 5) % len(names)], key)
        songs.append(render_excerpt(networks, score, BARS))
    return songs


def _moving(networks: Networks, count: int) -> list[Excerpt]:
    """Songs whose densities and brightnesses jump from bar to bar, every stem by itself."""
    songs, names = [], style_names()
    for i in range(count):
        generator = np.random.default_rng([8, i])

        def jumping(generator: np.random.Generator = generator) -> dict[str, Curve]:
            values = generator.uniform(0, 1, (len(STEMS), BARS))
            return {
                s: Curve(tuple((4.0 * b, float(v)) for b, v in enumerate(row)))
                for s, row in zip(STEMS, values, strict=True)
            }

        score = make_score(2000 + i, TEMPOS[i % len(TEMPOS)], names[(i * 7) % len(names)], None, jumping(), jumping())
        songs.append(render_excerpt(networks, score, BARS))
    return songs


def _variation(networks: Networks, count: int) -> dict[str, Figures]:
    """Bars alike by the pattern, at rising variation; composed phrases beside them."""
    out = {}
    names = style_names()
    for variation in _VARIATIONS:
        songs = []
        for i in range(count):
            song = Song(networks, make_score(3000 + i, 128.0, names[i % len(names)], variation=variation))
            songs.append({stem: song.notes(stem, 0.0, _PHRASE_BARS * BEATS_PER_BAR) for stem in STEMS})
        out[f"variation_{variation:g}"] = alike_figures(songs, _PHRASE_BARS)
    return out


def _composed_notes(index: int) -> dict[str, list[Note]]:
    """A phrase of the corpus at the density of the songs."""
    genre = load_style_preset(style_names()[index % len(style_names())]).genre
    composition = compose(np.random.default_rng([990, index]), genre, _PHRASE_BARS)
    key = Key(0, composition.mode)
    chords = [diatonic_chord(key, step.degree, step.colour) for step in composition.harmony]

    def chord_at(beat: float) -> Chord:
        return chords[int(np.clip(beat, 0, len(chords) - 1))]

    return {stem: realize(stem, thin(rank(composition.notes[stem]), lambda beat: 0.6), chord_at, key) for stem in STEMS}


def _style_track(name: str, index: int) -> Excerpt:
    """A corpus track in a named style, of its own genre."""
    preset = load_style_preset(name)
    generator = np.random.default_rng([77, index])
    composition = compose(generator, preset.genre, bars_for(16.0))
    track: Track = draw_track(generator, composition, style_from_settings(preset.genre, preset.settings), 16.0)
    return corpus_excerpt(track, name)


def _styles(networks: Networks) -> Figures:
    """Twelve styles on one pattern, one style on twelve patterns: is the nearest corpus track the style's?"""
    names = style_names()
    references = [_style_track(name, 3 * i + k) for i, name in enumerate(names) for k in range(3)]
    space = FeatureSpace(np.stack([stem_features(e) for e in references]))
    bases = [Song(networks, make_score(4000 + i, 128.0, names[i])) for i in range(len(names))]
    beats = BARS * BEATS_PER_BAR

    def nearest_is_right(style: str, base: Song) -> bool:
        notes = {stem: tuple(base.notes(stem, -1.0, beats)) for stem in STEMS}
        score = make_score(base.score.seed, 128.0, style, base.key, notes=notes)
        excerpt = render_excerpt(networks, score, BARS)
        return references[space.nearest(stem_features(excerpt))].style == style

    one_pattern = [nearest_is_right(name, bases[0]) for name in names]
    one_style = [nearest_is_right(names[3], base) for base in bases]
    again = [_style_track(name, 500 + i) for i, name in enumerate(names)]
    ceiling = [references[space.nearest(stem_features(e))].style == e.style for e in again]
    return {
        "one_pattern_twelve_styles": float(np.mean(one_pattern)),
        "one_style_twelve_patterns": float(np.mean(one_style)),
        "corpus_tracks_of_the_styles": float(np.mean(ceiling)),
    }


def _figures(still: Sequence[Excerpt], moving: Sequence[Excerpt]) -> Figures:
    return {**beat_errors(still), **note_figures(still), **drum_noise_figures(still), **control_figures(moving)}


def _spread(vectors: NDArray[np.float64]) -> float:
    """Mean distance between all pairs."""
    i, j = np.triu_indices(len(vectors), 1)
    return float(np.linalg.norm(vectors[i] - vectors[j], axis=1).mean())


def _distances(songs: Sequence[Excerpt], corpus: Sequence[Excerpt]) -> Figures:
    """Fréchet distance to the corpus, corpus against corpus as the floor, and how different songs are."""
    made = np.stack([features(e) for e in songs])
    real = np.stack([features(e) for e in corpus])
    space = FeatureSpace(real)
    halves = FeatureSpace(real[::2])
    return {
        "frechet": space.distance(made),
        "frechet_corpus_halves": halves.distance(real[1::2]),
        "diversity": _spread(space.reduce(made)) / _spread(space.reference),
    }


def run(settings: QuickSettings) -> dict[str, Any]:
    """Render, measure and report; the same seeds give the same figures."""
    torch.set_num_threads(settings.threads)
    networks = load_networks(settings.model)
    report: dict[str, Any] = {"model": settings.model, "training": dict(networks.info.training)}

    corpus = _part(
        "the held-out corpus",
        lambda: [
            corpus_excerpt(track, str(style))
            for track, style in (draw_corpus_track(settings.corpus_seed, i) for i in range(settings.corpus_tracks))
        ],
    )
    songs = _part("songs", lambda: _grid(networks, settings))
    moving = _part("moving controls", lambda: _moving(networks, max(4, settings.seeds)))
    report["model_figures"] = _part("their figures", lambda: _figures(songs, moving))
    report["twin_figures"] = _part(
        "the same notes played by the corpus's instruments",
        lambda: _figures([twin_excerpt(e) for e in songs], [twin_excerpt(e) for e in moving]),
    )
    report["corpus_figures"] = _part("figures of the corpus", lambda: _figures(corpus, corpus))
    report["bars_alike"] = _part(
        "variation",
        lambda: {
            "corpus": alike_figures([_composed_notes(i) for i in range(_PATTERN_SONGS)], _PHRASE_BARS),
            **_variation(networks, max(4, settings.seeds * _PATTERN_SONGS // 8)),
        },
    )
    report["given_chords"] = _part("given chords", lambda: chord_figures(networks))
    report["given_notes"] = _part("given notes", lambda: own_line_figures(networks))
    report["style_found"] = _part("styles", lambda: _styles(networks))
    report["distance"] = _part("distances", lambda: _distances(songs, corpus))
    some = range(0, settings.corpus_tracks, 2)
    report["reconstruction"] = _part(
        "autoencoders", lambda: reconstruction_figures(networks, settings.corpus_seed, some)
    )
    return report


def _part(name: str, make: Callable[[], Any]) -> Any:
    """Says what is being measured, and measures it."""
    _say(f"measuring {name}")
    return make()

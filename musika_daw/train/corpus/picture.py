"""The genres of the corpus side by side, to be listened to with the eyes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from musika_daw.analysis.spectra import Audio
from musika_daw.model.style import GENRES
from musika_daw.music.harmony import Key
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.corpus.composer import compose
from musika_daw.train.corpus.controls import TrackControls
from musika_daw.train.corpus.make import SAMPLE_RATE, bank_style
from musika_daw.train.corpus.track import Track, bars_for, render_track
from musika_daw.train.metrics.spectrogram_picture import save_spectrogram

_SECONDS = 6


def _track(seed: int, genre: int) -> Track:
    """A genre as it sounds with its controls in the middle, at 128 bpm, in A."""
    composition = compose(np.random.default_rng([seed, 5, genre]), GENRES[genre], bars_for(_SECONDS))
    shape = (len(STEMS), composition.bars + 1)
    controls = TrackControls(np.full(shape, 0.7), np.full(shape, 0.5))
    generator = np.random.default_rng([seed, 6, genre])
    style, key = bank_style(seed, genre), Key(9, composition.mode)
    return render_track(generator, composition, style, controls, constant_tempo(128), key, _SECONDS)


def draw_genres(path: Path, seed: int) -> None:
    """Six seconds of every stem of one corpus track per genre: a row per stem, a column per genre."""
    tracks = [_track(seed, index) for index in range(len(GENRES))]
    panels: dict[str, Audio] = {}
    for row, stem in enumerate(STEMS):
        for genre, track in zip(GENRES, tracks, strict=True):
            mid = track.stems[row, 0, : _SECONDS * SAMPLE_RATE]
            panels[f"{genre} {stem}"] = np.stack([mid, mid])
    save_spectrogram(path, panels, columns=len(GENRES), panel_inches=(2.2, 1.8))

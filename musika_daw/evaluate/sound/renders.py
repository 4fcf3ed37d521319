"""Renders that a model is judged by: every style with several seeds, as `render` would play them, effects included."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musika_daw.controls.book import row
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.offline.renderer import stream
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.presets.style_file import style_names
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.evaluate.sound.excerpts import SECONDS, Excerpt, levelled
from musika_daw.evaluate.sound.obedience import Asked
from musika_daw.model.model_file import FAMILY
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import MIX
from musika_daw.music.tempo_map import constant_tempo

_FIRST_BAR = 2
_MODES = ("minor", "minor", "minor", "minor", "phrygian", "major", "dorian")
_SLOWEST, _TEMPOS = 100, 50
(_MOTION_FIELD,) = row("motion").fields
_MOTION = float(_MOTION_FIELD.default or 0.0)


def render_set(model_name: str, seeds: int) -> Iterator[tuple[Excerpt, Asked]]:
    """The third bar on, ten seconds, of each style (of models that have none: of twelve seeds) and each seed.

    Raises:
        UserError: there is no such model.
    """
    model = load_model(model_name)
    names = style_names() if model.info.family == FAMILY else tuple(str(k) for k in range(12))
    for place, style in enumerate(names):
        for seed in range(1, seeds + 1):
            yield _render(model, style, seed, place * seeds + seed)


def _render(model: PlayedModel, style: str, seed: int, number: int) -> tuple[Excerpt, Asked]:
    bpm = float(_SLOWEST + 7 * number % _TEMPOS)
    key = Key(5 * number % 12, _MODES[number % len(_MODES)]) if model.info.family == FAMILY else None
    score = Score(
        seed,
        constant_tempo(bpm),
        StyleCurve(((0.0, style),)),
        {stem: constant(0.6) for stem in model.info.stems},
        {stem: constant(0.5) for stem in model.info.stems},
        key,
        stems=model.info.stems,
        motion=_MOTION,
    )
    song = model.song(score)
    start = score.tempo_map.sample_at(_FIRST_BAR * BEATS_PER_BAR, song.sample_rate)
    blocks = [block[MIX] for block in stream(song, start, start + int(SECONDS * song.sample_rate))]
    sound = np.concatenate(blocks, 1)
    return levelled(f"{style} seed {seed}", style, sound), Asked(sound, bpm, key)

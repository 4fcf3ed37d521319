"""A song of a model of records: a function of its score and place, that follows what it is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musika_daw.engine.known_controls import known_controls, style_refusal
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.records.model import BLOCK
from musika_daw.engine.records.noise import LOOP_BEATS, song_noise
from musika_daw.engine.records.style import find_style
from musika_daw.engine.score import Curve, Morph, Score, StyleCurve
from musika_daw.model.universal.layout import FRAME
from musika_daw.music.tempo_map import constant_tempo

WINDOW = 64  # frames of 2048 samples


def _score(
    seed: int = 1, bpm: float = 120.0, style: str | Morph = "1", variation: float = 0.15, **told: float
) -> Score:
    curves: dict[str, Any] = {name: {"mix": Curve(((0.0, value),))} for name, value in told.items()}
    given = {"density": {}, "brightness": {}, **curves}
    return Score(seed, constant_tempo(bpm), StyleCurve(((0.0, style),)), **given, variation=variation, stems=("mix",))


def _audio(model: PlayedModel, score: Score, chunks: range, frames: int = WINDOW) -> np.ndarray:
    made = model.song(score).chunks(frames)
    with ThreadPoolExecutor(1) as pool:
        return np.concatenate([made.audio(chunk, pool)["mix"] for chunk in chunks], 1)


def test_any_window_alone_is_that_of_the_whole(records_model: Path) -> None:
    score = _score()
    whole = _audio(load_model(str(records_model)), score, range(4))
    assert whole.dtype == np.float32 and np.isfinite(whole).all() and np.abs(whole).max() > 0.001
    size = WINDOW * 2048
    for chunk in (3, 0):
        alone = _audio(load_model(str(records_model)), score, range(chunk, chunk + 1))
        assert np.array_equal(alone, whole[:, chunk * size : (chunk + 1) * size])
    short = _audio(load_model(str(records_model)), score, range(8, 16), 8)
    assert np.array_equal(short, whole[:, size : 2 * size])


def test_blocks_go_over_into_each_other(records_model: Path) -> None:
    """At a block's edge sound moves no more than elsewhere."""
    audio = _audio(load_model(str(records_model)), _score(), range(3))
    jumps = np.abs(np.diff(audio[0]))
    edge = BLOCK * FRAME
    assert jumps[edge - 8 : edge + 8].max() < 3 * np.quantile(jumps, 0.999)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"style": "3"},
        {"style": "77"},
        {"bpm": 140.0},
        {"variation": 1.0},
        {"density": 1.0},
        {"brightness": 0.9},
    ],
)
def test_what_it_is_told_is_heard(change: dict[str, Any], records_model: Path) -> None:
    model = load_model(str(records_model))
    plain = _audio(model, _score(), range(1))
    assert np.array_equal(plain, _audio(model, _score(), range(1)))
    assert not np.array_equal(plain, _audio(model, _score(**change), range(1)))


def test_the_loop_returns_as_far_as_it_is_to() -> None:
    frame_beats = LOOP_BEATS / 64
    beats = (np.arange(256) + 0.5) * frame_beats
    noise = {v: song_noise(5, v, 0, beats, frame_beats, 16) for v in (0.0, 0.5, 1.0)}
    again = {v: float(np.corrcoef(n[:, :64].ravel(), n[:, 64:128].ravel())[0, 1]) for v, n in noise.items()}
    assert again[0.0] > 0.999 and again[0.5] == pytest.approx(0.75, abs=0.08) and abs(again[1.0]) < 0.1
    assert all(abs(n.std() - 1) < 0.03 for n in noise.values())
    elsewhere = song_noise(5, 0.5, 100, beats[100:120], frame_beats, 16)
    assert np.array_equal(elsewhere, noise[0.5][:, 100:120])


def test_without_variation_every_sample_returns(records_model: Path) -> None:
    """Every loop of sixteen beats, the first and one behind the phrase."""
    model = load_model(str(records_model))
    loop = 4 * 44100
    audio = _audio(model, _score(bpm=240.0, variation=0.0), range(-(-5 * loop // (WINDOW * 2048))))
    assert np.abs(audio[:, :loop]).max() > 0.001
    for number in (1, 4):
        assert np.array_equal(audio[:, number * loop : (number + 1) * loop], audio[:, :loop])


def test_styles_are_songs_and_what_lies_between_them() -> None:
    songs = np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32)
    assert np.array_equal(find_style("3", songs), songs[3])
    between = find_style("1000", songs)
    assert not any(np.allclose(between, song) for song in songs)
    corner = find_style(Morph(("0", "1", "2", "4"), 1.0, 1.0), songs)
    assert np.allclose(corner, songs[4], atol=1e-5)


def test_it_knows_its_controls(records_model: Path) -> None:
    info = load_model(str(records_model)).info
    known = known_controls(info)
    assert {"seed", "style", "morph", "density", "brightness", "variation"} <= set(known)
    assert not {"key", "chords", "truncation", "noise", "warp", "stems", "motion"} & set(known)
    assert style_refusal(info, "warehouse") and style_refusal(info, "12") is None

"""A song of an official model: a function of its score and place, on the grid where it has a beat."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musika_daw.analysis.beat_tracking import Beats
from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.official import model as played
from musika_daw.engine.official.style import find_style
from musika_daw.engine.offline.renderer import render_take
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.score import Imported, Morph, Score, StyleCurve
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.metrics.kick_timing import kick_errors
from tests.support.beaten import beaten

from .conftest import Recorded

Models = Callable[[str], Path]


def _score(seed: int = 1, bpm: float = 120.0, style: str | Morph = "1", **imported: Any) -> Score:
    return Score(
        seed, constant_tempo(bpm), StyleCurve(((0.0, style),)), {}, {}, stems=("mix",), imported=Imported(**imported)
    )


def _audio(model: PlayedModel, score: Score, chunks: range, frames: int = 8) -> np.ndarray:
    made = model.song(score).chunks(frames)
    with ThreadPoolExecutor(1) as pool:
        return np.concatenate([made.audio(chunk, pool)["mix"] for chunk in chunks], 1)


@pytest.mark.parametrize("kind", ["44k", "44k-small", "22k"])
def test_any_window_alone_is_that_of_the_whole(kind: str, official_model: Models) -> None:
    score = _score(warp=False)
    whole = _audio(load_model(str(official_model(kind))), score, range(12))
    assert whole.dtype == np.float32 and 0.001 < np.abs(whole).max() <= 1
    for chunk in (0, 5, 11):
        alone = _audio(load_model(str(official_model(kind))), score, range(chunk, chunk + 1))
        assert np.array_equal(alone, whole[:, chunk * 16384 : (chunk + 1) * 16384])
    assert np.array_equal(_audio(load_model(str(official_model(kind))), score, range(2), 48), whole)


@pytest.mark.parametrize("change", [{"seed": 2}, {"style": "9"}, {"truncation": 0.5}, {"noise": False}])
def test_seed_style_truncation_and_noise_are_heard(change: dict[str, Any], official_model: Models) -> None:
    model = load_model(str(official_model("44k")))
    plain = _audio(model, _score(warp=False), range(2))
    assert np.array_equal(plain, _audio(model, _score(warp=False), range(2)))
    assert not np.array_equal(plain, _audio(model, _score(warp=False, **change), range(2)))


def test_morphs_lie_between_their_anchors() -> None:
    size = OfficialSize()
    names = ("1", "2", "3", "warehouse")
    corners = [find_style(Morph(names, x, y), 2.0, size) for y in (0, 1) for x in (0, 1)]
    assert all(np.allclose(corner, find_style(name, 2.0, size)) for corner, name in zip(corners, names, strict=True))
    middle = find_style(Morph(names, 0.5, 0.0), 2.0, size)
    assert np.linalg.norm(middle) == pytest.approx(np.mean([np.linalg.norm(c) for c in corners[:2]]), rel=1e-4)


@pytest.fixture
def beating(official_model: Models, monkeypatch: pytest.MonkeyPatch) -> PlayedModel:
    """A model whose sound has a beat at 126.3 bpm: the networks' own has none."""
    sound = Recorded(beaten(np.arange(0.2, 90, 60 / 126.3), 90))
    monkeypatch.setattr(played.OfficialModel, "_sound", lambda self, score: sound)
    return load_model(str(official_model("44k")))


def test_a_song_lies_on_the_grid_over_its_sections(beating: PlayedModel) -> None:
    audio = _audio(beating, _score(bpm=120), range(130))  # 48 s: three sections
    beats = np.arange(1, 95) * 0.5
    errors = kick_errors(audio, beats)
    assert np.mean(np.isnan(errors)) < 0.05
    assert np.nanmedian(np.abs(errors)) < 0.015 and np.nanpercentile(np.abs(errors), 95) < 0.04


def test_a_stretch_over_a_seam_is_that_of_the_whole(beating: PlayedModel, official_model: Models) -> None:
    whole = _audio(beating, _score(), range(60))
    seam = 16 * RATE // 16384
    alone = _audio(load_model(str(official_model("44k"))), _score(), range(seam - 1, seam + 2))
    assert np.array_equal(alone, whole[:, (seam - 1) * 16384 : (seam + 2) * 16384])
    assert np.abs(np.diff(alone, axis=1)).max() < 0.5


def test_facts_name_tempo_and_confidence(beating: PlayedModel) -> None:
    song = beating.song(_score())
    song.ready(0.0)
    facts = song.facts()["warp"]
    assert isinstance(facts, dict) and facts["on"] and facts["model_bpm"] == pytest.approx(126.3, rel=0.003)
    assert facts["confidence"] > 0.7 and [s["beat"] for s in facts["sections"]] == [0]
    assert beating.song(_score(warp=False)).facts() == {"warp": {"on": False}, "has_beat": False}


def test_without_a_clear_beat_nothing_is_moved(official_model: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "musika_daw.engine.official.rhythm.find_beats", lambda envelope: Beats(np.arange(0.0, 24.0, 0.5), 0.1)
    )
    model = load_model(str(official_model("44k")))
    score = _score()
    still = dataclasses.replace(score, imported=Imported(warp=False))
    assert np.array_equal(_audio(model, score, range(3)), _audio(model, still, range(3)))
    warp = model.song(score).facts()["warp"]
    assert isinstance(warp, dict) and not warp["on"] and warp["confidence"] == 0.1


@pytest.mark.parametrize("kind", ["44k", "22k"])
def test_a_take_has_one_file_of_the_exact_length(kind: str, official_model: Models, tmp_path: Path) -> None:
    take = render_take(str(official_model(kind)), _score(bpm=96.0), bars=3, project=tmp_path)
    names = ["mix.wav", "session.jsonl", "take.dawproject", "take.json", "take.rpp"]
    assert sorted(path.name for path in take.iterdir()) == names
    info = soundfile.info(take / "mix.wav")
    assert (info.frames, info.samplerate, info.channels) == (round(12 * 60 / 96 * 44100), 44100, 2)
    facts = json.loads((take / "take.json").read_text())
    assert facts["files"] == {"mix": "mix.wav"} and 0 <= facts["warp"]["confidence"] < 1
    assert facts["controls"] == {"truncation": 2.0, "noise": True, "warp": True}

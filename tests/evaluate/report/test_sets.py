"""Real songs and baselines: what they are made of, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.analysis.spectra import level_dbfs, spectrogram
from musika_daw.errors import UserError
from musika_daw.evaluate.report.baselines import coloured_noise, shuffled
from musika_daw.evaluate.report.real_music import CorpusMusic, FolderMusic
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.music.notes import MIX, STEMS

RATE = 44100


def tone(hz: float, seconds: float = 8.0) -> np.ndarray:
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave]).astype(np.float32)


def pitch(audio: np.ndarray) -> float:
    """Hz of the strongest tone."""
    return float(np.abs(np.fft.rfft(audio[0])).argmax() * RATE / audio.shape[1])


def test_songs_are_equally_loud() -> None:
    quiet, loud = (make_song({"one": tone(200, 1) * gain, "two": tone(300, 1) * gain}) for gain in (0.01, 0.9))
    assert level_dbfs(quiet.mix) == pytest.approx(-18, abs=0.01) == pytest.approx(level_dbfs(loud.mix), abs=0.02)
    assert np.allclose(quiet.mix, quiet.parts["one"] + quiet.parts["two"], atol=1e-6)
    assert not make_song({MIX: np.zeros((2, 100), np.float32)}).mix.any()


def test_corpus_songs_have_stems_and_come_again() -> None:
    (one,), (again,) = (list(CorpusMusic(1, 1).make(0)) for _ in range(2))
    assert set(one.parts) == {*STEMS, MIX} and one.mix.shape == (2, 8 * RATE)
    assert np.array_equal(one.mix, again.mix)
    (other,) = CorpusMusic(1, 1).make(1)
    assert not np.array_equal(one.mix, other.mix)


def write_tones(folder: Path, pitches: dict[str, float], seconds: float) -> Path:
    folder.mkdir()
    for name, hz in pitches.items():
        soundfile.write(folder / name, 0.5 * tone(hz, seconds).T, RATE)
    return folder


def test_the_two_sets_of_a_folder_share_no_file(tmp_path: Path) -> None:
    pitches = {"a.wav": 200.0, "b.wav": 300.0, "c.wav": 400.0, "d.wav": 500.0}
    music = FolderMusic(write_tones(tmp_path / "music", pitches, 24.5), 100, 1)
    assert music.songs == 6
    halves = [{round(pitch(song.mix)) for song in music.make(half)} for half in (0, 1)]
    assert len(halves[0]) == len(halves[1]) == 2 and not halves[0] & halves[1]
    assert "4 files" in music.about


def test_one_file_is_cut_in_two(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    soundfile.write(folder / "one.wav", np.concatenate([tone(200, 17), tone(900, 17)], 1).T, RATE)
    music = FolderMusic(folder, 100, 1)
    assert [{round(pitch(song.mix)) for song in music.make(half)} for half in (0, 1)] == [{200}, {900}]


def test_too_little_music_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"too little music .* expected 32 s at least"):
        FolderMusic(write_tones(tmp_path / "music", {"a.wav": 200.0, "b.wav": 300.0}, 8.0), 4, 1)
    with pytest.raises(UserError, match="is not a folder"):
        FolderMusic(tmp_path / "nothing", 4, 1)


def test_shuffled_songs_are_pieces_of_all_songs() -> None:
    songs = [Song({MIX: tone(hz)}) for hz in (200.0, 400.0, 800.0)]
    (made,) = shuffled(songs, 1, seed=3)
    assert made.mix.shape == songs[0].mix.shape
    pieces = made.mix[:, 2000:-2000].reshape(2, -1)
    heard = {round(pitch(pieces[:, k * RATE // 2 + 500 : (k + 1) * RATE // 2 - 3000]), -1) for k in range(14)}
    assert len(heard) == 3
    (again,) = shuffled(songs, 1, seed=3)
    assert np.array_equal(made.mix, again.mix)


def test_noise_has_the_colour_of_the_music_and_does_not_move() -> None:
    random = np.random.default_rng(0)
    dull = np.cumsum(random.normal(size=(2, 4 * RATE)), 1)
    dull = make_song({MIX: (dull - dull.mean(1, keepdims=True)).astype(np.float32)})
    made = list(coloured_noise([dull], 2, seed=1))
    assert len(made) == 2 and not np.array_equal(made[0].mix, made[1].mix)
    want, have = (spectrogram(song.mix[0].astype(np.float64), 4096, 2048) for song in (dull, made[0]))
    ratio = np.log10((have**2).mean(0)[5:1500] / (want**2).mean(0)[5:1500])
    assert abs(ratio.mean()) < 0.2 and ratio.std() < 0.4

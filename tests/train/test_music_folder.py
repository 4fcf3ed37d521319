"""Folders of music: formats, rates and channels as they come, what is broken named, excerpts where they belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UserError
from musika_daw.train.music_folder import find_music, read_music, read_stretch, split_music


def sweep(seconds: float, rate: int) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    return 0.5 * np.sin(2 * np.pi * (200 * t + 40 * t**2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    (folder / "album").mkdir()
    soundfile.write(folder / "album" / "b.wav", np.stack([sweep(4, 48000), -sweep(4, 48000)], 1), 48000)
    soundfile.write(folder / "a.flac", sweep(4, 44100), 44100)
    soundfile.write(folder / "c.mp3", np.stack([sweep(4, 44100)] * 2, 1), 44100)
    soundfile.write(folder / "d.OGG", sweep(4, 22050), 22050, format="OGG")
    soundfile.write(folder / "six.wav", np.stack([sweep(1, 44100)] * 6, 1), 44100)
    soundfile.write(folder / "empty.wav", np.zeros((0, 2)), 44100)
    (folder / "broken.wav").write_bytes(b"RIFF of nothing")
    (folder / "notes.txt").write_text("not music")
    return folder


def test_what_is_music_is_found_and_what_is_broken_is_named(folder: Path) -> None:
    music = find_music(folder)
    assert [file.path.name for file in music.files] == ["a.flac", "b.wav", "c.mp3", "d.OGG", "six.wav"]
    assert {path.name: reason.split(" (")[0] for path, reason in music.skipped} == {
        "broken.wav": "cannot be read",
        "empty.wav": "is empty",
    }
    assert music.seconds == pytest.approx(17, abs=0.2)


def test_every_file_sounds_the_same_at_any_rate(folder: Path) -> None:
    for rate in (22050, 44100):
        wanted = sweep(4, rate)
        for file in find_music(folder).files[:4]:
            got = read_music(file, rate)
            assert got.shape == (2, len(wanted)) and got.dtype == np.float32
            assert np.abs(got[0] - wanted)[2000:-2000].max() < 0.06, file.path
    wav = find_music(folder).files[1]
    left, right = read_music(wav, 44100)
    assert np.allclose(left, -right, atol=1e-4)


def test_an_excerpt_is_the_stretch_of_the_whole(folder: Path) -> None:
    for file in find_music(folder).files[:2]:
        whole = read_music(file, 22050)
        part = read_stretch(file, 30000, 8000, 22050)
        assert np.abs(part - whole[:, 30000:38000]).max() < 0.02
    beyond = read_stretch(find_music(folder).files[0], 4 * 22050 - 100, 500, 22050)
    assert beyond.shape == (2, 500) and np.abs(beyond[:, 200:]).max() == 0


def test_folders_without_music_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        find_music(folder / "a.flac")
    with pytest.raises(UserError, match=r"no music in .* \(0 broken files\)"):
        find_music(tmp_path)


def test_held_out_music_is_not_trained_on(folder: Path) -> None:
    files = find_music(folder).files
    training, held = split_music(files)
    assert all(a.file == b.file and a.end == b.start for a, b in zip(training, held, strict=True))
    training, held = split_music(files[:1] * 11 + files[1:2])
    assert [stretch.file for stretch in held] == [files[1]] and len(training) == 11

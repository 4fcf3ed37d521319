"""A model of one's own music: refused where it makes no sense, told what to expect, and in the end installed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UsageError, UserError
from musika_daw.model.official.official_file import load_official
from musika_daw.train.mine.mine import AUTO, OWN, MineSettings, expectation, find_material, train_mine

RATE = 22050


def silent(_name: str) -> AbstractContextManager[Callable[[float], None]]:
    return nullcontext(lambda share: None)


def clicks(minutes: float, bpm: float) -> np.ndarray:
    """Decaying noises on every half beat, the even ones louder and lower."""
    random = np.random.default_rng(1)
    out = np.zeros(int(minutes * 60 * RATE))
    t = np.arange(int(0.1 * RATE)) / RATE
    for number in range(int(minutes * bpm * 2) - 1):
        first = int(number * 30 / bpm * RATE)
        kick = np.sin(2 * np.pi * 60 * t) if number % 2 == 0 else 0.3 * random.standard_normal(len(t))
        out[first : first + len(t)] += 0.7 * kick * np.exp(-t / 0.03)
    return np.clip(out, -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for number in range(2):
        soundfile.write(folder / f"{number}.flac", clicks(5.1, 120.0), RATE)
    return folder


@pytest.fixture
def settings(music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MineSettings:
    monkeypatch.setenv("MUSIKA_DAW_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("MUSIKA_DAW_TRAININGS", str(tmp_path / "trainings"))
    return MineSettings(music, "clicks", 1e-4, autoencoder=OWN, hop=32, base=4, batch=2, device="cpu", threads=1)


def test_what_makes_no_sense_is_refused(settings: MineSettings, tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.mkdir()
    soundfile.write(short / "a.wav", clicks(1.0, 120.0), RATE)
    with pytest.raises(UserError, match=r"holds 1\.0 minutes of music: expected 10 at least"):
        train_mine(replace(settings, music=short), silent)
    with pytest.raises(UsageError, match=r"model name '\.\./x'"):
        train_mine(replace(settings, name="../x"), silent)
    with pytest.raises(UsageError, match="hours 0 is out of range"):
        train_mine(replace(settings, hours=0), silent)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "clicks.safetensors").touch()
    with pytest.raises(UserError, match="is already there"):
        train_mine(settings, silent)
    assert not (tmp_path / "trainings").exists()


def test_it_says_how_long_it_takes_and_what_to_expect(settings: MineSettings) -> None:
    text = expectation(replace(settings, hours=8.0), find_material(settings))
    assert "2 songs, 10 minutes of music" in text
    assert "autoencoder 4.0 h" in text and "GAN 4.0 h" in text and "of what the paper's had" in text


def test_a_short_training_uses_the_autoencoder_that_is_there(settings: MineSettings) -> None:
    short = replace(settings, autoencoder=AUTO, hours=0.5)
    material = replace(find_material(short), stems=("drums", "bass"))  # whole songs go on from a model of records
    assert "autoencoder that of piano," in (text := expectation(short, material)) and "GAN 0.5 h" in text
    assert "autoencoder 4.0 h" in expectation(replace(settings, autoencoder=AUTO, hours=8.0), material)
    assert "starts from electronic" in expectation(short, find_material(short))
    own = replace(settings, autoencoder=OWN, hours=0.5)
    assert "autoencoder 0.2 h" in expectation(own, find_material(own))


@pytest.mark.slow
def test_from_a_folder_to_an_installed_model(
    settings: MineSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = train_mine(settings, silent)
    assert report["model"] == str(tmp_path / "models" / "clicks.safetensors")
    assert report["bpm"] == pytest.approx(120, rel=0.01)
    assert {"frechet", "density_rho", "locked", "beat_error_ms", "off_beat"} <= set(report)
    assert {"beat_contrast", "beat_error_ms_shuffled", "decoded_chroma", "decoded_onset_f"} <= set(report)
    assert report["frechet_at_best_step"] <= report["frechet"]
    model = load_official("clicks")
    assert dict(model.info.signals) == {"density": 1, "tempo": 1, "beat_phase": 4}
    told = capsys.readouterr().err
    assert "density (rank correlation" in told and "the autoencoder keeps" in told
    # What is done is not done again.
    Path(report["model"]).unlink()
    capsys.readouterr()
    train_mine(settings, silent)
    assert capsys.readouterr().err.count("resumed at step") == 5

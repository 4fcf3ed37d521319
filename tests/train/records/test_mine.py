"""A model of one's own songs on ears that know any music."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.engine.models.load_model import load_model
from musika_daw.model.universal.generator import SIGNALS
from musika_daw.model.universal.model_file import load_records_model
from musika_daw.train.mine.mine import MineSettings, expectation, find_material, train_mine
from musika_daw.train.records.corpus import TRAIN, VALIDATION
from musika_daw.train.records.mine import hold_out
from musika_daw.train.records.packed import PackedRecords
from tests.support.records_model import write_records_model

RATE = 44100


def silent(_name: str) -> AbstractContextManager[Callable[[float], None]]:
    return nullcontext(lambda share: None)


def _packed(*frames: int) -> PackedRecords:
    starts = (0, *np.cumsum(frames).tolist())
    latents, signals = np.zeros((starts[-1], 8), np.int8), np.zeros((starts[-1], len(SIGNALS)), np.float16)
    names = tuple(f"song {k}" for k in range(len(frames)))
    return PackedRecords(latents, signals, starts, (TRAIN,) * len(frames), names)


def test_whole_songs_are_held_out_or_the_ends_of_few() -> None:
    many = hold_out(_packed(*[300] * 20))
    assert many.parts.count(VALIDATION) == 2 and len(many.of_part(TRAIN)) == 18
    few = hold_out(_packed(2000, 900))
    assert few.of_part(TRAIN) == [(0, 1700), (2000, 2700)]
    assert few.of_part(VALIDATION) == [(1700, 2000), (2700, 2900)]
    assert few.names == ("song 0", "song 0", "song 1", "song 1")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MineSettings:
    monkeypatch.setenv("MUSIKA_DAW_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("MUSIKA_DAW_TRAININGS", str(tmp_path / "trainings"))
    folder = tmp_path / "music"
    folder.mkdir()
    time = np.arange(int(5.1 * 60 * RATE)) / RATE
    for number in range(2):
        beat = np.exp(-12 * (time % 0.5)) * np.sin(2 * np.pi * 60 * time)
        tone = 0.2 * np.sin(2 * np.pi * (220 + 110 * number) * time) * (time % 4 < 2)
        soundfile.write(folder / f"{number}.flac", (0.5 * beat + tone).astype(np.float32), RATE)
    start = tmp_path / "tiny.safetensors"
    write_records_model(start)
    return MineSettings(folder, "clicks", 1e-4, start=str(start), batch=2, device="cpu", threads=1)


def test_it_says_what_it_starts_from(settings: MineSettings) -> None:
    text = expectation(settings, find_material(settings))
    assert "2 songs, 10 minutes of music" in text and "a generator that starts from" in text and "tiny" in text


@pytest.mark.slow
def test_from_songs_to_an_installed_model(settings: MineSettings, capsys: pytest.CaptureFixture[str]) -> None:
    report = train_mine(settings, silent)
    assert report["bpm"] == pytest.approx(120, rel=0.02)
    assert {"flow", "spread", "density_rho", "beat_error_ms", "beat_contrast", "decoded_chroma"} <= set(report)
    model = load_records_model("clicks")
    assert len(model.styles) == 2 and model.info.training["songs"] == ["0: 0", "1: 1"]
    assert load_model("clicks").info.stems == ("mix",)
    assert "density: more music or time (rank correlation" in capsys.readouterr().err

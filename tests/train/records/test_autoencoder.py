"""Training of the universal autoencoder on a folder of records, start to end, tiny."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.model.universal.codec_file import load_codec
from musika_daw.train.records.autoencoder import RecordsAutoencoderSettings, run


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve short songs: scales of decaying tones, each with its own tempo and key."""
    folder = tmp_path_factory.mktemp("records")
    generator = np.random.default_rng(0)
    time = np.arange(4 * 44100) / 44100
    for number in range(12):
        step = 0.2 + 0.02 * number
        hz = 110 * 2 ** (generator.integers(0, 24, len(time) // 4000) / 12)
        pitch = hz[(time / step).astype(int) % len(hz)]
        tone = np.sin(2 * np.pi * np.cumsum(pitch) / 44100) * np.exp(-5 * (time % step)) * 0.3
        hiss = generator.standard_normal(len(time)) * np.exp(-40 * (time % step)) * 0.1
        soundfile.write(folder / f"song {number}.wav", np.stack([tone + hiss, 0.6 * tone - hiss], 1), 44100)
    return folder


def _quiet(_name: str) -> AbstractContextManager[Callable[[float], None]]:
    return nullcontext(lambda share: None)


def _settings(records: Path, run_folder: Path, steps: int) -> RecordsAutoencoderSettings:
    return RecordsAutoencoderSettings(
        run=run_folder, steps=steps, validate_every=10, records=records, latents=24, components=40, width=16,
        batch=2, frames=8, device="cpu",
    )  # fmt: skip


@pytest.mark.slow
def test_training_ends_in_a_codec_and_goes_on_where_it_was(records: Path, tmp_path: Path) -> None:
    figures = run(_settings(records, tmp_path / "run", 20), _quiet)
    assert {"decoded", "linear", "true_features", "shuffled"} == set(figures)
    assert figures["decoded"]["convergence"] < figures["shuffled"]["convergence"]
    assert (tmp_path / "run" / "test.png").is_file()
    codec = load_codec(tmp_path / "run" / "codec.safetensors")
    assert codec.autoencoder.size.latents == 24
    lines = (tmp_path / "run" / "log.jsonl").read_text("utf-8").splitlines()
    kept = float((tmp_path / "run" / "best.txt").read_text())
    objectives = [json.loads(line)["validation"]["objective"] for line in lines]
    assert kept == pytest.approx(min(objectives), abs=1e-4)
    # Started again, it finds itself done.
    assert run(_settings(records, tmp_path / "run", 20), _quiet) == figures
    assert len((tmp_path / "run" / "log.jsonl").read_text("utf-8").splitlines()) == len(lines)

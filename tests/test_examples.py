"""The examples run as they are shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.live_process import live

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def example(name: str, *words: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(EXAMPLES / name), *map(str, words)]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done


def test_a_render_and_an_effect_on_it(tiny_model: Path, tmp_path: Path) -> None:
    said = example("render.py", "--model", tiny_model, "--out", tmp_path, "--bars", 2, "--bpm", 128, 140).stdout
    takes = [Path(line) for line in said.decode().splitlines()]
    assert [take.name for take in takes] == ["at 128 001", "at 140 001"]
    example("own_effect.py", takes[0], "bass", tmp_path / "out.wav")
    wet, rate = soundfile.read(tmp_path / "out.wav")
    dry, _ = soundfile.read(next(takes[0].glob("bass*.wav")))
    assert rate == 44100 and wet.shape == dry.shape
    # Open on every eighth, down between them.
    eighth = 60 / 128 / 2 * rate
    assert np.allclose(wet[0], dry[0], atol=1e-3)
    between = slice(int(0.4 * eighth), int(0.6 * eighth))
    assert np.abs(wet[between]).max() < 0.4 * np.abs(dry[between]).max() + 1e-3


def test_a_bus(tiny_model: Path) -> None:
    sound = np.frombuffer(example("own_bus.py", "--model", tiny_model, "--bars", 1).stdout, "<f4").reshape(-1, 2)
    assert len(sound) > 1.5 * 44100 and np.isfinite(sound).all() and np.abs(sound).max() > 0.001


def test_a_client(tiny_model: Path, tmp_path: Path) -> None:
    with live(tmp_path, tiny_model, "--bus", "null") as process:
        said = example("osc_client.py", "--port", process.port, "--bars", 1).stdout.decode()
    assert said.startswith("bar 1\nbar 2\n")

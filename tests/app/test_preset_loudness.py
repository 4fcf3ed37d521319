"""Presets are equally loud, as ffmpeg's meter after ITU-R BS.1770 hears them: on a stage nobody jumps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from musika_daw.resources import presets_folder

ROOT = Path(__file__).resolve().parents[2]
LOUDNESS_RANGE = 1.0  # LU
FFMPEG = shutil.which("ffmpeg")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(FFMPEG is None, reason="ffmpeg is not installed: its meter judges")]


def loudness(path: Path) -> float:
    """Integrated, in LUFS."""
    assert FFMPEG is not None
    command = [FFMPEG, "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])


def test_presets_are_equally_loud(tmp_path: Path) -> None:
    found = {}
    for preset in sorted(presets_folder().glob("*.toml")):
        words = [
            "render",
            "--preset",
            str(preset),
            "--bars",
            "8",
            "--start-bar",
            "5",
            "--out",
            str(tmp_path / preset.stem),
        ]
        subprocess.run(
            [sys.executable, "-m", "musika_daw.app", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        found[preset.stem] = loudness(next((tmp_path / preset.stem).rglob("mix*.wav")))
    print("\n" + "\n".join(f"{name:<14}{level:6.1f} LUFS" for name, level in found.items()))
    assert max(found.values()) - min(found.values()) <= LOUDNESS_RANGE, found

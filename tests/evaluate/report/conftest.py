"""Findings of a model that does not exist, with sounds and pictures that do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musika_daw.evaluate.report import paper
from musika_daw.evaluate.report.clips import Clip, ClipFolder
from musika_daw.evaluate.report.control import DensityClip, TempoClip
from musika_daw.evaluate.report.findings import Facts, Findings
from musika_daw.evaluate.report.frechet import Distance
from musika_daw.evaluate.report.page import page
from musika_daw.evaluate.report.scores import Row
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.evaluate.report.speed import SpeedRow
from musika_daw.music.notes import MIX, STEMS

RATE = 44100
EARS = ("Listener", "Our encoder")


def sound(seed: int, seconds: float) -> Song:
    random = np.random.default_rng(seed)
    noise = random.normal(0, 0.1, (2, round(seconds * RATE)))
    beat = np.exp(-((np.arange(noise.shape[1]) / RATE % 0.5) * 12))
    return make_song({MIX: (noise * beat).astype(np.float32)})


def row(key: str, name: str, value: float, density: float | None = None) -> Row:
    found = {ear: Distance(value * (1 + i), 0.1 * value, 0.8 * value) for i, ear in enumerate(EARS)}
    return Row(key, name, found, 4.0 + 5 * (density or 0.5), density)


def facts(model: str) -> Facts:
    about = {ear: f"how <{ear}> & co. hear" for ear in EARS}
    command = f"musika-daw eval report --out report --model '{model}'"
    return Facts(
        model, "musika-daw", "CC-BY-4.0", STEMS, "a folder", about, 24, 8.0, 1, 5, 0.1, 23.0, "A processor", 2,
        "2022-12-04", command, {"musika-daw": "1", "torch": "2"},
    )  # fmt: skip


def make_findings(folder: Path, model: str = "a <model> & more") -> Findings:
    clips = ClipFolder(folder)

    def add(key: str, seconds: float = 2.0) -> tuple[Song, Clip]:
        song = sound(len(key), seconds)
        return song, clips.add(key, f"Clip {key}", song.mix)

    at = np.arange(0, 3, 0.1)
    walk = DensityClip(add("walk", 3.0)[0], at, np.abs(np.sin(at)), np.abs(np.cos(at)), 0.9)
    constant = [row(f"density_{d:.2f}", f"{model}, density {d}", 2 + d, d) for d in paper.DENSITIES]
    return Findings(
        facts(model),
        [
            row("real", "Real", 1.0),
            row("random", f"{model}, random density", 2.0),
            *constant,
            row("noise", "Noise", 40.0),
        ],
        {stem: {"real": row("", "", 1.0).distances, "model": row("", "", 2.0).distances} for stem in STEMS},
        0.93,
        {"Real music": [add("real_1")[1]], model: [add("model_1")[1], add("model_2")[1]]},
        [(walk, clips.add("density_1", "Density walk 1", walk.song.mix))],
        [
            (TempoClip(*add("tempo_120")[:1], 120.0, (120.02, 119.9), 2, 3.4), add("tempo_b")[1]),
            (TempoClip(*add("tempo_160")[:1], 160.0, (float("nan"), 106.7), 0, float("nan")), add("tempo_c")[1]),
        ],
        True,
        [SpeedRow(model, {1: 31.2, 2: 52.8}, 0.99), SpeedRow("The paper's networks", {1: 9.1, 2: 15.7})],
    )


@pytest.fixture(scope="session")
def report_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with all that a page can have."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "index.html").write_text(page(make_findings(folder)), encoding="utf-8")
    (folder / "report.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def poor_findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Of a model that knows nothing, measured while other programs ran."""
    found = make_findings(tmp_path_factory.mktemp("poor"))
    return replace(
        found,
        rows=[found.rows[0], row("free", "unconditioned", 3.0), found.rows[-1]],
        stems={},
        density_rho=None,
        density=[],
        tempo_known=False,
        speeds=[replace(found.speeds[0], processor_share=0.4), found.speeds[1]],
    )

"""Whole reports of tiny models of both families, from the command line; what is wrong is one line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from musika_daw.app.main import main
from musika_daw.evaluate.report import control, paper, run
from musika_daw.evaluate.report.embeddings import Encoder, Listener
from musika_daw.evaluate.report.speed import SpeedRow
from musika_daw.model.model_file import Networks
from musika_daw.model.official.conditions import CONDITION_SIGNALS, condition_channels
from musika_daw.model.official.networks import PLAYING, make_network
from musika_daw.model.official.official_file import official_info, save_official
from musika_daw.model.official.sizes import OfficialSize

RATE = 44100


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tiny_networks: Networks) -> None:
    """Short clips, a small encoder, and none of the paper's large networks."""
    monkeypatch.setattr(paper, "FIGURE_SECONDS", 12.0)
    monkeypatch.setattr(control, "_TEMPO_SONGS", 1)
    monkeypatch.setattr(run, "known_embeddings", lambda: [Listener(), Encoder(tiny_networks.drums)])
    monkeypatch.setattr(run, "architecture_speeds", lambda *_: [SpeedRow("The paper's networks", {1: 9.0})])


def official(path: Path, signals: tuple[str, ...]) -> Path:
    size = OfficialSize(hop=32, base=8, conditions=condition_channels(signals))
    torch.manual_seed(4)
    weights = {name: make_network(name, size).state_dict() for name in PLAYING}
    told = {name: CONDITION_SIGNALS[name] for name in signals}
    save_official(path, dataclasses.replace(official_info(path.stem, size), signals=told), weights)
    return path


def music(folder: Path) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for name in ("a", "b"):
        beat = np.exp(-9 * (np.arange(20 * RATE) / RATE % 0.5))
        soundfile.write(
            folder / f"{name}.wav", 0.2 * beat[:, None] * random.normal(size=(20 * RATE, 2)).clip(-3, 3), RATE
        )
    return folder


def report(capsys: pytest.CaptureFixture[str], out: Path, *options: str) -> dict[str, object]:
    words = ["eval", "report", "--out", str(out), "--seconds", "16", "--trials", "1", "--threads", "1", "--json"]
    assert main([*words, *options]) == 0
    printed = capsys.readouterr()
    figures = json.loads(printed.out)
    assert figures.pop("page") == str(out / "index.html") and (out / "index.html").is_file()
    assert figures == json.loads((out / "report.json").read_text())
    assert "took" in printed.err
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []
    return figures


@pytest.mark.slow
def test_a_report_of_our_own_kind(tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = report(capsys, tmp_path / "report", "--model", str(tiny_model))
    assert list(figures["fad"]) == [
        "real", "random", *(f"density_{density:.2f}" for density in paper.DENSITIES), "shuffled", "noise"
    ]  # fmt: skip
    fad = {key: row["Listener"]["fad"] for key, row in figures["fad"].items()}
    assert 0 < fad["real"] < fad["random"] and fad["real"] < fad["noise"]
    assert set(figures["fad_of_stems"]) == {"drums", "bass", "chords", "lead"}
    assert len(figures["density"]["rho_of_bars"]) == 2 and len(figures["tempo"]) == 2
    sounds = {path.stem for path in (tmp_path / "report" / "audio").iterdir()}
    assert {"real_1", "model_1", "model_1_drums", "shuffled", "noise", "density_1", "tempo_160"} <= sounds


@pytest.mark.slow
def test_a_report_of_an_official_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reference = str(music(tmp_path / "music"))
    plain = str(official(tmp_path / "plain.safetensors", ()))
    figures = report(capsys, tmp_path / "report", "--model", plain, "--reference", reference)
    assert list(figures["fad"]) == ["real", "free", "shuffled", "noise"]
    assert figures["fad_of_stems"] == {} and figures["density"]["rho_of_songs"] is None
    told = str(official(tmp_path / "told.safetensors", ("density",)))
    figures = report(capsys, tmp_path / "second", "--model", told, "--reference", reference)
    assert "density_0.45" in figures["fad"] and len(figures["density"]["rho_of_bars"]) == 2
    assert "does not know tempo" in (tmp_path / "second" / "index.html").read_text()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--seconds", "3"], 2, "--seconds 3 is out of range: expected 16 to 36000"),
        (["--trials", "0"], 2, "--trials 0 is out of range"),
        (["--onset-threshold", "1.5"], 2, "--onset-threshold 1.5 is out of range"),
        (["--model", "nothing"], 2, "model 'nothing' is not known"),
        (["--reference", "nowhere"], 1, "nowhere is not a folder"),
        ([], 1, "is already there"),
    ],
)
def test_what_is_wrong_is_one_line(
    options: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report"
    if not options:
        out.mkdir()
        (out / "index.html").touch()
    assert main(["eval", "report", "--out", str(out), *options]) == code
    printed = capsys.readouterr()
    assert said in printed.err and printed.err.count("\n") == 1 and printed.out == ""
    assert list(tmp_path.iterdir()) == ([] if options else [out])

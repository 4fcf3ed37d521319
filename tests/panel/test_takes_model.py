"""Takes appear when they are whole, and go out as files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from musika_daw.panel.takes_model import TakesModel, read_take
from tests.panel.conftest import Wait

FACTS = {
    "length_samples": 44100 * 75,
    "sample_rate": 44100,
    "tempo_map": {"points": [[0.0, 128.0]], "ramps": False},
    "key": "Am",
    "files": {"drums": "drums.wav", "bass": "bass.wav", "mix": "mix.wav"},
}


def make(folder: Path, facts: object = FACTS) -> Path:
    folder.mkdir(parents=True)
    for name in ("drums.wav", "bass.wav", "mix.wav", "bass.mid"):
        (folder / name).write_bytes(b"x")
    (folder / "take.json").write_text(json.dumps(facts))
    return folder


def test_a_take_shows_what_one_has_to_know(tmp_path: Path) -> None:
    row = read_take(make(tmp_path / "take 001"))
    assert row is not None and (row.bpm, row.key, row.length) == ("128", "Am", "1:15")
    assert list(row.files) == ["drums", "bass", "mix"] and list(row.notes) == ["bass"]


@pytest.mark.parametrize(
    "facts", [None, [], {}, {**FACTS, "files": []}, {**FACTS, "sample_rate": 0}, {**FACTS, "tempo_map": {"points": []}}]
)
def test_what_is_no_take_is_passed_over(tmp_path: Path, facts: object) -> None:
    assert read_take(make(tmp_path / "x", facts)) is None


def test_they_appear_when_they_are_whole_newest_first(tmp_path: Path, wait: Wait) -> None:
    takes = tmp_path / "Musika"
    model = TakesModel(takes)
    assert model.count == 0
    takes.mkdir()
    wait(lambda: str(takes) in model._watcher.directories())
    hidden = make(takes / ".take 001.partial-1", None)
    (hidden / "take.json").write_text(json.dumps(FACTS))
    hidden.rename(takes / "take 001")
    wait(lambda: model.count == 1)
    (takes / "latest").symlink_to("take 001")
    make(takes / "take 002")
    wait(lambda: model.count == 2)


def test_files_go_out_as_they_lie(tmp_path: Path, wait: Wait) -> None:
    make(tmp_path / "Musika" / "it's #1")
    model = TakesModel(tmp_path / "Musika")
    drums, everything = model.audio(0, "drums"), model.audio(0, "all").split("\r\n")
    assert Path(QUrl(drums).toLocalFile()).read_bytes() == b"x"
    assert [Path(QUrl(url).toLocalFile()).name for url in everything] == ["drums.wav", "bass.wav"]
    assert Path(QUrl(model.midi(0, "bass")).toLocalFile()).name == "bass.mid" and model.midi(0, "drums") == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the wastebasket is the system's own")
def test_a_take_goes_to_the_wastebasket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    make(tmp_path / "Musika" / "take 001")
    model = TakesModel(tmp_path / "Musika")
    assert model.throw_away(0) and model.rowCount() == 0
    assert not (tmp_path / "Musika" / "take 001").exists()
    (kept,) = (tmp_path / "data" / "Trash" / "files").iterdir()
    assert (kept / "take.json").is_file()


def test_a_take_that_was_cut_short_says_so(tmp_path: Path) -> None:
    row = read_take(make(tmp_path / "take 001", {**FACTS, "unfinished": True}))
    assert row is not None and row.unfinished

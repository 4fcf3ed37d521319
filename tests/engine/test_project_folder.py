"""Takes go where the DAW that owns the project folder looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.engine.take.project_folder import takes_folder
from musika_daw.engine.take.take_folder import TakeFolder


def test_a_folder_of_nobodys(tmp_path: Path) -> None:
    assert takes_folder(tmp_path) == tmp_path / "Musika"
    assert takes_folder(tmp_path / "not there") == tmp_path / "not there" / "Musika"


def test_folders_of_daws(tmp_path: Path) -> None:
    live, bitwig, ardour = (tmp_path / name for name in ("Song Project", "bitwig", "ardour"))
    (live / "Ableton Project Info").mkdir(parents=True)
    for folder, name in ((bitwig, "song.bwproject"), (ardour, "song.ardour")):
        folder.mkdir()
        (folder / name).touch()
    assert takes_folder(live) == live / "Samples" / "Imported" / "Musika"
    assert takes_folder(bitwig) == bitwig / "samples" / "Musika"
    assert takes_folder(ardour) == ardour / "Musika"


@pytest.mark.parametrize(
    ("line", "media"),
    [
        ('  RECORD_PATH "Media" ""\n', "Media"),
        ("  RECORD_PATH Audio\n", "Audio"),
        ('  RECORD_PATH "" ""\n', "."),
        ('  RECORD_PATH "/elsewhere" ""\n', "."),
        ('  RECORD_PATH "../up" ""\n', "."),
        ("", "."),
    ],
)
def test_reaper_says_where_its_media_are(tmp_path: Path, line: str, media: str) -> None:
    (tmp_path / "song.RPP").write_bytes(b'<REAPER_PROJECT 0.1 "7.0" 0\n' + line.encode() + b"\xff\n>\n")
    assert takes_folder(tmp_path) == tmp_path / media / "Musika"


def test_latest_leads_to_the_last_take(tmp_path: Path) -> None:
    for number in (1, 2):
        folder = TakeFolder(tmp_path, "take")
        (folder.path / "x").touch()
        final = folder.publish()
        assert (tmp_path / "Musika" / "latest").resolve() == final.resolve() and final.name == f"take 00{number}"


def test_a_folder_called_latest_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "Musika" / "latest"
    mine.mkdir(parents=True)
    TakeFolder(tmp_path, "take").publish()
    assert not mine.is_symlink() and sorted(p.name for p in (tmp_path / "Musika").iterdir()) == ["latest", "take 001"]

"""Free records: packages unpacked, artists and licences found, clear lines where nothing can be fetched."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UserError
from musika_daw.train.records import free_music
from musika_daw.train.records.corpus import TEST, TRAIN, VALIDATION, open_records
from musika_daw.train.records.free_music import PACKAGES, describe, fetch_free_music

_COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2002 The Team
License: GPL-2+

Files:
 base/music/van_theme.ogg
 base/music/David01.ogg
Copyright:
 Manuel "Vanethian" Marino
License: CC-BY-3.0

Files: base/music/Crystan-One.ogg
Copyright: Christian Hoffmann
License: CC-BY-SA-3.0
"""
needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages are made with dpkg-deb")


def _song(path: Path, artist: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(path, "w", 8000, 1, format="OGG", subtype="VORBIS") as file:
        if artist:
            file.artist = artist
        file.write(np.zeros(24000))


def test_artist_and_licence_of_each_track(tmp_path: Path) -> None:
    for name in ("van_theme.ogg", "Crystan-One.ogg", "PsymongN1.ogg", "other.ogg"):
        _song(tmp_path / name, "Somebody" if name == "other.ogg" else "")
    (tmp_path / "copyright").write_text(_COPYRIGHT, "utf-8")
    found = {record.path.name: record for record in describe(tmp_path, PACKAGES[0])}
    assert found["van_theme.ogg"].licence == "CC-BY-3.0" and "Vanethian" in found["van_theme.ogg"].artist
    assert found["Crystan-One.ogg"].licence == "CC-BY-SA-3.0" and found["Crystan-One.ogg"].part == TEST
    assert found["PsymongN1.ogg"].licence == PACKAGES[0].licence and found["PsymongN1.ogg"].part == TRAIN
    assert found["other.ogg"].artist == "Somebody"


def test_titles_of_album_files(tmp_path: Path) -> None:
    _song(tmp_path / "track1.ogg")
    track = {"filename": "track1.ogg", "title": "Nuclear Heartbeat", "author": "LupusMechanicus"}
    (tmp_path / "aftermath.json").write_text(json.dumps({"tracks": [track]}), "utf-8")
    (record,) = describe(tmp_path, PACKAGES[1])
    assert (record.artist, record.title) == ("LupusMechanicus", "Nuclear Heartbeat")
    (tmp_path / "aftermath.json").write_text("[]", "utf-8")
    with pytest.raises(UserError, match="no album file"):
        describe(tmp_path, PACKAGES[1])


def _package(name: str, folder: Path, build: Path) -> None:
    """A package as Debian's: its songs in a .pk3 or in a folder."""
    root = build / name
    (root / "DEBIAN").mkdir(parents=True)
    lines = f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <n@example.org>\nDescription: music\n"
    (root / "DEBIAN" / "control").write_text(lines, "utf-8")
    song = build / f"{name} song.ogg"
    _song(song, f"artist of {name}")
    data = root / "usr" / "share" / "games" / name
    data.mkdir(parents=True)
    if name in ("ufoai-music", "nexuiz-music"):
        with zipfile.ZipFile(data / "music.pk3", "w") as archive:
            archive.write(song, "music/song.ogg")
    else:
        shutil.copy(song, data / "song.ogg")
    folder.mkdir(exist_ok=True)
    deb = shutil.which("dpkg-deb") or ""
    command = [deb, "-b", str(root), str(folder / f"{name}_1_all.deb")]
    subprocess.run(command, check=True, capture_output=True)


@needs_dpkg
def test_packages_become_a_corpus(tmp_path: Path) -> None:
    for package in PACKAGES:
        _package(package.name, tmp_path / "packages", tmp_path / "build")
    shares: list[float] = []
    records = fetch_free_music(tmp_path / "corpus", shares.append, tmp_path / "packages")
    assert shares[-1] == 1.0
    assert {record.part for record in records} == {TRAIN, VALIDATION, TEST}
    assert open_records(tmp_path / "corpus") == records
    assert sorted(p.name for p in (tmp_path / "corpus").iterdir()) == sorted(
        ["manifest.json", *(package.name for package in PACKAGES)]
    )
    # What is there is not unpacked again.
    (tmp_path / "corpus" / "nexuiz-music" / "song.ogg").touch()
    assert fetch_free_music(tmp_path / "corpus", shares.append, tmp_path / "packages") == records


def test_no_apt_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"no apt-get.*folder of music of your own"):
        fetch_free_music(tmp_path / "corpus", lambda share: None)


def test_no_network_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "apt-get"
    program.write_text("#!/bin/sh\necho 'E: Could not resolve deb.example.org' >&2\nexit 100\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(UserError, match=r"cannot be fetched \(E: Could not resolve.*network"):
        fetch_free_music(tmp_path / "corpus", lambda share: None)
    assert not (tmp_path / "corpus" / "manifest.json").exists()


def test_a_broken_package_is_one_line(tmp_path: Path) -> None:
    if shutil.which("dpkg") is None:
        pytest.skip("no dpkg")
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / f"{free_music.PACKAGES[0].name}_1_all.deb").write_bytes(b"not a package")
    with pytest.raises(UserError, match="cannot be unpacked"):
        fetch_free_music(tmp_path / "corpus", lambda share: None, tmp_path / "packages")

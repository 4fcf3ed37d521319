"""A corpus of records: manifest, folders without one, parts by artist."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.errors import UserError
from musika_daw.train.records.corpus import (
    MANIFEST,
    PARTS,
    TRAIN,
    Record,
    open_records,
    part_of_artist,
    read_mid_side,
    records_for,
    write_manifest,
)


def _song(path: Path, seconds: float = 3.0, rate: int = 44100, artist: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(round(seconds * rate)) / rate
    left = 0.2 * np.sin(2 * np.pi * 440 * time)
    with soundfile.SoundFile(path, "w", rate, 2) as file:
        if artist:
            file.artist = artist
        file.write(np.stack([left, 0.5 * left], 1))
    return path


def test_manifest_keeps_artist_licence_and_part(tmp_path: Path) -> None:
    record = Record(_song(tmp_path / "a" / "one.wav"), "Björk-like", "One", "CC-BY-4.0", "a", TRAIN, 3.0)
    write_manifest(tmp_path, [record])
    assert open_records(tmp_path) == [record]
    assert str(tmp_path) not in (tmp_path / MANIFEST).read_text("utf-8")  # the folder can be moved
    record.path.unlink()
    with pytest.raises(UserError, match="1 files that are not there"):
        open_records(tmp_path)
    (tmp_path / MANIFEST).write_text("{}", "utf-8")
    with pytest.raises(UserError, match="no manifest"):
        open_records(tmp_path)


def test_any_folder_is_a_corpus_by_tags_and_folders(tmp_path: Path) -> None:
    _song(tmp_path / "somebody" / "one.wav", artist="By Tag")
    _song(tmp_path / "somebody" / "two.wav")
    found = {record.title: record for record in open_records(tmp_path)}
    assert found["one"].artist == "By Tag" and found["two"].artist == "somebody"
    assert found["two"].part == part_of_artist("somebody")


def test_an_artist_has_one_part_and_parts_have_their_shares() -> None:
    parts = [part_of_artist(f"artist {k}") for k in range(1000)]
    assert part_of_artist("ARTIST 1") == part_of_artist("artist 1")
    shares = {part: parts.count(part) / 1000 for part in PARTS}
    assert shares["train"] == pytest.approx(0.8, abs=0.05) and shares["test"] == pytest.approx(0.1, abs=0.04)


def test_few_artists_still_hold_tracks_out() -> None:
    records = [Record(Path(f"{k}.wav"), "one", str(k), "own", "mine", TRAIN, 60.0) for k in range(12)]
    parts = [records_for(records, part) for part in PARTS]
    assert [len(part) for part in parts] == [10, 1, 1]
    assert not {r.path for r in parts[0]} & {r.path for r in parts[1] + parts[2]}
    with pytest.raises(UserError, match="at least 3"):
        records_for(records[:2], TRAIN)


def test_reading_gives_mid_and_side_at_our_rate(tmp_path: Path) -> None:
    path = _song(tmp_path / "one.wav", rate=48000)
    record = Record(path, "a", "b", "c", "d", TRAIN, 3.0)
    mid, side = read_mid_side(record)
    assert len(mid) == 3 * 44100
    inner = slice(4410, -4410)
    assert np.allclose(side[inner], mid[inner] / 3, atol=1e-3)  # of left and half of it
    assert read_mid_side(record, 44100, 500).shape == (2, 500)

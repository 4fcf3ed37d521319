"""A corpus of records: sound files, and a manifest that says who made each, under which licence, and what it is for.

Artists are kept together: what is held out is by people whose music was not trained on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.analysis.mid_side import mid_side
from musika_daw.errors import UserError
from musika_daw.model.universal.layout import SAMPLE_RATE
from musika_daw.storage.files import write_text
from musika_daw.train.music_file import MusicFile, NoMusicError, measure_file
from musika_daw.train.music_folder import find_music, read_stretch

TRAIN, VALIDATION, TEST = PARTS = ("train", "validation", "test")
MANIFEST = "manifest.json"
_HELD_OUT = 0.1  # share of artists, for validation and for test each
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Record:
    """A track.

    Attributes:
        path: of its sound file.
        licence: in words, or an SPDX name.
        source: where it comes from.
        part: what it is for, one of `PARTS`.
        seconds: how long it is.
    """

    path: Path
    artist: str
    title: str
    licence: str
    source: str
    part: str
    seconds: float

    @property
    def key(self) -> str:
        """A name for files that are made of it."""
        return f"{self.source}__{self.path.stem}".replace(" ", "_").replace("/", "_")


def part_of_artist(artist: str) -> str:
    """What an artist's music is for, always the same: one in ten for validation, one in ten for test."""
    place = int.from_bytes(hashlib.sha256(artist.casefold().encode()).digest()[:4], "big") / 2**32
    return VALIDATION if place < _HELD_OUT else TEST if place < 2 * _HELD_OUT else TRAIN


def write_manifest(folder: Path, records: Sequence[Record]) -> None:
    """Say what each file of a folder is; paths are kept relative to it."""
    rows = [asdict(record) | {"path": record.path.relative_to(folder).as_posix()} for record in records]
    write_text(folder / MANIFEST, json.dumps({"version": 1, "records": rows}, indent=1, ensure_ascii=False))


def open_records(folder: Path) -> list[Record]:
    """Every record of a folder: by its manifest, or of any folder of music by tags and the names of folders.

    Raises:
        UserError: the folder has no music, or its manifest cannot be understood.
    """
    if (folder / MANIFEST).is_file():
        return _read_manifest(folder)
    return [_record_of(file, folder) for file in find_music(folder).files]


def _read_manifest(folder: Path) -> list[Record]:
    path = folder / MANIFEST
    try:
        rows = json.loads(path.read_text("utf-8"))["records"]
        records = [Record(**(row | {"path": folder / row["path"]})) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is no manifest of records ({error}): fetch the corpus again or delete it") from error
    missing = [record.path for record in records if not record.path.is_file()]
    if missing or not records:
        raise UserError(f"{path} names {len(missing)} files that are not there, e.g. {missing[:1]}: fetch them again")
    return records


def _record_of(file: MusicFile, folder: Path) -> Record:
    with soundfile.SoundFile(file.path) as opened:
        tags = opened.copy_metadata()
    inner = file.path.relative_to(folder)
    artist = tags.get("artist") or (inner.parts[0] if len(inner.parts) > 1 else "") or file.path.stem
    licence = tags.get("license") or tags.get("copyright") or UNKNOWN
    title = tags.get("title") or file.path.stem
    return Record(file.path, artist, title, licence, folder.name, part_of_artist(artist), file.seconds)


def records_for(records: Sequence[Record], part: str) -> list[Record]:
    """Those of a part, longer than two seconds; of few artists the last tracks where a part would be empty.

    Raises:
        UserError: there are too few tracks to hold any out.
    """
    whole = [record for record in records if record.seconds > 2.0]
    if len(whole) < 3:
        raise UserError(f"{len(whole)} tracks of two seconds or more: expected at least 3, to hold one out")
    if all(any(record.part == each for record in whole) for each in PARTS):
        return [record for record in whole if record.part == part]
    held = max(1, len(whole) // 10)
    return {TRAIN: whole[: -2 * held], VALIDATION: whole[-2 * held : -held], TEST: whole[-held:]}[part]


def open_file(record: Record) -> MusicFile:
    """The record's sound file, measured.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return measure_file(record.path)
    except NoMusicError as error:
        raise UserError(f"{record.path} {error}: fetch it again, or take it out of the corpus") from error


def read_mid_side(record: Record, start: int = 0, samples: int | None = None) -> NDArray[np.float32]:
    """A stretch at 44.1 kHz, `[2, samples]` mid and side; all of it by default, silence beyond its end."""
    file = open_file(record)
    count = round(file.seconds * SAMPLE_RATE) - start if samples is None else samples
    return mid_side(read_stretch(file, start, count, SAMPLE_RATE))

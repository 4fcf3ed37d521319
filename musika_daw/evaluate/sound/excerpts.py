"""Excerpts that are judged: ten seconds each, equally loud, and of which track each is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.errors import UserError
from musika_daw.evaluate.report.real_music import CorpusMusic
from musika_daw.evaluate.sound.loudness import integrated_loudness
from musika_daw.train.music_file import MusicFile
from musika_daw.train.music_folder import find_music, read_stretch
from musika_daw.train.records.corpus import MANIFEST, Record, open_file, open_records

SECONDS = 10.0
_LUFS = -20.0
_SILENT_LUFS = -60.0
_TAKE = "take.json"


@dataclass(frozen=True)
class Excerpt:
    """`sound`: `[2, samples]` at -20 LUFS; `lufs`: how loud it was before; `track`, `artist`: whose it is."""

    track: str
    artist: str
    sound: Audio
    lufs: float


@dataclass(frozen=True)
class Source:
    """A track that excerpts are read from: `read(start second) -> [2, samples]`."""

    track: str
    artist: str
    seconds: float
    read: Callable[[float], Audio]


def excerpts_of(sources: Sequence[Source], each: int) -> Iterator[Excerpt]:
    """`each` excerpts of every track, evenly spread over its inner part; silent ones are left out."""
    for source in sources:
        room = source.seconds - SECONDS
        if room < -0.5:
            continue
        for k in range(each):
            sound = source.read(max(0.0, room * (k + 1) / (each + 1)))
            excerpt = levelled(source.track, source.artist, sound)
            if excerpt.lufs > _SILENT_LUFS:
                yield excerpt


def folder_sources(folder: Path) -> list[Source]:
    """The tracks of a folder: records by their manifest, of takes the mixes, else every sound file.

    Raises:
        UserError: there is no music long enough.
    """
    if (folder / MANIFEST).is_file():
        found = [_record_source(record) for record in open_records(folder)]
    else:
        files = [file for file in find_music(folder).files if not _is_stem_of_take(file.path)]
        found = [
            Source(file.path.relative_to(folder).as_posix(), file.path.parent.name, file.seconds, _reader(file))
            for file in files
        ]
    if not any(source.seconds >= SECONDS - 0.5 for source in found):
        raise UserError(f"{folder} has no sound of {SECONDS:g} s or more: expected at least one track of that length")
    return found


def _is_stem_of_take(path: Path) -> bool:
    return (path.parent / _TAKE).is_file() and not path.name.startswith("mix")


def _record_source(record: Record) -> Source:
    return Source(f"{record.source}/{record.path.name}", record.artist, record.seconds, _reader(open_file(record)))


def _reader(file: MusicFile) -> Callable[[float], Audio]:
    return lambda start: read_stretch(file, round(start * SAMPLE_RATE), int(SECONDS * SAMPLE_RATE), SAMPLE_RATE)


def levelled(track: str, artist: str, sound: Audio) -> Excerpt:
    """A sound at the loudness that all are judged at."""
    lufs = integrated_loudness(sound)
    return Excerpt(track, artist, sound * np.float32(10 ** ((_LUFS - lufs) / 20)), lufs)


def corpus_excerpts(songs: int) -> Iterator[Excerpt]:
    """Mixes of the synthesised corpus, of compositions and styles that no model was trained on."""
    for index, song in enumerate(CorpusMusic(songs, 1).make(0)):
        yield levelled(f"corpus {index}", f"corpus {index}", song.mix[:, : int(SECONDS * SAMPLE_RATE)])

"""Multitracks in a folder of music: songs whose stems are files, told from the names of folders and files.

Three layouts are known: a folder for each song (`song/drums.wav`), and files side by side that name the song before the
stem (`song_drums.wav`) or after it (`drums_song.wav`). A stem is called after the first word of its file's name (of the
part that names the stem), numbers before it and what all files of the song begin with left aside: `drums.wav`,
`01 Drums.wav` and `drums_128bpm_Am.wav` are all `drums`. Files of one song and one name are one stem.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import numpy as np

from musika_daw.errors import UsageError, UserError
from musika_daw.music.notes import MIX, STEMS
from musika_daw.train.music_folder import SILENT, MusicFile, MusicFolder, read_stretch
from musika_daw.train.songs import Material, Song

MAX_STEMS = 8
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PARTS = re.compile(r"_| - ")
_NO_STEMS = frozenset((MIX, "master", "all"))  # what is played of all stems together
_LOOK_SECONDS = 20.0
_TOLD_SECONDS = 1.0

Sheet = Mapping[str, Mapping[str, Sequence[MusicFile]]]
"""Song -> stem -> files."""


def find_multitracks(music: MusicFolder, root: Path, wanted: Sequence[str] = ()) -> Material | None:
    """The multitracks of a folder of music; None where its files are songs of their own.

    Without `wanted`, stems are the names that half of the songs have; two at least, of two songs at least, which most
    files belong to. With it, one song is enough, and its files may lie in the folder itself.

    Raises:
        UserError: there are too many stems, or no song has those that are wanted.
    """
    fitting = []
    for layout in (_by_folder, _stem_last, _stem_first):
        sheet = layout(music.files, root, bool(wanted))
        stems = _in_order(wanted or _common(sheet))
        if _fits(sheet, stems, len(music.files), bool(wanted)):
            fitting.append((sheet, stems))
    if not fitting:
        if wanted:
            told = ", ".join(wanted)
            raise UserError(
                f"no song in {root} has the stems {told}: expected {root}/SONG/{wanted[0]}.wav and so on, or "
                f"{root}/SONG_{wanted[0]}.wav"
            )
        return None
    # Files side by side could be read either way: there are more songs than stems.
    sheet, stems = min(fitting, key=lambda read: len(read[1]))
    if len(stems) > MAX_STEMS:
        raise UserError(
            f"{root} holds {len(stems)} stems ({', '.join(stems)}): expected {MAX_STEMS} at most; choose them with "
            "--stems"
        )
    material = _assembled(sheet, stems)
    beside = len(music.files) - sum(len(files) for song in sheet.values() for files in song.values())
    more = (f"left out: {beside} files that belong to no song",) if beside else ()
    return replace(material, remarks=(*material.remarks, *more))


def _by_folder(files: Sequence[MusicFile], root: Path, whole: bool) -> Sheet:
    """`whole`: the root is a song, too."""
    folders: dict[Path, list[MusicFile]] = defaultdict(list)
    for file in files:
        if whole or file.path.parent != root:
            folders[file.path.parent].append(file)
    sheet = {}
    for folder, inside in folders.items():
        shared = _shared_beginning([file.path.stem for file in inside])
        name = folder.relative_to(root).as_posix() if folder != root else root.resolve().name
        sheet[name] = _by_stem((file.path.stem.removeprefix(shared), file) for file in inside)
    return sheet


def _shared_beginning(names: Sequence[str]) -> str:
    """What all names begin with, up to the last border of words: `bass` and `bassoon` do not begin alike."""
    if len(names) < 2:
        return ""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return re.sub(r"[^\W_]*$", "", "".join(letters[0] for letters in alike))


def _stem_last(files: Sequence[MusicFile], root: Path, _whole: bool) -> Sheet:
    return _side_by_side(files, root, lambda parts: (parts[:-1], parts[-1]))


def _stem_first(files: Sequence[MusicFile], root: Path, _whole: bool) -> Sheet:
    return _side_by_side(files, root, lambda parts: (parts[1:], parts[0]))


def _side_by_side(files: Sequence[MusicFile], root: Path, split: Callable[[list[str]], tuple[list[str], str]]) -> Sheet:
    songs: dict[str, list[tuple[str, MusicFile]]] = defaultdict(list)
    for file in files:
        parts = _PARTS.split(file.path.stem)
        if len(parts) > 1:
            song, stem = split(parts)
            songs[(file.path.parent.relative_to(root) / "_".join(song)).as_posix()].append((stem, file))
    return {song: _by_stem(named) for song, named in songs.items()}


def _by_stem(named: Iterable[tuple[str, MusicFile]]) -> dict[str, list[MusicFile]]:
    stems: dict[str, list[MusicFile]] = defaultdict(list)
    for name, file in named:
        stems[stem_name(name)].append(file)
    return stems


def stem_name(text: str) -> str:
    """The first word, in small plain letters, as addresses and options have it; empty where there is none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = _WORD.search(plain)
    return found[0] if found else ""


def stem_names(text: str) -> tuple[str, ...]:
    """`drums,bass,vocals` -> names.

    Raises:
        UsageError: one of them cannot be a stem's.
    """
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if stem_name(name) != name or not name or name in _NO_STEMS:
            raise UsageError(
                f"stem {name!r} is not possible: expected one word in small letters, e.g. drums,bass,vocals"
            )
    return names


def _common(sheet: Sheet) -> list[str]:
    counted = Counter(stem for stems in sheet.values() for stem in stems if stem and stem not in _NO_STEMS)
    return [stem for stem, songs in counted.items() if songs >= max(len(sheet) / 2, 2)]


def _in_order(stems: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(stems, key=lambda stem: (STEMS.index(stem) if stem in STEMS else len(STEMS), stem)))


def _fits(sheet: Sheet, stems: Sequence[str], files: int, wanted: bool) -> bool:
    songs = [song for song in sheet.values() if _complete(song, stems)]
    if wanted:
        return bool(songs)
    used = sum(len(song[stem]) for song in songs for stem in stems if stem in song)
    return len(stems) > 1 and len(songs) >= max(2, len(sheet) / 2) and used >= files / 2


def _complete(song: Mapping[str, Sequence[MusicFile]], stems: Sequence[str]) -> bool:
    """Whether it has half of the stems at least."""
    return sum(stem in song for stem in stems) >= max(len(stems) / 2, 1)


def _assembled(sheet: Sheet, stems: tuple[str, ...]) -> Material:
    remarks, songs, others = [], [], Counter[str]()
    for name, parts in sorted(sheet.items()):
        others.update(stem or "without a name" for stem, files in parts.items() if stem not in stems for _ in files)
        heard = {stem: tuple(file for file in parts.get(stem, ()) if _sounds(file)) for stem in stems}
        if not _complete({stem: files for stem, files in heard.items() if files}, stems):
            remarks.append(f"skipped: {name} has too few of the stems")
            continue
        song = Song(name, tuple(heard.values()))
        remarks += _remarks(song, heard)
        songs.append(song)
    if others:
        remarks.append("left out: " + ", ".join(f"{stem} ({count})" for stem, count in others.items()))
    silent = [stem for i, stem in enumerate(stems) if not any(song.stems[i] for song in songs)]
    if silent:
        raise UserError(f"{', '.join(silent)} is silent in every song: choose other stems with --stems")
    return Material(stems, tuple(songs), tuple(remarks))


def _remarks(song: Song, heard: Mapping[str, Sequence[MusicFile]]) -> list[str]:
    lines = []
    for stem, files in heard.items():
        short = song.seconds - max((file.seconds for file in files), default=0.0)
        if not files:
            lines.append(f"{song.name}: {stem} is silent")
        elif short > _TOLD_SECONDS:
            lines.append(f"{song.name}: {stem} ends {short:.0f} s before the song, and is silent from there")
    return lines


def _sounds(file: MusicFile) -> bool:
    """Whether anything is heard in a file; mostly its beginning tells."""
    samples = int(_LOOK_SECONDS * file.rate)
    starts = range(0, file.frames, samples)
    return any(float(np.abs(read_stretch(file, start, samples, file.rate)).max()) >= SILENT for start in starts)

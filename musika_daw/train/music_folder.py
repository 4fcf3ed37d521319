"""A folder of music as people have it: any format, rate and number of channels; what cannot be read is named."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.train.music_file import MusicFile, NoMusicError, measure_file, plain_name, read_frames

__all__ = [
    "MusicFile",
    "MusicFolder",
    "Stretch",
    "find_music",
    "name_files",
    "read_music",
    "read_stretch",
    "split_music",
]
ENDINGS = frozenset(
    (
        *(".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd"),
        *(".flac", ".mp3", ".ogg", ".oga", ".opus"),
    )
)
# Music that nothing here can read.
_PASSED_OVER = frozenset(
    (
        *(
            ".m4a",
            ".m4b",
            ".aac",
            ".alac",
            ".wma",
            ".ape",
            ".wv",
            ".mpc",
            ".tta",
            ".dsf",
            ".dff",
            ".ac3",
            ".dts",
            ".mka",
        ),
        *(".mp4", ".m4v", ".mov", ".mkv", ".avi", ".webm", ".wmv"),
    )
)
# Waste baskets, snapshots and previews of systems and network drives; those that begin with a dot are left out anyway.
_SYSTEM_FOLDERS = frozenset(
    (
        *("$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "__macosx", "@eadir"),
        *("#recycle", "@recycle", "@recently-snapshot", "#snapshot", "network trash folder", "temporary items"),
    )
)
SILENT = 1e-4  # -80 dBFS
_PADDING = 512  # samples around an excerpt, for the resampler's filter
_ONE_OF = 12  # is held out


@dataclass(frozen=True)
class MusicFolder:
    """What a folder holds.

    Attributes:
        files: in the order of their paths.
        skipped: files that cannot be used, each with the reason.
        passed_over: endings of music that cannot be read at all, and how many files have them.
    """

    files: tuple[MusicFile, ...]
    skipped: tuple[tuple[Path, str], ...]
    passed_over: tuple[tuple[str, int], ...] = ()

    @property
    def seconds(self) -> float:
        return sum(file.seconds for file in self.files)

    def left_out(self) -> tuple[str, ...]:
        """A line for each file that cannot be used, and one for those of other formats."""
        lines = [f"{plain_name(path)} {reason}" for path, reason in self.skipped]
        if self.passed_over:
            count = sum(n for _, n in self.passed_over)
            kinds = ", ".join(f"{n} {ending}" for ending, n in self.passed_over)
            lines.append(f"{count} files of other formats: {kinds} (convert them to wav or flac)")
        return tuple(lines)


def find_music(folder: Path) -> MusicFolder:
    """Every file of music in a folder and the folders in it, less waste baskets and the like.

    Raises:
        UserError: there is no such folder, or no music in it.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder: expected one with music in it")
    files: list[MusicFile] = []
    skipped: list[tuple[Path, str]] = []
    passed_over: Counter[str] = Counter()
    for path in _walk(folder, skipped):
        ending = path.suffix.lower()
        passed_over[ending] += ending in _PASSED_OVER
        if ending not in ENDINGS or not path.is_file():
            continue
        try:
            files.append(measure_file(path))
        except NoMusicError as error:
            skipped.append((path, str(error)))
    others = tuple((ending, n) for ending, n in passed_over.most_common() if n)
    if not files:
        kinds, found = " ".join(sorted(ENDINGS)), ", ".join(f"{n} {ending}" for ending, n in others)
        beside = f", {found}" if found else ""
        raise UserError(
            f"no music in {folder} ({len(skipped)} broken files{beside}): expected files that end in {kinds}"
        )
    return MusicFolder(tuple(files), tuple(skipped), others)


def _walk(folder: Path, skipped: list[tuple[Path, str]]) -> list[Path]:
    """Files that are not hidden, in the order of their paths; folders that cannot be opened are skipped."""

    def refused(error: OSError) -> None:
        skipped.append((Path(os.fsdecode(error.filename or folder)), f"cannot be opened ({error.strerror})"))

    found = []
    for place, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [f for f in folders if not f.startswith(".") and f.lower() not in _SYSTEM_FOLDERS]
        found += [Path(place) / name for name in names if not name.startswith(".")]
    return sorted(found)


def name_files(files: Sequence[MusicFile], root: Path) -> dict[MusicFile, str]:
    """Names for what is made of files: `album/song` of `album/song.wav`, or all of it if `album/song.mp3` is there.

    Names that are no UTF-8 are mended, so that everything can write them.
    """
    names = {file: Path(plain_name(file.path.relative_to(root))) for file in files}
    plain = Counter(name.with_suffix("") for name in names.values())
    whole = Counter(names.values())
    found: dict[MusicFile, str] = {}
    for file, name in names.items():
        chosen = name if plain[name.with_suffix("")] > 1 else name.with_suffix("")
        if whole[name] > 1:  # two names that differ in how they are written only
            whole[name] -= 1
            chosen = name.with_name(f"{name.name} {whole[name] + 1}")
        found[file] = chosen.as_posix()
    return found


def read_music(file: MusicFile, rate: int) -> NDArray[np.float32]:
    """A whole file at a rate: `[2, samples]`; mono on both sides, of more channels the first two.

    Raises:
        UserError: it cannot be decoded.
    """
    return read_stretch(file, 0, round(file.frames * rate / file.rate), rate)


def read_stretch(file: MusicFile, start: int, samples: int, rate: int) -> NDArray[np.float32]:
    """Samples `[start, start + samples)` of a file at a rate: `[2, samples]`, silence where the file has ended.

    Raises:
        UserError: it cannot be decoded.
    """
    if file.rate == rate:
        return _fit(read_frames(file, start, samples), samples)
    # From where a frame of the file and a sample at this rate fall together: no excerpt is off by a part of a sample.
    common = math.gcd(file.rate, rate)
    periods = max((start - _PADDING) * common // rate, 0)
    first, skipped = periods * (file.rate // common), start - periods * (rate // common)
    count = (skipped + samples + _PADDING) * file.rate // rate
    resampled = soxr.resample(read_frames(file, first, count).T, file.rate, rate)
    return _fit(np.asarray(resampled, np.float32).T[:, skipped:], samples)


def _fit(sound: NDArray[np.float32], samples: int) -> NDArray[np.float32]:
    padding = max(samples - sound.shape[1], 0)
    return np.asarray(np.pad(sound[:, :samples], ((0, 0), (0, padding))), np.float32)


@dataclass(frozen=True)
class Stretch:
    """A part of a file, in seconds."""

    file: MusicFile
    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def split_music(files: Sequence[MusicFile]) -> tuple[list[Stretch], list[Stretch]]:
    """Music to train on, and music held out: every twelfth file, or of few files the last twelfth of each."""
    if len(files) >= _ONE_OF:
        whole = [Stretch(file, 0.0, file.seconds) for file in files]
        held = whole[_ONE_OF - 1 :: _ONE_OF]
        return [stretch for stretch in whole if stretch not in held], held
    border = 1 - 1 / _ONE_OF
    kept = [Stretch(file, 0.0, file.seconds * border) for file in files]
    return kept, [Stretch(file, file.seconds * border, file.seconds) for file in files]

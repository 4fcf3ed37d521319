"""A folder of music as people have it: any format, rate and number of channels; what cannot be read is named."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from musika_daw.errors import UserError

ENDINGS = frozenset((".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff"))
SILENT = 1e-4  # -80 dBFS
_PADDING = 512  # samples around an excerpt, for the resampler's filter
_ONE_OF = 12  # is held out


@dataclass(frozen=True)
class MusicFile:
    """One file of music, not yet read."""

    path: Path
    frames: int
    rate: int
    channels: int

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


@dataclass(frozen=True)
class MusicFolder:
    """What a folder holds.

    Attributes:
        files: in the order of their paths.
        skipped: files that cannot be used, each with the reason.
    """

    files: tuple[MusicFile, ...]
    skipped: tuple[tuple[Path, str], ...]

    @property
    def seconds(self) -> float:
        return sum(file.seconds for file in self.files)


def find_music(folder: Path) -> MusicFolder:
    """Every file of music in a folder and the folders in it.

    Raises:
        UserError: there is no such folder, or no music in it.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder: expected one with music in it")
    files, skipped = [], []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in ENDINGS or not path.is_file() or path.name.startswith("."):
            continue
        try:
            info = soundfile.info(path)
        except soundfile.LibsndfileError as error:
            skipped.append((path, f"cannot be read ({error.error_string.rstrip('.')})"))
            continue
        if info.frames <= 0:
            skipped.append((path, "is empty"))
        else:
            files.append(MusicFile(path, info.frames, info.samplerate, info.channels))
    if not files:
        kinds = " ".join(sorted(ENDINGS))
        raise UserError(f"no music in {folder} ({len(skipped)} broken files): expected files that end in {kinds}")
    return MusicFolder(tuple(files), tuple(skipped))


def name_files(files: Sequence[MusicFile], root: Path) -> dict[MusicFile, str]:
    """Names for what is made of files: `album/song` of `album/song.wav`, or all of it if `album/song.mp3` is there."""
    names = {file: file.path.relative_to(root) for file in files}
    plain = Counter(name.with_suffix("") for name in names.values())
    return {
        file: (name if plain[name.with_suffix("")] > 1 else name.with_suffix("")).as_posix()
        for file, name in names.items()
    }


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
        return _fit(_read(file, start, samples), samples)
    # From where a frame of the file and a sample at this rate fall together: no excerpt is off by a part of a sample.
    common = math.gcd(file.rate, rate)
    periods = max((start - _PADDING) * common // rate, 0)
    first, skipped = periods * (file.rate // common), start - periods * (rate // common)
    count = (skipped + samples + _PADDING) * file.rate // rate
    resampled = soxr.resample(_read(file, first, count).T, file.rate, rate)
    return _fit(np.asarray(resampled, np.float32).T[:, skipped:], samples)


def _read(file: MusicFile, start: int, frames: int) -> NDArray[np.float32]:
    try:
        with soundfile.SoundFile(file.path) as opened:
            opened.seek(min(start, file.frames))
            sound = opened.read(frames, np.float32, always_2d=True)
    except soundfile.LibsndfileError as error:
        raise UserError(f"{file.path} cannot be read ({error.error_string.rstrip('.')})") from error
    both = sound[:, [0, 0]] if file.channels == 1 else sound[:, :2]
    return np.asarray(np.nan_to_num(both.T), np.float32)


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

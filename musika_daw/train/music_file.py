"""One file of music: how long it really is, how loud its numbers are, and its sound."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.train.compressed_length import flac_last_frame, walk_mp3
from musika_daw.train.mended_header import AS_IT_IS, MendedFile, Mending, flac_patch, size_patches

_RATES = range(2000, 1_000_001)
_LONGEST_SECONDS = 200_000.0
_BLOCK, _COUNTED_BLOCK = 2**18, 2**14  # frames
_FLOATS = ("FLOAT", "DOUBLE")
_EXACT = ("WAV", "WAVEX", "W64", "RF64", "AIFF", "AU")  # formats whose files are as long as they are large
_LOUDEST = 4.0  # what a file of floats may hold above 1 without being of another scale; louder peaks are cut
_SCALES = (2.0**-15, 2.0**-23, 2.0**-31)  # of numbers that were whole once
_EXPONENTS = 2048
_MP3_OFF = 0.03  # share by which a header may differ from the frames
_MAX_BROKEN = 0.01  # share of a file's numbers that may be none


class NoMusicError(Exception):
    """A file cannot be used; the text continues after its name."""


@dataclass(frozen=True)
class MusicFile:
    """One file of music, not yet read.

    Attributes:
        mending: of a header that does not tell the length.
        gain: by which its numbers are multiplied.
    """

    path: Path
    frames: int
    rate: int
    channels: int
    mending: Mending = AS_IT_IS
    gain: float = 1.0

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def measure_file(path: Path) -> MusicFile:
    """What a file holds, found out by looking at it where its header may be wrong.

    Raises:
        NoMusicError: it cannot be used, and why.
    """
    try:
        if not path.stat().st_size:
            raise NoMusicError("is empty")
        file = _measured(path)
    except soundfile.LibsndfileError as error:
        raise NoMusicError(f"cannot be read ({error.error_string.rstrip('.')})") from error
    except (OSError, RuntimeError, ValueError, TypeError, EOFError) as error:
        raise NoMusicError(f"cannot be read ({' '.join(str(error).split())})") from error
    if not 0 < file.seconds <= _LONGEST_SECONDS:
        raise NoMusicError("is empty" if not file.frames else f"says that it is {file.seconds / 3600:.0f} hours long")
    return file


def read_frames(file: MusicFile, start: int, frames: int) -> NDArray[np.float32]:
    """`[2, n]` from a frame on: mono on both sides, of more channels the first two; n may be less at the end.

    Raises:
        UserError: it cannot be decoded.
    """
    try:
        with _opened(file.path, file.mending) as sound:
            sound.seek(min(start, file.frames))
            audio = sound.read(max(min(frames, file.frames - start), 0), np.float32, always_2d=True)
    except soundfile.LibsndfileError as error:
        raise UserError(f"{plain_name(file.path)} cannot be read ({error.error_string.rstrip('.')})") from error
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise UserError(f"{plain_name(file.path)} cannot be read ({' '.join(str(error).split())})") from error
    both = (audio[:, [0, 0]] if file.channels == 1 else audio[:, :2]).T
    scaled = np.nan_to_num(both, nan=0.0, posinf=0.0, neginf=0.0) * np.float32(file.gain)
    return np.asarray(np.clip(scaled, -_LOUDEST, _LOUDEST), np.float32)


def plain_name(path: Path) -> str:
    """A path that can be written anywhere: bytes of its name that are no UTF-8 are taken for Latin-1."""
    text = str(path)
    return text if text.isascii() or _is_unicode(text) else os.fsencode(text).decode("latin-1")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _opened(path: Path, mending: Mending) -> Iterator[soundfile.SoundFile]:
    """Opens a file by its name; by its contents where they are mended, or where libsndfile does not take the name."""
    if mending == AS_IT_IS and _is_unicode(str(path)):
        with soundfile.SoundFile(path) as sound:
            yield sound
        return
    with MendedFile(path, mending) as stream, soundfile.SoundFile(stream) as sound:
        yield sound


def _measured(path: Path) -> MusicFile:
    mending = Mending(size_patches(path))
    with _opened(path, mending) as sound:
        file = MusicFile(path, sound.frames, sound.samplerate, sound.channels, mending)
        kind, floats = sound.format, sound.subtype in _FLOATS
        whole = kind in _EXACT or _reaches_its_end(sound)
    if file.rate not in _RATES:
        raise NoMusicError(f"says that it has {file.rate} samples a second")
    if kind == "MP3":
        file = _counted_mp3(file)
    elif not whole:
        file = _counted_flac(file) if kind == "FLAC" else replace(file, frames=_count(path, mending))
    return replace(file, gain=_gain(file)) if floats and file.frames else file


def _reaches_its_end(sound: soundfile.SoundFile) -> bool:
    """Whether the last frame of a compressed file is where its header says."""
    if not 0 < sound.frames <= _LONGEST_SECONDS * sound.samplerate or sound.format == "MP3":
        return False
    try:
        sound.seek(sound.frames - 1)
        return len(sound.read(1)) == 1
    except (soundfile.LibsndfileError, RuntimeError):
        return False


def _counted_mp3(file: MusicFile) -> MusicFile:
    """libsndfile plays as much of an MP3 file as its first frames promise, which may be a part."""
    walked = walk_mp3(file.path)
    if walked is None or abs(walked.count * walked.samples - file.frames) <= _MP3_OFF * file.frames:
        return file  # encoders' padding is more or less
    prefix = walked.counted_header(file.path.stat().st_size)
    mending = Mending(prefix=prefix, skipped=walked.start)
    with _opened(file.path, mending) as sound:
        return replace(file, frames=min(sound.frames, walked.count * walked.samples), mending=mending)


def _counted_flac(file: MusicFile) -> MusicFile:
    """A FLAC file as long as its frames say: one that came out of a pipe, or is cut off."""
    last = flac_last_frame(file.path)
    for frames in reversed(last or ()):  # its last frame may be cut off
        patch = flac_patch(file.path, frames)
        if patch is None:
            continue
        mending = Mending((patch,))
        with _opened(file.path, mending) as sound:
            if _reaches_its_end(sound):
                return replace(file, frames=frames, mending=mending)
    return replace(file, frames=0)


def _count(path: Path, mending: Mending) -> int:
    """Frames by decoding them, to where that fails."""
    frames = 0
    with _opened(path, mending) as sound:
        limit = _LONGEST_SECONDS * sound.samplerate
        try:
            while frames <= limit and (n := len(sound.read(_COUNTED_BLOCK, "float32", always_2d=True))):
                frames += n
        except (soundfile.LibsndfileError, RuntimeError):
            return frames
    return frames


def _gain(file: MusicFile) -> float:
    """What brings a file of floats to -1 ... 1: some programs write whole numbers of 16, 24 or 32 bits as floats.

    Single numbers do not matter: 99.9 % of those that are not silent have to fit.
    """
    counts, broken = np.zeros(_EXPONENTS, np.int64), 0
    with _opened(file.path, file.mending) as sound:
        for block in sound.blocks(_BLOCK, dtype="float64", always_2d=True):
            finite = np.isfinite(block)
            broken += int(block.size - finite.sum())
            exponents = np.frexp(block[finite & (block != 0)])[1]
            counts += np.bincount(np.clip(exponents + _EXPONENTS // 2, 0, _EXPONENTS - 1), minlength=_EXPONENTS)
    if broken > _MAX_BROKEN * file.frames * file.channels:
        raise NoMusicError(f"holds {broken} numbers that are none (inf, NaN)")
    heard = np.cumsum(counts)
    if not heard[-1]:
        return 1.0
    exponent = int(np.searchsorted(heard, math.ceil(0.999 * heard[-1]))) - _EXPONENTS // 2
    if exponent <= math.log2(_LOUDEST) + 1:
        return 1.0
    for scale in _SCALES:
        if 2.0**exponent * scale <= 2.0:
            return scale
    raise NoMusicError(f"holds numbers up to 1e{exponent * math.log10(2):.0f}: expected -1 to 1")

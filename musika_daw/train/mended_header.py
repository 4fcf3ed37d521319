"""Headers that do not say how much sound follows, mended as the file is read; the file itself stays as it is.

Recorders that lose power and programs that write into a pipe leave lengths of 0, of -1, or of all there could be.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Patch = tuple[int, bytes]
"""Place in the file, and what it should hold there."""


@dataclass(frozen=True)
class Mending:
    """What a file should be instead.

    Attributes:
        patches: bytes in place of others; places of the file.
        prefix: bytes in place of the first `skipped`.
    """

    patches: tuple[Patch, ...] = ()
    prefix: bytes = b""
    skipped: int = 0


AS_IT_IS = Mending()
_HEADER_BYTES = 2**20  # in which the sound begins
_LEAST_BYTES = 2**16  # of sound; less is what an empty file holds besides
_LARGEST = 2**32 - 1
_FARTHEST = 2**62
_FLAC_LENGTH = 18  # where STREAMINFO holds rate, channels, bits and, in the lower 36 bits, samples
_FLAC_MAX = (1 << 36) - 1


class MendedFile(io.RawIOBase):
    """A file that reads as if it were mended."""

    def __init__(self, path: Path, mending: Mending = AS_IT_IS) -> None:
        self._file = open(path, "rb")  # noqa: SIM115  closed with this object
        self._mending = mending
        self._shift = mending.skipped - len(mending.prefix)
        self._end = os.fstat(self._file.fileno()).st_size - self._shift
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Stays where it is if the place is none: damaged headers send decoders anywhere."""
        place = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._end}[whence] + offset
        self._place = place if 0 <= place <= _FARTHEST else self._place
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, target: WriteableBuffer) -> int:
        buffer = memoryview(target).cast("B")
        prefix = self._mending.prefix[self._place : self._place + len(buffer)]
        buffer[: len(prefix)] = prefix
        start = self._place + len(prefix) + self._shift
        if len(prefix) < len(buffer):
            self._file.seek(start)
        n = self._file.readinto(buffer[len(prefix) :])
        for place, data in self._mending.patches:
            first, last = max(place, start), min(place + len(data), start + n)
            if first < last:
                shift = len(prefix) - start
                buffer[first + shift : last + shift] = data[first - place : last - place]
        self._place += len(prefix) + n
        return len(prefix) + n

    def close(self) -> None:
        self._file.close()
        super().close()


def size_patches(path: Path) -> tuple[Patch, ...]:
    """Patches for a file whose header says less or more sound than follows; none where all is well, or all is lost."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        head = file.read(_HEADER_BYTES)
    patches = {b"RIFF": _riff, b"RF64": _rf64, b"FORM": _aiff, b"caff": _caf}.get(head[:4])
    return patches(head, size) if patches else ()


def flac_patch(path: Path, frames: int) -> Patch | None:
    """Another number of samples for a FLAC file."""
    with open(path, "rb") as file:
        head = file.read(_FLAC_LENGTH + 8)
    if len(head) < _FLAC_LENGTH + 8 or not 0 < frames <= _FLAC_MAX:
        return None
    (field,) = struct.unpack_from(">Q", head, _FLAC_LENGTH)
    return _FLAC_LENGTH, struct.pack(">Q", field & ~_FLAC_MAX | frames)


def _chunks(head: bytes, start: int, form: str) -> Iterator[tuple[bytes, int, int]]:
    """Name, place of the contents and their size of each chunk; `form` as `struct` has it: `<I`, `>I`, `>q`."""
    place, width = start, struct.calcsize(form)
    while place + 4 + width <= len(head):
        (size,) = struct.unpack_from(form, head, place + 4)
        contents = place + 4 + width
        yield head[place : place + 4], contents, size
        if size < 0:
            return
        place = contents + size + (size & 1 if width == 4 else 0)


def _missing(told: int, there: int) -> bool:
    """Whether a size is that of a recording that was not finished."""
    return there >= _LEAST_BYTES and (told <= 0 or told > there)


def _riff(head: bytes, size: int) -> tuple[Patch, ...]:
    block = 1
    for name, contents, told in _chunks(head, 12, "<I"):
        if name == b"fmt " and len(head) >= contents + 14:
            block = max(struct.unpack_from("<H", head, contents + 12)[0], 1)
        if name == b"data":
            there = min(size - contents, _LARGEST - 64) // block * block
            if not _missing(told, there):
                return ()
            riff = struct.pack("<I", contents + there - 8)
            return ((4, riff), (contents - 4, struct.pack("<I", there)))
    return ()


def _rf64(head: bytes, size: int) -> tuple[Patch, ...]:
    sizes, block = 0, 1
    for name, contents, told in _chunks(head, 12, "<I"):
        if name == b"ds64":
            sizes = contents
        if name == b"fmt " and len(head) >= contents + 14:
            block = max(struct.unpack_from("<H", head, contents + 12)[0], 1)
        if name == b"data" and sizes and len(head) >= sizes + 24:
            there = (size - contents) // block * block
            if told != _LARGEST or not _missing(struct.unpack_from("<Q", head, sizes + 8)[0], there):
                return ()
            return ((sizes, struct.pack("<QQQ", contents + there - 8, there, there // block)),)
    return ()


def _aiff(head: bytes, size: int) -> tuple[Patch, ...]:
    common, frame = 0, 0
    for name, contents, told in _chunks(head, 12, ">I"):
        if name == b"COMM" and len(head) >= contents + 8:
            channels, _, bits = struct.unpack_from(">hIh", head, contents)
            common, frame = contents, channels * -(-bits // 8)
        if name == b"SSND" and frame > 0:
            there = min(size - contents - 8, _LARGEST - 64) // frame * frame
            if not _missing(told - 8, there):
                return ()
            return (
                (4, struct.pack(">I", contents + there)),
                (common + 2, struct.pack(">I", there // frame)),
                (contents - 4, struct.pack(">I", there + 8)),
            )
    return ()


def _caf(head: bytes, size: int) -> tuple[Patch, ...]:
    for name, contents, told in _chunks(head, 8, ">q"):
        if name == b"data":
            there = size - contents
            return ((contents - 8, struct.pack(">q", there)),) if _missing(told, there) else ()
    return ()

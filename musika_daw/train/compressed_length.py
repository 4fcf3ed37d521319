"""How long FLAC and MP3 files are by their frames, whatever their headers say."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_FLAC_END_BYTES = 2**18  # in which the last frame begins
_FLAC_BLOCKS = {1: 192, **{n: 576 << n - 2 for n in range(2, 6)}, **{n: 256 << n - 8 for n in range(8, 16)}}
_MP3_MAX_BYTES = 2**29
_MPEG_1, _MONO, _KILOBITS_128 = 3, 3, 9
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # MPEG 1, 2, 2.5
_MP3_KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # layer III of MPEG 1
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def flac_last_frame(path: Path) -> tuple[int, int] | None:
    """First sample of a FLAC file's last frame and the one after it, from the number that the frame bears; None if
    there is no frame. It may be cut off."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        (block,) = struct.unpack_from(">H", file.read(12)[10:] + b"\0\0")
        file.seek(max(0, size - _FLAC_END_BYTES))
        tail = file.read(_FLAC_END_BYTES)
    place = len(tail)
    while (place := tail.rfind(b"\xff", 0, place)) >= 0:
        if (found := _flac_frame(tail[place : place + 16], block)) is not None:
            return found
    return None


def _flac_frame(frame: bytes, block: int) -> tuple[int, int] | None:
    """First sample of a frame and the one after it, from its header; None if there is no header."""
    if len(frame) < 6 or frame[1] & 0xFE != 0xF8 or frame[3] & 1:
        return None
    more = 0 if frame[4] < 0x80 else next((n for n in range(1, 7) if not frame[4] << n & 0x80), 7) - 1
    number = frame[4] if more == 0 else frame[4] & 0x3F >> more
    for byte in frame[5 : 5 + more]:
        number = number << 6 | byte & 0x3F
    place, code = 5 + more, frame[2] >> 4
    extra = {6: 1, 7: 2}.get(code, 0)
    samples = int.from_bytes(frame[place : place + extra], "big") + 1 if extra else _FLAC_BLOCKS.get(code)
    place += extra + {12: 1, 13: 2, 14: 2}.get(frame[2] & 15, 0)
    if samples is None or place >= len(frame) or _crc8(frame[:place]) != frame[place]:
        return None
    first = number if frame[1] & 1 else number * block
    return first, first + samples


def _crc8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 & 0xFF ^ (0x07 if crc & 0x80 else 0)
    return crc


@dataclass(frozen=True)
class Mp3Frames:
    """What a walk along an MP3 file finds.

    Attributes:
        start: place of the first frame with sound.
        head: the four bytes with which it begins.
        count: of frames.
        samples: of a frame.
    """

    start: int
    head: bytes
    count: int
    samples: int

    def counted_header(self, size: int) -> bytes:
        """A frame without sound that says how many follow, as encoders put one first (Xing's); `size` of the file."""
        first, mono = self.head[1] >> 3 & 3 == _MPEG_1, self.head[3] >> 6 == _MONO
        head = bytes((0xFF, self.head[1] | 1, _KILOBITS_128 << 4 | self.head[2] & 0x0C, self.head[3]))
        side = (17 if mono else 32) if first else (9 if mono else 17)
        length, _ = _mp3_frame(head, 0)
        told = b"Xing" + struct.pack(">III", 3, self.count, min(size - self.start + length, 2**32 - 1))
        return (head + bytes(side) + told).ljust(length, b"\0")


def walk_mp3(path: Path) -> Mp3Frames | None:
    """Counts the frames of an MP3 file, other than one that says how many there are; None if there is none."""
    with open(path, "rb") as file:
        data = file.read(_MP3_MAX_BYTES)
    place, start, count = 0, -1, 0
    if data[:3] == b"ID3" and len(data) > 10:
        place = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    while 0 <= place < len(data) - 4:
        size, _ = _mp3_frame(data, place)
        if not size or not (place + size >= len(data) - 4 or _mp3_frame(data, place + size)[0]):
            place = data.find(b"\xff", place + 1)
            continue
        if count or not any(name in data[place : place + 48] for name in (b"Xing", b"Info")):
            start = place if start < 0 else start
            count += 1
        place += size
    return Mp3Frames(start, data[start : start + 4], count, _mp3_frame(data, start)[1]) if count else None


def _mp3_frame(data: bytes, place: int) -> tuple[int, int]:
    """Bytes and samples of the frame at a place; 0 if there is none."""
    if data[place] != 0xFF or data[place + 1] & 0xE6 != 0xE2:  # layer III
        return 0, 0
    version, index, rate = data[place + 1] >> 3 & 3, data[place + 2] >> 4, data[place + 2] >> 2 & 3
    if version == 1 or index in (0, 15) or rate == 3:
        return 0, 0
    first = version == 3
    samples = 1152 if first else 576
    padding = data[place + 2] >> 1 & 1
    return samples // 8 * _MP3_KILOBITS[first][index] * 1000 // _MP3_RATES[version][rate] + padding, samples

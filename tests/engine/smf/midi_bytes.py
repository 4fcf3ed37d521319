"""MIDI files from bytes, so that they can be as no library would write them."""

from __future__ import annotations

import struct


def header(tracks: int = 1, kind: int = 1, division: int = 96) -> bytes:
    return b"MThd" + struct.pack(">IHHH", 6, kind, tracks, division & 0xFFFF)


def track(body: bytes, size: int | None = None) -> bytes:
    return b"MTrk" + struct.pack(">I", len(body) if size is None else size) + body


def ticks(n: int) -> bytes:
    """A number of variable length."""
    out = [n & 127]
    while n := n >> 7:
        out.insert(0, n & 127 | 128)
    return bytes(out)


def meta(kind: int, contents: bytes) -> bytes:
    return b"\0\xff" + bytes((kind,)) + ticks(len(contents)) + contents


def note(pitch: int = 36, channel: int = 1, length: int = 96) -> bytes:
    """A note right away, then its end."""
    on, off = 0x90 | channel - 1, 0x80 | channel - 1
    return bytes((0, on, pitch, 100)) + ticks(length) + bytes((off, pitch, 64))


END = b"\0\xff\x2f\0"
NOTE = note()


def end(after: int) -> bytes:
    """The end of the track, so many ticks later."""
    return ticks(after) + END[1:]

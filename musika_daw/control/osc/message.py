"""Reads one OSC message, as OSC 1.0 and 1.1 have it or as widespread programs send it.

Read beside the standard: texts that were padded by counting characters instead of bytes (JUCE), not padded or not ended
where the packet ends, Latin-1 in place of UTF-8; symbols (S), characters (c), impulses (I, a press) and one level of
arrays, whose contents count as arguments.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

MAX_BYTES = 4096
"""Of one message: a path or a long chord list fits, a blob that would take long to read does not."""
MAX_ARGUMENTS = 32

_CONSTANTS: dict[str, object] = {"T": True, "F": False, "I": True, "N": None}
_NUMBERS = {"i": ">i", "f": ">f", "h": ">q", "d": ">d"}
_OPAQUE_BYTES = {"r": 4, "m": 4, "t": 8}  # colours, MIDI and times: nothing takes them
_KNOWN_TYPES = frozenset({*_CONSTANTS, *_NUMBERS, *_OPAQUE_BYTES, *"sScb[]"})
# How many units of four a text fills depends on what its sender counts.
_COUNTS: tuple[Callable[[str, int], int], ...] = (
    lambda text, encoded: encoded,
    lambda text, encoded: len(text),
    lambda text, encoded: len(text.encode("utf-16-le")) // 2,
)


class PacketError(ValueError):
    """A datagram that is not OSC, or beyond the limits; `address` as far as it could be read."""

    def __init__(self, message: str, address: str = "") -> None:
        super().__init__(message)
        self.address = address


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was sent; `address` may be a pattern."""

    address: str
    values: tuple[object, ...] = ()


def read_message(datagram: bytes) -> Message:
    """The message of a datagram, or of a part of a bundle.

    Raises:
        PacketError: it is none, is cut off, or has more or other arguments than are taken.
    """
    if not datagram.startswith(b"/"):
        raise PacketError("not an OSC packet: expected a message (/...) or a bundle (#bundle)")
    address = datagram.partition(b"\0")[0].decode("ascii", "replace")[:256]
    if len(datagram) > MAX_BYTES:
        raise PacketError(f"a message of {len(datagram)} bytes: expected at most {MAX_BYTES}", address)
    readings: list[tuple[int, Message]] = []
    problem: _CutOffError | None = None
    for count in _COUNTS:
        reader = _Reader(datagram, count)
        try:
            message = reader.message()
        except _CutOffError as error:
            problem = problem or error
            continue
        if not reader.left:
            return message
        readings.append((len(reader.left.strip(b"\0")), message))
    if readings:  # zeros or rubbish after the last argument do not matter, if nothing fits better
        return min(readings, key=lambda reading: reading[0])[1]
    raise PacketError("not an OSC message: its text or arguments are cut off or damaged", address) from problem


class _CutOffError(ValueError):
    """The datagram ends before what it announces, or holds no text where one has to be."""


class _Reader:
    """Walks through one message under one assumption about how texts are padded."""

    def __init__(self, data: bytes, count: Callable[[str, int], int]) -> None:
        self._data, self._count, self._place = data, count, 0

    @property
    def left(self) -> bytes:
        """What has not been read."""
        return self._data[self._place :]

    def message(self) -> Message:
        address = self._text(latin=False)
        if len(address) < 2:
            raise _CutOffError("an address")
        if not self.left.strip(b"\0"):
            return Message(address)  # some senders leave out the comma where there are no arguments
        tags = self._text(latin=False)
        if not tags.startswith(","):
            raise _CutOffError("type tags")
        return Message(address, tuple(self._values(_checked(tags[1:], address))))

    def _values(self, tags: str) -> list[object]:
        return [self._value(tag) for tag in tags if tag not in "[]"]

    def _value(self, tag: str) -> object:
        if tag in _CONSTANTS:
            return _CONSTANTS[tag]
        if tag in _NUMBERS:
            form = _NUMBERS[tag]
            return struct.unpack(form, self._take(struct.calcsize(form)))[0]
        if tag in "sS":
            return self._text(latin=True)
        if tag == "c":
            return chr(self._take(4)[3])
        if tag == "b":
            size = int.from_bytes(self._take(4), "big")
            return self._take(size + -size % 4)[:size]
        return self._take(_OPAQUE_BYTES[tag])

    def _take(self, size: int) -> bytes:
        taken = self._data[self._place : self._place + size]
        if len(taken) < size:
            raise _CutOffError("an argument")
        self._place += size
        return taken

    def _text(self, latin: bool) -> str:
        """`latin`: whether what is not UTF-8 is taken for Latin-1."""
        if self._place >= len(self._data):
            raise _CutOffError("a text")
        end = self._data.find(b"\0", self._place)
        raw = self._data[self._place : len(self._data) if end < 0 else end]
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            if not latin:
                raise _CutOffError("a text") from None
            text = raw.decode("latin-1")
        padding = 4 - self._count(text, len(raw)) % 4
        self._place = min(len(self._data), self._place + len(raw) + padding)
        return text


def _checked(tags: str, address: str) -> str:
    """Raises PacketError: types that are not known, too many, or brackets that do not fit."""
    if len(tags) > MAX_ARGUMENTS:
        raise PacketError(f"too many arguments: expected at most {MAX_ARGUMENTS}", address)
    if unknown := set(tags) - _KNOWN_TYPES:
        raise PacketError(f"arguments of unknown type {', '.join(sorted(unknown))!a}", address)
    depth = 0
    for tag in tags:
        depth += {"[": 1, "]": -1}.get(tag, 0)
        if depth not in (0, 1):
            raise PacketError(f"arrays within arrays (types {tags!r}): expected one level of [ ] at most", address)
    if depth:
        raise PacketError(f"an array that does not end (types {tags!r}): expected as many ] as [", address)
    return tags

"""Bytes of a MIDI cable become messages, whatever else comes along: running status, sysex, halves, garbage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
SONG_POSITION, TICK, START, CONTINUE, STOP = 0xF2, 0xF8, 0xFA, 0xFB, 0xFC

_SYSEX, _SYSEX_END, _FIRST_REAL_TIME = 0xF0, 0xF7, 0xF8
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSTEM_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        kind: status byte, without the channel.
        channel: 1-16; 0 of system messages.
        data: data bytes, 0-127 each; of sysex none.
    """

    kind: int
    channel: int
    data: tuple[int, ...] = ()

    def encoded(self) -> bytes:
        return bytes((self.kind | (self.channel - 1 if self.channel else 0), *self.data))


class Parser:
    """Bytes in, messages out; a message may be cut anywhere, and real-time bytes may be amid another."""

    def __init__(self) -> None:
        self._status = 0  # 0: data bytes belong to nothing
        self._data: list[int] = []

    def feed(self, data: Iterable[int]) -> Iterator[Message]:
        for byte in data:
            if byte >= _FIRST_REAL_TIME:
                yield Message(byte, 0)
            elif byte >= 0x80:
                self._data.clear()
                self._status = 0 if byte == _SYSEX_END else byte
                if byte in _SYSTEM_DATA_BYTES and not _SYSTEM_DATA_BYTES[byte]:
                    self._status = 0
                    yield Message(byte, 0)
            elif self._status not in (0, _SYSEX):
                self._data.append(byte)
                yield from self._complete()

    def _complete(self) -> Iterator[Message]:
        system = self._status >= _SYSEX
        kind = self._status if system else self._status & 0xF0
        needed = _SYSTEM_DATA_BYTES.get(kind, 0) if system else _DATA_BYTES[kind]
        if len(self._data) < needed:
            return
        if needed:
            yield Message(kind, 0 if system else (self._status & 0x0F) + 1, tuple(self._data))
        self._data.clear()
        if system:
            self._status = 0  # only channel messages may repeat without a status

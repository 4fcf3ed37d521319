"""The events of one track, as bytes say them; what no standard knows is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

META = 0xFF
TRACK_NAME, TIME_SIGNATURE, TEMPO, END_OF_TRACK = 0x03, 0x58, 0x51, 0x2F  # kinds of meta events
_SYSEX = (0xF0, 0xF7)
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # what follows these; nothing follows the others
_NUMBER_BYTES = 4  # of a number of variable length at most


class Event(NamedTuple):
    """One event.

    Attributes:
        tick: since the start of the track.
        status: of a channel message, its channel included; `META` for meta events.
        data: data bytes of a channel message, 0 to 127; of a meta event its kind and contents.
    """

    tick: int
    status: int
    data: bytes


def read_events(track: bytes) -> Iterator[Event]:
    """Channel messages and meta events of a track, in order, up to its end or to where it is cut off.

    System messages are left out. Data bytes above 127 are 127, as some programs write velocities.
    """
    place, tick, running = 0, 0, 0
    while place < len(track):
        delta, place = _number(track, place)
        tick += delta
        if place >= len(track):
            return
        while not running and place < len(track) - 1 and track[place] < 0x80:
            place += 1  # data of nothing
        status = track[place]
        if status < 0x80:
            status = running
        else:
            place += 1
        if status == META:
            kind, (size, start) = track[place : place + 1], _number(track, place + 1)
            place = start + size
            if not kind or kind[0] == END_OF_TRACK:
                yield Event(tick, META, bytes((END_OF_TRACK,)))
                return
            yield Event(tick, META, kind + track[start:place])
        elif status in _SYSEX:
            size, start = _number(track, place)
            place = start + size
        elif not 0x80 <= status < 0xF0:
            place += _SYSTEM_BYTES.get(status, 0)
        else:
            running = status
            size = 1 if status & 0xE0 == 0xC0 else 2  # program changes and channel pressure have one
            data = track[place : place + size]
            place += size
            if len(data) == size:
                yield Event(tick, status, data if data.isascii() else bytes(min(byte, 127) for byte in data))


def _number(track: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, and the place after it."""
    value = 0
    for byte in track[place : place + _NUMBER_BYTES]:
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, place

"""The chunks of a standard MIDI file: tracks as bytes, however the file is wrapped, cut or miscounted."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from musika_daw.errors import UserError

_HEADER, _TRACK = b"MThd", b"MTrk"
_HEADER_SEARCH_BYTES = 4096  # in front of the header: a RIFF or MacBinary header, or whatever a download put there
_SHORT_HEADER_BYTES = 6
_MAX_TRACKS, _MAX_TRACK_BYTES = 2000, 2 * 2**20


@dataclass(frozen=True)
class Chunks:
    """What a file is made of.

    Attributes:
        kind: 0 one track, 1 tracks side by side, 2 sequences of their own.
        division: ticks per quarter note; negative: of film frames, see `Division`.
        tracks: bytes of each, in the order of the file.
    """

    kind: int
    division: int
    tracks: tuple[bytes, ...]


def read_chunks(data: bytes) -> Chunks:
    """Finds the tracks of a file.

    Chunks of other kinds are passed over, a RIFF around the file is taken off, and tracks that are missing, cut off
    or longer than they say are read as far as they go.

    Raises:
        UserError: no MIDI file, the beginning of one, or far too large; the line continues after the name of the file.
    """
    start = data.find(_HEADER, 0, _HEADER_SEARCH_BYTES)
    if start < 0 and data[:4] == b"RIFF" and data[8:12] == b"RMID":
        start = data.find(_HEADER)
    if start < 0:
        raise UserError("is not a MIDI file: expected a standard MIDI file (.mid)")
    header = data[start + 8 : start + 8 + _SHORT_HEADER_BYTES]
    if len(header) < _SHORT_HEADER_BYTES:
        raise UserError("is damaged: the MIDI file ends too early; export it again")
    kind, _, division = struct.unpack(">HHh", header)
    size = max(_size(data, start), _SHORT_HEADER_BYTES)
    after = start + 8 + size
    tracks = _tracks(data, after if _is_chunk(data, after) else data.find(_TRACK, start))
    if len(tracks) > _MAX_TRACKS or sum(map(len, tracks)) > _MAX_TRACK_BYTES:
        raise UserError(
            f"is too large: expected {_MAX_TRACK_BYTES >> 20} MB of events in {_MAX_TRACKS} tracks at most; export the "
            "part that is to be played"
        )
    return Chunks(kind, division, tracks)


def _tracks(data: bytes, place: int) -> tuple[bytes, ...]:
    tracks: list[bytes] = []
    while 0 <= place < len(data) and len(tracks) <= _MAX_TRACKS:
        kind, body = data[place : place + 4], place + 8
        end = body + _size(data, place)
        if kind == _TRACK:
            if not _is_chunk(data, end):  # the length is wrong: the track goes on until the next one
                following = data.find(_TRACK, body)
                end = following if following >= 0 else len(data)
            tracks.append(data[body:end])
        elif not _is_chunk(data, end):
            end = data.find(_TRACK, place + 4)
        place = end
    return tuple(tracks)


def _size(data: bytes, place: int) -> int:
    """What the chunk at a place says of its length."""
    return int.from_bytes(data[place + 4 : place + 8], "big")


def _is_chunk(data: bytes, place: int) -> bool:
    """Whether a chunk begins there, or the file ends: names of chunks are four printable letters."""
    name = data[place : place + 4]
    return place == len(data) or (len(name) == 4 and name.isascii() and bytes(name).decode("ascii").isprintable())

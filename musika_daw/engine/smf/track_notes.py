"""The notes of one track: who was struck when, and let go when."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from musika_daw.engine.smf.track_events import (
    END_OF_TRACK,
    META,
    TEMPO,
    TIME_SIGNATURE,
    TRACK_NAME,
    Event,
)
from musika_daw.errors import UserError
from musika_daw.music.line import LONGEST_BEATS

_NOTE_OFF, _NOTE_ON, _CONTROL = 0x80, 0x90, 0xB0
_ALL_OFF = (120, 123)  # controllers: all sound off, all notes off
_UNENDING_BEATS = 4.0
_LONGEST_NAME = 60
MAX_NOTES = 50_000  # of a track
_MAX_NUMERATOR, _MAX_DENOMINATOR_POWER = 64, 6


class TickNote(NamedTuple):
    """A note in ticks; channel 0 to 15, velocity 1 to 127."""

    start: int
    end: int
    pitch: int
    velocity: int
    channel: int


class Metre(NamedTuple):
    """A time signature from a tick on: 7 and 8 for 7/8."""

    tick: int
    numerator: int
    denominator: int


@dataclass
class TickTrack:
    """One track.

    Attributes:
        name: empty where it has none.
        end: tick of its last event.
        metres, tempi: tick by tick; a tempo in microseconds per quarter note.
    """

    name: str = ""
    notes: list[TickNote] = field(default_factory=list)
    end: int = 0
    metres: list[Metre] = field(default_factory=list)
    tempi: list[tuple[int, int]] = field(default_factory=list)


def read_track(events: Iterable[Event], ticks_per_beat: float) -> TickTrack:
    """Pairs what is struck with what is let go.

    Notes of one pitch that overlap are let go in the order in which they were struck. Where a pitch is let go less
    often than it is struck, a note ends where the next one begins, and one that is never let go lasts a bar at most.
    A note that is let go at the tick where it is struck, in either order, is one tick long.

    Raises:
        UserError: it holds more than `MAX_NOTES`.
    """
    track, struck = TickTrack(), 0
    keys: dict[tuple[int, int], list[_Stroke]] = defaultdict(list)
    for tick, status, data in events:
        track.end = tick
        kind, channel = status & 0xF0, status & 0x0F
        if status == META:
            _meta(track, tick, data)
        elif kind in (_NOTE_ON, _NOTE_OFF):
            velocity = data[1] if kind == _NOTE_ON else 0
            keys[channel, data[0]].append(_Stroke(tick, velocity))
            struck += velocity > 0
            if struck > MAX_NOTES:
                raise UserError(f"holds more than {MAX_NOTES} notes: export the part that is to be played")
        elif kind == _CONTROL and data[0] in _ALL_OFF:
            for (other, _), strokes in keys.items():
                if other == channel and strokes[-1].velocity:
                    strokes.append(_Stroke(tick, 0))
    longest, unending = round(LONGEST_BEATS * ticks_per_beat), round(_UNENDING_BEATS * ticks_per_beat)
    for (channel, pitch), strokes in keys.items():
        for start, end, velocity in _pairs(strokes, track.end, unending):
            track.notes.append(TickNote(start, max(min(end, start + longest), start + 1), pitch, velocity, channel))
    track.notes.sort()
    return track


class _Stroke(NamedTuple):
    """A key goes down, or up where the velocity is 0."""

    tick: int
    velocity: int


def _pairs(strokes: Sequence[_Stroke], last: int, unending: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and velocity of the notes of one key; `last` is where its track ends."""
    missing = sum(1 if stroke.velocity else -1 for stroke in strokes)  # how often it is not let go
    down: deque[_Stroke] = deque()
    let_go = -1  # tick at which the key was let go although it was not down
    for stroke in strokes:
        if not stroke.velocity:
            if down:
                yield down[0].tick, stroke.tick, down.popleft().velocity
            else:
                let_go = stroke.tick
        elif stroke.tick == let_go and missing >= 0:  # the file has the two in the wrong order
            let_go = -1
            yield stroke.tick, stroke.tick, stroke.velocity
        else:
            if missing > 0 and down:
                yield down[0].tick, stroke.tick, down.popleft().velocity
            down.append(stroke)
    for stroke in down:
        yield stroke.tick, min(last, stroke.tick + unending), stroke.velocity


def _meta(track: TickTrack, tick: int, data: bytes) -> None:
    """Takes up what matters of a meta event; what is too short for its kind does not count."""
    kind, contents = data[0], data[1:]
    if kind == END_OF_TRACK:
        return
    if kind == TRACK_NAME and not track.name:
        track.name = _text(contents)
    elif kind == TEMPO and len(contents) >= 3 and (tempo := int.from_bytes(contents[:3], "big")):
        track.tempi.append((tick, tempo))
    elif kind == TIME_SIGNATURE and len(contents) >= 2:
        numerator, power = contents[0], contents[1]
        if 0 < numerator <= _MAX_NUMERATOR and power <= _MAX_DENOMINATOR_POWER:
            track.metres.append(Metre(tick, numerator, 2**power))


def _text(contents: bytes) -> str:
    """A name on one line; in UTF-8 or, as older programs write it, Latin-1."""
    try:
        text = contents.decode("utf-8")
    except UnicodeDecodeError:
        text = contents.decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST_NAME]

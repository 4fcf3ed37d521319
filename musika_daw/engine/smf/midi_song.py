"""A standard MIDI file as parts with notes in beats, and its bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from musika_daw.engine.smf.chunks import read_chunks
from musika_daw.engine.smf.track_events import read_events
from musika_daw.engine.smf.track_notes import Metre, TickNote, TickTrack, read_track
from musika_daw.errors import UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.line import LONGEST_BEATS
from musika_daw.music.notes import Note
from musika_daw.storage.disk_errors import disk_errors

_MAX_BYTES = 16 * 2**20  # a .rmi may hold sounds, too
_MAX_BARS = 100_000
_SEQUENCES = 2  # the kind of file whose tracks are not played together
_USUAL_TEMPO = 500_000  # microseconds per quarter note of a file that says nothing: 120 bpm


@dataclass(frozen=True)
class Part:
    """Notes that belong together: a track, or a channel of a file that has one track for all.

    Attributes:
        number: from 1, among the parts of its file.
        name: as the file has it, else `track 1` or `channel 10`.
        notes: in order of time, positions in beats since the start of the file.
        channels: 1 to 16, one for each note.
        length_beats: to the end of its track.
    """

    number: int
    name: str
    notes: tuple[Note, ...]
    channels: tuple[int, ...]
    length_beats: float


@dataclass(frozen=True)
class MidiSong:
    """What a file holds.

    Attributes:
        parts: those with notes, one at least, in the order of the file.
        separate: its parts are sequences of their own, not played together.
        length_beats: to the end of its longest track, those without notes included.
        bar_lines: in beats, from 0 to the first after it that is not before the end.
        metre: as it begins, `7/8`.
        remarks: lines on what was made of it.
    """

    parts: tuple[Part, ...]
    separate: bool
    length_beats: float
    bar_lines: tuple[float, ...]
    metre: str
    remarks: tuple[str, ...] = ()


def read_song(path: Path) -> MidiSong:
    """Reads a standard MIDI file, also one in a RIFF (.rmi), cut off, or with parts that no standard knows.

    Raises:
        UserError: no MIDI file, or one without notes; one line that names it.
    """
    with disk_errors("read", path):
        size = path.stat().st_size
        if path.exists() and not path.is_file() and not path.is_dir():
            raise UserError(f"{path} is not a file: expected a standard MIDI file (.mid)")
        if size > _MAX_BYTES:
            raise UserError(f"{path} is too large for a MIDI file of notes: expected at most {_MAX_BYTES >> 20} MB")
        data = path.read_bytes()
    try:
        return parse_song(data)
    except UserError as error:
        raise UserError(f"{path} {error}") from error


def parse_song(data: bytes) -> MidiSong:
    """Reads the same from a file's bytes; the line of an error continues after the name of the file."""
    chunks = read_chunks(data)
    rate = _Rate(chunks.division)
    tracks = [read_track(read_events(track), rate.ticks_per_beat) for track in chunks.tracks]
    rate.follow([tempo for track in tracks for tempo in track.tempi])
    ticks = rate.ticks_per_beat
    parts = _parts(tracks, ticks)
    if not parts:
        raise UserError("holds no notes: expected a MIDI file (.mid) with at least one")
    metres = sorted({metre for track in tracks for metre in track.metres})
    length = max(track.end for track in tracks) / ticks
    lines = bar_lines(metres, ticks, length)
    return MidiSong(parts, chunks.kind == _SEQUENCES, length, lines, _metre_name(metres), rate.remarks)


class _Rate:
    """How many ticks a beat has; of a file that counts film frames, at the tempo it begins with."""

    def __init__(self, division: int) -> None:
        self._framed = division < 0
        per_second = -(division >> 8) * (division & 0xFF)
        self.ticks_per_beat = per_second * _USUAL_TEMPO / 1e6 if self._framed else float(division)
        self.remarks: tuple[str, ...] = ()
        if not self.ticks_per_beat:
            raise UserError("is damaged: its beats have 0 ticks; export it again")

    def follow(self, tempi: Sequence[tuple[int, int]]) -> None:
        """Takes up the first of the file's tempi (tick, microseconds per quarter note)."""
        if self._framed:
            tempo = min(tempi, default=(0, _USUAL_TEMPO))[1]
            self.ticks_per_beat *= tempo / _USUAL_TEMPO
            self.remarks = (f"counts time in film frames: read as {60e6 / tempo:.4g} bpm",)


def bar_lines(metres: Sequence[Metre], ticks_per_beat: float, length_beats: float) -> tuple[float, ...]:
    """Where the bars of a file begin, in beats: one at least, to the first that is not before its end.

    A new metre begins a bar.
    """
    lines, place, bar, following = [0.0], 0.0, float(BEATS_PER_BAR), 0
    starts = [(metre.tick / ticks_per_beat, 4.0 * metre.numerator / metre.denominator) for metre in metres]
    while (place < length_beats or len(lines) == 1) and len(lines) <= _MAX_BARS:
        while following < len(starts) and starts[following][0] <= place:
            bar = starts[following][1]
            following += 1
        place += bar
        if following < len(starts) and starts[following][0] < place:
            place = starts[following][0]
        lines.append(place)
    if place < length_beats:
        lines.append(length_beats)  # no song has so many bars: what is left counts as one
    return tuple(lines)


def _metre_name(metres: Sequence[Metre]) -> str:
    first = metres[0] if metres and metres[0].tick == 0 else Metre(0, BEATS_PER_BAR, 4)
    return f"{first.numerator}/{first.denominator}"


def _parts(tracks: Sequence[TickTrack], ticks: float) -> tuple[Part, ...]:
    """Tracks with notes; of a file with one such track, its channels."""
    named = [(track.name or f"track {n}", track.notes, track.end) for n, track in enumerate(tracks, 1) if track.notes]
    if len(named) == 1:
        ((_, notes, end),) = named
        channels = sorted({note.channel for note in notes})
        if len(channels) > 1:
            named = [(f"channel {c + 1}", [n for n in notes if n.channel == c], end) for c in channels]
    return tuple(_part(number, *part, ticks) for number, part in enumerate(named, 1))


def _part(number: int, name: str, notes: Sequence[TickNote], end: int, ticks: float) -> Part:
    in_beats = tuple(
        Note(n.start / ticks, min((n.end - n.start) / ticks, LONGEST_BEATS), n.pitch, n.velocity / 127.0) for n in notes
    )
    return Part(number, name, in_beats, tuple(note.channel + 1 for note in notes), end / ticks)


def joined(parts: Sequence[Part]) -> Part:
    """Several parts as one, in order of time; with number and name of the first."""
    pairs = [pair for part in parts for pair in zip(part.notes, part.channels, strict=True)]
    pairs.sort(key=lambda pair: (pair[0].start_beat, pair[0].end_beat, pair[0].pitch))
    return replace(
        parts[0],
        notes=tuple(note for note, _ in pairs),
        channels=tuple(channel for _, channel in pairs),
        length_beats=max(part.length_beats for part in parts),
    )

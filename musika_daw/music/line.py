"""A line: notes that a stem plays instead of its own pattern, looped or once; and the same as one line of text.

`loop 16: 36 0 0.5 100, 43 1.5 0.25 90` repeats every 16 beats of the song; of each note pitch, start and length in
beats, velocity. `once 8 from 64: ...` is played from beat 64 on, with the stem's own pattern before and after it.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from musika_daw.errors import UsageError
from musika_daw.music.notes import Note

LONGEST_BEATS = 4096.0
_SHORTEST_BEATS = 0.01
_DIGITS = 4
_ROUNDING = 1e-6  # beats by which a sum of positions may be off
MAX_NOTES = 2000  # so that a line as text fits into one UDP message
_NUMBER = r"(\d{1,7}(?:\.\d{1,9})?)"
_HEAD = re.compile(rf"(loop|once)\s+{_NUMBER}(?:\s+from\s+{_NUMBER})?\s*:")
_NOTE = re.compile(rf"\s*(\d{{1,3}})\s+{_NUMBER}\s+{_NUMBER}\s+(\d{{1,3}})\s*")


@dataclass(frozen=True)
class Line:
    """Notes and their place in the song.

    Attributes:
        notes: in order of their onsets, which lie in `[0, length_beats)` and count from the start of the line.
        length_beats: > 0; None: the whole song, not looped.
        start_beat: song position of the line's start; of a loop, of one of its starts: it fills the whole song.
        looped: whether it repeats; else it is played once.
    """

    notes: tuple[Note, ...]
    length_beats: float | None = None
    start_beat: float = 0.0
    looped: bool = False

    def covers(self, beat: float) -> bool:
        """Whether the stem plays the line there, and not its own pattern."""
        if self.length_beats is None or self.looped:
            return True
        return self.start_beat <= beat < self.start_beat + self.length_beats

    def between(self, first_beat: float, end_beat: float) -> list[Note]:
        """Its notes that start in `[first_beat, end_beat)` of the song, in order of time."""
        if self.length_beats is None or not self.looped:
            return self._pass(self.start_beat, first_beat, end_beat)
        first = math.floor((max(first_beat, 0.0) - self.start_beat) / self.length_beats)
        last = math.ceil((end_beat - self.start_beat) / self.length_beats)
        starts = (self.start_beat + n * self.length_beats for n in range(first, last))
        return [note for start in starts for note in self._pass(start, max(first_beat, 0.0), end_beat)]

    @cached_property
    def longest_beats(self) -> float:
        """Length of its longest note."""
        return max((note.length_beats for note in self.notes), default=0.0)

    def _pass(self, start: float, first_beat: float, end_beat: float) -> list[Note]:
        first = bisect_left(self._onsets, first_beat - start - _ROUNDING)
        last = bisect_left(self._onsets, end_beat - start + _ROUNDING)
        moved = (replace(note, start_beat=start + note.start_beat) for note in self.notes[first:last])
        return [note for note in moved if first_beat <= note.start_beat < end_beat]

    @cached_property
    def _onsets(self) -> list[float]:
        return [note.start_beat for note in self.notes]


def make_line(notes: Sequence[Note], length_beats: float, looped: bool, grid_beats: float | None = None) -> Line:
    """A line from the start of the song of notes anywhere in `[0, length_beats]` or a little outside.

    Args:
        grid_beats: onsets go to the nearest line of this grid, e.g. 0.25, lengths stay; None: as they are.
    """
    placed = []
    for note in notes:
        onset = note.start_beat
        if grid_beats is not None:
            onset = math.floor(onset / grid_beats + 0.5) * grid_beats
        if looped or grid_beats is not None:
            onset = round(onset, _DIGITS) % length_beats  # what comes just before the end belongs to the start
        length = min(max(note.length_beats, _SHORTEST_BEATS), length_beats)
        placed.append(replace(note, start_beat=onset, length_beats=length))
    return Line(tuple(sorted(placed, key=lambda n: (n.start_beat, n.pitch))), length_beats, looped=looped)


def line_text(line: Line) -> str:
    """`line` as one line of text, onsets to a ten-thousandth of a beat; it must have a length."""
    assert line.length_beats is not None
    head = f"{'loop' if line.looped else 'once'} {_text(line.length_beats)}"
    head += f" from {_text(line.start_beat)}" if line.start_beat else ""
    notes = (
        f" {n.pitch} {_text(n.start_beat)} {_text(n.length_beats)} {min(127, max(1, round(n.strength * 127)))}"
        for n in line.notes
    )
    return f"{head}:{','.join(notes)}"


def parse_line(text: str) -> Line:
    """The line that `line_text` wrote, or a person.

    Raises:
        UsageError: it is none, or holds what cannot be played.
    """
    head = _HEAD.match(text)
    if head is None:
        raise UsageError(f"notes {text[:40]!r}: expected e.g. 'loop 16: 36 0 0.5 100, 43 1.5 0.25 90'")
    length = float(head[2])
    if not 0 < length <= LONGEST_BEATS:
        raise UsageError(f"a line of {length:g} beats is not possible: expected more than 0, at most {LONGEST_BEATS:g}")
    rest = text[head.end() :]
    notes = [_parse_note(part, length) for part in rest.split(",")] if rest.strip() else []
    check_count(notes)
    notes.sort(key=lambda n: (n.start_beat, n.pitch))
    return Line(tuple(notes), length, float(head[3] or 0.0), head[1] == "loop")


def check_count(notes: Sequence[Note]) -> None:
    """Raises UsageError: more notes than a line can have."""
    if len(notes) > MAX_NOTES:
        raise UsageError(f"a line of {len(notes)} notes is too long: expected at most {MAX_NOTES}")


def _parse_note(text: str, line_beats: float) -> Note:
    match = _NOTE.fullmatch(text)
    if match is None:
        raise UsageError(f"note {text.strip()[:40]!r}: expected pitch, start, length, velocity, e.g. '36 0 0.5 100'")
    pitch, start, length, velocity = int(match[1]), float(match[2]), float(match[3]), int(match[4])
    if pitch > 127 or not 1 <= velocity <= 127 or not 0 < length <= LONGEST_BEATS or start >= line_beats:
        raise UsageError(
            f"note {text.strip()!r} is not possible: expected pitch 0 to 127, a start within the line, a length, "
            "velocity 1 to 127"
        )
    return Note(start, length, pitch, velocity / 127)


def _text(beats: float) -> str:
    return f"{beats:.{_DIGITS}f}".rstrip("0").rstrip(".")

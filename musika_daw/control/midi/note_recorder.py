"""Notes played in: the last bars as they were played become the line of a stem. Pure."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from musika_daw.music.grid import BEATS_PER_BAR, STEPS_PER_BEAT
from musika_daw.music.line import MAX_NOTES, Line, make_line
from musika_daw.music.notes import Note

_SHORTEST_BEATS = 1 / 32
_WAVERING_BEATS = 1.0  # a clock that steps back by less has not jumped


@dataclass(frozen=True)
class PlayedIn:
    """What is made of notes that are played in.

    Attributes:
        looped: whether the line repeats, or is answered once.
        bars: length of the line, 1-16.
        on_grid: onsets go to the nearest sixteenth, or stay as played.
        bar_beats: length of a bar; all of them, from the start of the song.
    """

    looped: bool = True
    bars: int = 4
    on_grid: bool = True
    bar_beats: float = float(BEATS_PER_BAR)


@dataclass(eq=False)
class _Key:
    """A key that went down; its length is None until it comes up."""

    onset: float
    pitch: int
    strength: float
    length: float | None = None


@dataclass
class _Bar:
    """A bar that was played in: how many bars had passed by when it ended, and its keys."""

    count: int
    keys: list[_Key]


class NoteRecorder:
    """One stem's. Whenever a bar ends in which keys moved, the last `bars` bars are the line.

    Bars keep their places in the song: of four, the song's bar 7 is the third. So a line that is played again, or a
    loop of a DAW that is sent all the time, stays the line it is.
    """

    def __init__(self, wish: PlayedIn) -> None:
        self._wish = wish
        self._down: dict[int, _Key] = {}
        self._waiting: list[_Key] = []  # of bars that have not ended
        self._bars: dict[int, _Bar] = {}  # by their place in the line
        self._count = 0
        self._bar: int | None = None  # of the song, where it is; None: it stands still
        self._beat = 0.0
        self._moved = False

    def key(self, pitch: int, velocity: int, beat: float) -> None:
        """MIDI note 0-127 at a song position; velocity 0-127, 0 lets go."""
        self._release(pitch, beat)
        if velocity and len(self._waiting) < MAX_NOTES // self._wish.bars:
            self._down[pitch] = _Key(beat, pitch, velocity / 127)
            self._waiting.append(self._down[pitch])

    def pass_by(self, beat: float | None) -> Line | None:
        """The song is at a position, or stands still: the line, if there is a new one."""
        if beat is None and self._bar is not None:
            for pitch in tuple(self._down):
                self._release(pitch, self._beat)
        if beat is not None and self._bar is not None and 0.0 < self._beat - beat < _WAVERING_BEATS:
            return None
        bar = None if beat is None else int(beat // self._wish.bar_beats)
        before, self._bar = self._bar, bar
        if before is None or bar == before:
            self._beat = self._beat if beat is None else beat
            return None
        self._end_bar(before, bar)
        self._beat = self._beat if beat is None else beat
        if not self._moved:
            return None
        self._moved = False
        return self._line(before + 1 if bar is None else bar)

    def _release(self, pitch: int, beat: float) -> None:
        key = self._down.pop(pitch, None)
        if key is not None:
            # Where the song jumped back meanwhile, nobody knows how long it was meant.
            key.length = max(_SHORTEST_BEATS, beat - key.onset)
            self._moved |= key not in self._waiting

    def _end_bar(self, before: int, bar: int | None) -> None:
        self._count += 1
        early = [k for k in self._waiting if bar == before + 1 and self._bar_of(k) == bar]
        ended = [k for k in self._waiting if k not in early]
        self._waiting = early
        self._moved |= bool(ended)
        for key in ended:
            place = self._bar_of(key) % self._wish.bars
            kept = self._bars.get(place)
            if kept is None or kept.count != self._count:
                self._bars[place] = kept = _Bar(self._count, [])
            kept.keys.append(key)
        self._bars = {place: b for place, b in self._bars.items() if b.count > self._count - self._wish.bars}

    def _bar_of(self, key: _Key) -> int:
        onset = round(key.onset * STEPS_PER_BEAT) / STEPS_PER_BEAT if self._wish.on_grid else key.onset
        return int(onset // self._wish.bar_beats)

    def _line(self, next_bar: int) -> Line:
        wish = self._wish
        notes = []
        for place, bar in self._bars.items():
            start = (place if wish.looped else wish.bars - 1 - self._count + bar.count) * wish.bar_beats
            for key in bar.keys:
                within = key.onset - self._bar_of(key) * wish.bar_beats
                length = key.length or max(_SHORTEST_BEATS, self._beat - key.onset)
                notes.append(Note(start + within, length, key.pitch, key.strength))
        grid = 1 / STEPS_PER_BEAT if wish.on_grid else None
        line = make_line(notes, wish.bars * wish.bar_beats, wish.looped, grid)
        return line if wish.looped else dataclasses.replace(line, start_beat=next_bar * wish.bar_beats)

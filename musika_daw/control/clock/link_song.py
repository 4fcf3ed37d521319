"""A song on Ableton Link's beats. Link shares tempo, phase and whether one plays, but no song position. Pure."""

from __future__ import annotations

import math

_LATE_BEATS = 0.25  # a start seen so little after the bar line was meant for it


class LinkSong:
    """Song position from the session's beat. A start waits for the session's next bar line, as its phase is shared."""

    def __init__(self, quantum: float) -> None:
        """`quantum`: beats of a bar, > 0."""
        self._quantum = quantum
        self._held_beat = 0.0  # where it plays from once it plays
        self._offset = 0.0  # song position minus the session's beat, while playing
        self._playing = False
        self._before: tuple[float, float, float] | None = None  # seconds, session's beat, bpm
        self.jumps = 0

    def update(self, seconds: float, beat: float, bpm: float, playing: bool) -> None:
        """The session is at `beat` at a moment of the monotonic clock."""
        if playing and not self._playing:
            bar = math.ceil((beat - _LATE_BEATS) / self._quantum) * self._quantum
            self._offset = self._held_beat - bar
            self.jumps += 1
        elif self._playing and not playing:
            self._held_beat = max(self._held_beat, beat + self._offset)
        elif playing and self._before is not None:
            # Joining a session moves our beats to its own: whole bars of that are not the song's.
            expected = self._before[1] + (seconds - self._before[0]) * self._before[2] / 60.0
            moved = beat - expected
            if abs(moved) > _LATE_BEATS:
                self._offset -= round(moved / self._quantum) * self._quantum
                self.jumps += 1
        self._playing = playing
        self._before = (seconds, beat, bpm)

    def locate(self, beat: float) -> None:
        """Goes to a song position >= 0; while playing, to the same place of its bar as the session is at."""
        self._held_beat = beat
        if self._playing and self._before is not None:
            now = self._before[1]
            bar = math.floor(beat / self._quantum) * self._quantum
            self._offset = bar + now % self._quantum - now
            self._held_beat = bar
            self.jumps += 1

    def position(self, beat: float) -> tuple[float, bool]:
        """Song position when the session is at `beat`, and whether it moves there: not before the first bar line."""
        song = beat + self._offset
        if not self._playing or song < self._held_beat:
            return self._held_beat, False
        return song, True

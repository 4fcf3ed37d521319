"""Notes played in, at their song positions: what a stem is to play instead of its own pattern."""

from __future__ import annotations

import math

from musika_daw.music.notes import Note

_SHORTEST_BEATS = 1 / 32


class NoteRecorder:
    """Keys down and up become notes. Song positions in beats come from the leading clock."""

    def __init__(self) -> None:
        self._down: dict[int, tuple[float, float]] = {}  # pitch -> its onset and strength
        self._notes: list[Note] = []

    def key(self, pitch: int, velocity: int, beat: float) -> None:
        """MIDI note 0-127; velocity 0-127, 0 lets go."""
        self._release(pitch, beat)
        if velocity:
            self._down[pitch] = (beat, velocity / 127)

    def release_all(self, beat: float) -> None:
        """The transport stopped or jumped: what is held ends where it was."""
        for pitch in tuple(self._down):
            self._release(pitch, beat)

    def clear(self) -> None:
        """Forgets the notes; keys that are down stay down."""
        self._notes.clear()

    def notes(self, start_beat: float, end_beat: float, grid_beats: float | None = None) -> list[Note]:
        """Notes that begin within a stretch of the song, by onset, in song position.

        Args:
            grid_beats: onsets go to the nearest line of this grid, e.g. 0.25, lengths stay; None: as played. A note
                played a little before the stretch belongs to it if the grid moves it in.
        """
        found = []
        for note in self._notes:
            onset = note.start_beat
            if grid_beats is not None:
                onset = math.floor(onset / grid_beats + 0.5) * grid_beats
            if start_beat <= onset < end_beat:
                found.append(Note(onset, note.length_beats, note.pitch, note.strength))
        return sorted(found, key=lambda note: (note.start_beat, note.pitch))

    def _release(self, pitch: int, beat: float) -> None:
        if pitch in self._down:
            start, strength = self._down.pop(pitch)
            if beat >= start:  # else the song jumped back meanwhile: nobody knows how long it was meant
                self._notes.append(Note(start, max(_SHORTEST_BEATS, beat - start), pitch, strength))

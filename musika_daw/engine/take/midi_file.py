"""All notes of a standard MIDI file; what a stem plays of it is the business of `engine.smf`."""

from __future__ import annotations

from pathlib import Path

from musika_daw.engine.smf.midi_song import joined, read_song
from musika_daw.music.notes import Note


def read_midi(path: Path) -> tuple[Note, ...]:
    """Reads the notes of a standard MIDI file (`read_clip`)."""
    return read_clip(path)[0]


def read_clip(path: Path) -> tuple[tuple[Note, ...], float]:
    """Reads the notes of a standard MIDI file, all tracks and channels together, in order of time; and its length.

    Positions and length are in beats: the file's tempo does not matter.

    Raises:
        UserError: no MIDI file, or one without notes.
    """
    song = read_song(path)
    return joined(song.parts).notes, song.length_beats

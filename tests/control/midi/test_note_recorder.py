"""Notes played in."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.note_recorder import NoteRecorder
from musika_daw.music.notes import Note


def test_as_played_and_on_the_grid() -> None:
    recorder = NoteRecorder()
    for pitch, down, up in ((40, 3.98, 4.5), (43, 5.03, 5.4), (45, 7.97, 8.2)):
        recorder.key(pitch, 127, down)
        recorder.key(pitch, 0, up)
    assert [note.pitch for note in recorder.notes(4.0, 8.0)] == [43, 45]
    quantized = recorder.notes(4.0, 8.0, 0.25)
    assert [(note.pitch, note.start_beat) for note in quantized] == [(40, 4.0), (43, 5.0)]
    assert quantized[0].length_beats == pytest.approx(0.52)


def test_a_key_struck_again_and_one_still_down_at_the_stop() -> None:
    recorder = NoteRecorder()
    recorder.key(40, 127, 0.0)
    recorder.key(40, 127, 1.0)
    recorder.release_all(3.0)
    assert recorder.notes(0.0, 4.0) == [Note(0.0, 1.0, 40, 1.0), Note(1.0, 2.0, 40, 1.0)]
    recorder.clear()
    assert recorder.notes(0.0, 4.0) == []

"""The excitation of a corpus track: its notes in samples, with its style's detune."""

from __future__ import annotations

from musika_daw.model.excitation import TimedNote
from musika_daw.model.style import style_from_vector
from musika_daw.train.corpus.make import SAMPLE_RATE, CorpusTrack


def timed_notes(track: CorpusTrack, stem: str) -> list[TimedNote]:
    """The notes of a pitched stem as the excitation needs them."""
    cents = style_from_vector(track.style_vector).settings[f"{stem}_detune_cents"]
    cents = 0.0 if cents < 1.0 else cents
    timed = []
    for note in track.notes[stem]:
        start = track.tempo_map.sample_at(note.start_beat, SAMPLE_RATE)
        held = max(1, track.tempo_map.sample_at(note.end_beat, SAMPLE_RATE) - start)
        timed.append(TimedNote(start, held, note.pitch, note.slide_semitones, cents))
    return timed

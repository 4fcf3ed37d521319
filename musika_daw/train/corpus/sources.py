"""The excitation of a corpus track: its notes in samples, with its style's detune."""

from __future__ import annotations

from musika_daw.model.excitation import TimedNote, time_notes
from musika_daw.model.style import style_from_vector
from musika_daw.train.corpus.make import SAMPLE_RATE, CorpusTrack


def timed_notes(track: CorpusTrack, stem: str) -> list[TimedNote]:
    """The notes of a pitched stem as the excitation needs them."""
    cents = style_from_vector(track.style_vector).settings[f"{stem}_detune_cents"]
    return time_notes(
        stem, track.notes[stem], lambda beat: track.tempo_map.sample_at(beat, SAMPLE_RATE), lambda beat: cents
    )

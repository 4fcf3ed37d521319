"""Stems, drum classes and notes as they sound."""

from __future__ import annotations

from dataclasses import dataclass

STEMS = ("drums", "bass", "chords", "lead")
PITCHED_STEMS = STEMS[1:]
MIX = "mix"  # all stems together
ALL = "all"  # in place of a stem: all that are not named themselves
LINES = ("bass", "lead")  # play one note at a time

# General MIDI percussion note of each drum class: what the MIDI files of the drum stem hold.
DRUM_PITCHES = {
    "kick": 36,
    "snare": 38,
    "clap": 39,
    "closed_hat": 42,
    "open_hat": 46,
    "ride": 51,
    "tom": 45,
    "perc": 75,
}
DRUM_CLASSES = tuple(DRUM_PITCHES)


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a stem at its place in the song.

    Attributes:
        start_beat: onset in beats since the start of the song (micro-timing included).
        length_beats: > 0; drums carry a nominal length that the sound ignores.
        pitch: MIDI note number; for drums the General MIDI note of the class (`DRUM_PITCHES`).
        strength: 0 < strength <= 1, MIDI velocity / 127.
        slide_semitones: the pitch starts this far away and glides home (0: no glide).
    """

    start_beat: float
    length_beats: float
    pitch: int
    strength: float
    slide_semitones: float = 0.0

    @property
    def end_beat(self) -> float:
        return self.start_beat + self.length_beats


def frequency_hz(pitch: float) -> float:
    """Equal temperament, A4 = 440 Hz = MIDI 69."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))

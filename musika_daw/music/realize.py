"""Notes on the grid become notes that sound: pitches from the harmony, lengths and glides from their neighbours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from musika_daw.music.grid import LATEST_BEATS, STEPS_PER_BEAT, GridNote
from musika_daw.music.harmony import Chord, Key, degree_offset, place, voice_chord
from musika_daw.music.notes import DRUM_PITCHES, Note

LOWEST_BASS = 28  # E1: chord roots of the bass lie from here to D#2
LOWEST_CHORD_VOICE = 52
LOWEST_LEAD = 64
RATCHET_BEATS = 0.125
RATCHET_ECHO = 0.7  # strength of a ratchet's second stroke, as a share of the first
LONGEST_SLIDE_SEMITONES = 12
SLIDE_REACH_BEATS = 0.5  # a slide needs a note that ended no longer ago than this

ChordAt = Callable[[float], Chord]


def realize(
    stem: str,
    notes: Sequence[GridNote],
    chord_at: ChordAt,
    key: Key,
    before: GridNote | None = None,
    after: GridNote | None = None,
) -> list[Note]:
    """What the notes of one stem sound like under a harmony.

    A note takes its chord where it stands on the grid, so that micro-timing never reads the chord before, and keeps
    its pitch when the chord changes under it. Pitched notes end at the next onset of their stem at the latest; a note
    that slides ties the one before to it. A note's pitch depends on itself and the chord, its slide on the note
    before, its length on the note after, and on nothing else: any stretch of a song sounds as it does in the whole.

    Args:
        stem: one of `STEMS`.
        notes: of that stem, thinned and in order of time; pitched stems hold one note per step.
        chord_at: song position in beats -> the chord there.
        key: gives the steps between chord tones.
        before, after: the notes next to a stretch of a song, where `notes` is no more than that.
    """
    if stem == "drums":
        return [sounding for note in notes for sounding in _strokes(note)]
    if stem == "chords":
        return _rests(_chords(notes, after, chord_at), chord_at)
    first = () if before is None else (before,)
    last = () if after is None else (after,)
    around = (*first, *notes, *last)
    line = _line(around, [_pitch(stem, note, chord_at, key) for note in (*first, *notes)])
    return _rests(line[len(first) :], chord_at)


def _rests(notes: Sequence[Note], chord_at: ChordAt) -> list[Note]:
    """The same notes less those where no chord is wanted, cut where that begins."""
    sounding = []
    for note in notes:
        first = math.floor(note.start_beat + LATEST_BEATS)
        beats = range(first, max(first + 1, math.ceil(note.end_beat)))
        end = next((beat for beat in beats if not chord_at(float(max(beat, 0))).tones), None)
        if end is None:
            sounding.append(note)
        elif end > first:
            sounding.append(replace(note, length_beats=min(note.length_beats, end - note.start_beat)))
    return sounding


def _strokes(note: GridNote) -> list[Note]:
    pitch, start, length = DRUM_PITCHES[note.drum], note.start_beat, note.length_steps / STEPS_PER_BEAT
    if not note.ratchet:
        return [Note(start, length, pitch, note.strength)]
    length = min(length, RATCHET_BEATS)
    return [
        Note(start, length, pitch, note.strength),
        Note(start + RATCHET_BEATS, length, pitch, note.strength * RATCHET_ECHO),
    ]


def _chord_of(note: GridNote, chord_at: ChordAt) -> Chord:
    return chord_at(note.step / STEPS_PER_BEAT)


def _length_beats(note: GridNote, after: GridNote | None) -> float:
    length = note.length_steps / STEPS_PER_BEAT
    return length if after is None else min(length, after.start_beat - note.start_beat)


def _chords(notes: Sequence[GridNote], after: GridNote | None, chord_at: ChordAt) -> list[Note]:
    sounding = []
    for i, note in enumerate(notes):
        length = _length_beats(note, notes[i + 1] if i + 1 < len(notes) else after)
        pitches = voice_chord(_chord_of(note, chord_at), note.voicing, LOWEST_CHORD_VOICE)
        sounding += [Note(note.start_beat, length, pitch, note.strength) for pitch in pitches]
    return sounding


def _pitch(stem: str, note: GridNote, chord_at: ChordAt, key: Key) -> int:
    chord = _chord_of(note, chord_at)
    if stem == "bass" and chord.bass is not None and note.degree == 0:
        return place(chord.bass, LOWEST_BASS) + 12 * note.octave
    root = place(chord.root, LOWEST_BASS if stem == "bass" else LOWEST_LEAD)
    return root + degree_offset(chord, key, note.degree) + 12 * note.octave


def _slides(before: GridNote, note: GridNote) -> bool:
    silence = note.start_beat - before.start_beat - before.length_steps / STEPS_PER_BEAT
    return note.slide and silence <= SLIDE_REACH_BEATS


def _line(notes: Sequence[GridNote], pitches: Sequence[int]) -> list[Note]:
    """One note for each pitch; a last note without one only ends the one before it."""
    sounding = []
    for i, note in enumerate(notes[: len(pitches)]):
        before = notes[i - 1] if i else None
        after = notes[i + 1] if i + 1 < len(notes) else None
        length, slide = _length_beats(note, after), 0
        if after is not None and _slides(note, after):
            length = after.start_beat - note.start_beat
        if before is not None and _slides(before, note):
            slide = min(max(pitches[i - 1] - pitches[i], -LONGEST_SLIDE_SEMITONES), LONGEST_SLIDE_SEMITONES)
        sounding.append(Note(note.start_beat, length, pitches[i], note.strength, float(slide)))
    return sounding

"""How many of a score's notes are played: all of them, the salient ones alone, or chords broken into many.

Music is cut in sections of some bars, and each has a texture of its own: so density varies within a piece.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from musika_daw.train.piano.musicxml import ScoreNote

KINDS = ("full", "thinned", "broken")
_SHARES = (0.33, 0.42, 0.25)  # of the sections
_SECTION_BEATS = (8, 12, 16, 24)
_LEAST_KEPT, _MAX_KEPT = 0.1, 0.7
_PER_BEAT = (2, 3, 4, 6)  # notes of a broken chord
_CHORD_SPAN = 19  # semitones that a broken chord reaches upwards
_LONGEST_BEATS = 6.0  # to which a note is held on when what followed it was left out


@dataclass(frozen=True)
class Section:
    """A stretch of one texture.

    Attributes:
        start, end: beats.
        kind: one of `KINDS`.
        amount: thinned: the share of notes that stay; broken: notes a beat; full: 1.
    """

    start: float
    end: float
    kind: str
    amount: float


def draw_sections(beats: float, generator: np.random.Generator) -> tuple[Section, ...]:
    """Sections of a piece of so many beats."""
    sections, at = [], 0.0
    while at < beats:
        end = min(at + float(generator.choice(_SECTION_BEATS)), beats)
        kind = str(generator.choice(KINDS, p=_SHARES))
        amount = 1.0
        if kind == "thinned":
            amount = float(np.exp(generator.uniform(np.log(_LEAST_KEPT), np.log(_MAX_KEPT))))
        elif kind == "broken":
            amount = float(generator.choice(_PER_BEAT))
        sections.append(Section(at, end, kind, amount))
        at = end
    return tuple(sections)


def apply_texture(
    notes: Sequence[ScoreNote], sections: Sequence[Section], generator: np.random.Generator
) -> list[ScoreNote]:
    """The notes that are played, by beat."""
    beats = [note.beat for note in notes]
    played: list[ScoreNote] = []
    for section in sections:
        inside = list(notes[bisect_right(beats, section.start - 1e-9) : bisect_right(beats, section.end - 1e-9)])
        if section.kind == "thinned":
            inside = _thinned(inside, section.amount, generator)
        elif section.kind == "broken":
            inside = _broken(inside, section, generator)
        played += inside
    return sorted(played, key=lambda note: (note.beat, note.part, note.pitch))


def metric_strength(beat: float) -> float:
    """1 where four beats begin, less between; quarter notes count from the score's beginning."""
    for period, strength in ((4.0, 1.0), (2.0, 0.8), (1.0, 0.6), (0.5, 0.3)):
        if abs(beat - period * round(beat / period)) < 1e-6:
            return strength
    return 0.1


def _thinned(notes: list[ScoreNote], share: float, generator: np.random.Generator) -> list[ScoreNote]:
    """Onsets with the most to say stay, each with one to three of its notes: density falls with the share."""
    places = sorted({note.beat for note in notes})
    if not places:
        return []
    salience = [metric_strength(place) + 0.4 * generator.random() for place in places]
    kept = max(1, round(share * len(places)))
    chosen = {places[i] for i in np.argsort(salience)[::-1][:kept]}
    most = int(generator.integers(1, 4))
    picked: list[ScoreNote] = []
    for place in sorted(chosen):
        chord = sorted((note for note in notes if note.beat == place), key=lambda note: -note.pitch)
        # The melody, the bass, and then what lies between.
        order = [chord[0], *([chord[-1]] if len(chord) > 1 else []), *chord[1:-1]]
        picked += order[:most]
    onsets = sorted(chosen)
    room = dict(zip(onsets, [*np.diff(onsets), _LONGEST_BEATS], strict=True))
    return [replace(note, length=max(note.length, float(min(room[note.beat], _LONGEST_BEATS)))) for note in picked]


def _broken(notes: list[ScoreNote], section: Section, generator: np.random.Generator) -> list[ScoreNote]:
    """Beat by beat the chord that sounds, in even notes up and down; the top part stays above it."""
    per_beat, shape = int(section.amount), int(generator.integers(3))
    top = min((note.part for note in notes), default=0)
    made = [note for note in notes if note.part == top] if generator.random() < 0.6 else []
    step = 0
    for beat in np.arange(np.ceil(section.start), section.end):
        chord = sorted({n.pitch for n in notes if n.beat < beat + 0.51 and n.beat + n.length > beat + 0.01})
        if not chord:
            continue
        ladder = _ladder(chord)
        for place in range(per_beat):
            pitch = ladder[_rung(step, len(ladder), shape)]
            made.append(ScoreNote(float(beat) + place / per_beat, 1.2 / per_beat, pitch, top + 1))
            step += 1
    return made


def _ladder(chord: Sequence[int]) -> list[int]:
    """The chord's tones from its bass upwards."""
    classes = {pitch % 12 for pitch in chord}
    return [pitch for pitch in range(chord[0], chord[0] + _CHORD_SPAN + 1) if pitch % 12 in classes]


def _rung(step: int, rungs: int, shape: int) -> int:
    """Which tone comes at a step: upwards, up and down, or in leaps."""
    if rungs == 1:
        return 0
    if shape == 0:
        return step % rungs
    if shape == 1:
        turn = step % (2 * rungs - 2)
        return min(turn, 2 * rungs - 2 - turn)
    return (step * 2 + step // rungs) % rungs

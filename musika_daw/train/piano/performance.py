"""How a piece is played: tempo and rubato, loudness, pedal, transposition, texture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.train.piano.musicxml import Score, ScoreNote
from musika_daw.train.piano.texture import Section, apply_texture, draw_sections, metric_strength

PEDALS = ("none", "beat", "half bar", "bar")
_PEDAL_BEATS = {"beat": 1.0, "half bar": 2.0, "bar": 4.0}
_PEDAL_SHARES = (0.3, 0.2, 0.3, 0.2)
_PEDAL_LATE_SECONDS = 0.06  # the foot comes down after the chord
_SLOWEST_BPM, _FASTEST_BPM = 50.0, 160.0
_MAX_RUBATO = 0.14
_GRID = 16  # places a beat on which tempo is integrated
_LOWEST, _HIGHEST = 24, 103  # pitches that sound well
_LEAD_SECONDS = 0.15  # before the first note
_RING_SECONDS = 2.0  # after the last one
_SPREAD_SECONDS = 0.006  # of a chord's notes
_SAME_SECONDS = 0.045  # notes closer than this are heard as one onset


@dataclass(frozen=True)
class Manner:
    """How one performance goes.

    Attributes:
        start: beat of the score where it begins.
        bpm: mean tempo of quarter notes.
        rubato: how far the tempo wanders, as a share.
        transpose: semitones.
        pedal: one of `PEDALS`.
        level: loudness where the score says nothing, 0..1.
        swell: how far loudness wanders, 0..1.
    """

    start: float
    bpm: float
    rubato: float
    transpose: int
    pedal: str
    level: float
    swell: float


@dataclass(frozen=True)
class PlayedNote:
    """A note as it is played: seconds, MIDI pitch, MIDI velocity."""

    start: float
    end: float
    pitch: int
    velocity: int


@dataclass(frozen=True)
class Performance:
    """What is played.

    Attributes:
        notes: by start.
        pedal: `(seconds, down)`, in order.
        sections: textures, beats counted from the performance's beginning.
        seconds: its length.
    """

    notes: tuple[PlayedNote, ...]
    pedal: tuple[tuple[float, bool], ...]
    sections: tuple[Section, ...]
    seconds: float

    def onsets(self) -> tuple[float, ...]:
        """When something begins, in seconds; chords count once."""
        merged: list[float] = []
        for note in self.notes:
            if not merged or note.start - merged[-1] > _SAME_SECONDS:
                merged.append(note.start)
        return tuple(merged)


def draw_manner(score: Score, generator: np.random.Generator) -> Manner:
    """A manner for a score."""
    pitches = [note.pitch for note in score.notes]
    lowest, highest = _LOWEST - min(pitches), _HIGHEST - max(pitches)
    return Manner(
        start=float(4 * generator.integers(max(1, int(score.beats // 4)))),
        bpm=float(np.exp(generator.uniform(np.log(_SLOWEST_BPM), np.log(_FASTEST_BPM)))),
        rubato=float(generator.uniform(0, _MAX_RUBATO)),
        transpose=int(np.clip(generator.integers(-6, 6), min(lowest, 0), max(highest, 0))),
        pedal=str(generator.choice(PEDALS, p=_PEDAL_SHARES)),
        level=float(generator.uniform(0.35, 0.75)),
        swell=float(generator.uniform(0.05, 0.25)),
    )


def perform(score: Score, manner: Manner, seconds: float, generator: np.random.Generator) -> Performance:
    """Play a score from its start beat on; what ends too soon begins anew."""
    beats = float(np.ceil(seconds * manner.bpm / 60 * 1.5))
    written, marks = _unrolled(score, manner.start, beats)
    sections = draw_sections(beats, generator)
    chosen = apply_texture(written, sections, generator)
    grid, clock = _clock(beats, manner, generator)
    loudness = _loudness(beats, marks, manner, generator)
    last = seconds - _RING_SECONDS
    notes = []
    for note in chosen:
        start = float(np.interp(note.beat, grid, clock)) + generator.normal(0, _SPREAD_SECONDS)
        if not 0 <= start < last:
            continue
        end = float(np.interp(note.beat + 0.95 * note.length, grid, clock))
        velocity = _velocity(note, float(loudness(note.beat)), generator)
        pitch = int(np.clip(note.pitch + manner.transpose, _LOWEST - 3, _HIGHEST + 5))
        notes.append(PlayedNote(start, min(max(end, start + 0.06), seconds), pitch, velocity))
    notes.sort(key=lambda note: (note.start, note.pitch))
    ended = float(np.interp(last, clock, grid))
    heard = tuple(section for section in sections if section.start < ended)
    return Performance(tuple(notes), _pedalling(grid, clock, manner.pedal, last), heard, seconds)


def _unrolled(score: Score, start: float, beats: float) -> tuple[list[ScoreNote], list[tuple[float, float]]]:
    """Notes and loudness marks from a beat on, that beat being 0, the score again and again."""
    whole = 4 * float(np.ceil(score.beats / 4))
    notes: list[ScoreNote] = []
    marks: list[tuple[float, float]] = []
    for origin in np.arange(-start, beats, whole):
        shift = float(origin)
        notes += [
            ScoreNote(note.beat + shift, note.length, note.pitch, note.part)
            for note in score.notes
            if 0 <= note.beat + shift < beats
        ]
        marks += [(beat + shift, value) for beat, value in score.loudness if beat + shift < beats]
    return notes, marks


def _clock(
    beats: float, manner: Manner, generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Beats, and the seconds at which they fall: the tempo breathes over phrases, and holds back at their ends."""
    grid = np.arange(0, beats + 1, 1 / _GRID)
    wander = np.zeros(len(grid))
    for period in (4.0, 8.0, 16.0, 37.0):
        wander += generator.normal() * np.sin(2 * np.pi * (grid / period + generator.random()))
    wander *= manner.rubato / 2
    phrase = (grid % 16) / 16
    wander -= 1.5 * manner.rubato * np.clip((phrase - 0.85) / 0.15, 0, 1)
    lengths = 60 / manner.bpm * np.exp(-wander) / _GRID
    clock = _LEAD_SECONDS + np.concatenate([[0.0], np.cumsum(lengths[:-1])])
    return grid, np.asarray(clock, np.float64)


def _loudness(
    beats: float, marks: Sequence[tuple[float, float]], manner: Manner, generator: np.random.Generator
) -> _Curve:
    """The score's marks where it has some, else the manner's level; both with a slow swell."""
    grid = np.arange(0, beats + 1)
    level = np.full(len(grid), manner.level)
    if marks:
        places, values = np.array(sorted(marks)).T
        level = 0.5 * level + 0.5 * np.interp(grid, places, values)
    for period in (8.0, 24.0):
        level = level + manner.swell / 2 * np.sin(2 * np.pi * (grid / period + generator.random()))
    return _Curve(grid, np.clip(level, 0.15, 1.0))


@dataclass(frozen=True)
class _Curve:
    """Values between places."""

    places: NDArray[np.float64]
    values: NDArray[np.float64]

    def __call__(self, at: float) -> float:
        return float(np.interp(at, self.places, self.values))


def _velocity(note: ScoreNote, loudness: float, generator: np.random.Generator) -> int:
    """Melody and strong beats stand out."""
    raised = (8 if note.part == 0 else 0) + 8 * metric_strength(note.beat)
    return int(np.clip(18 + 84 * loudness + raised + generator.normal(0, 4), 12, 124))


def _pedalling(
    grid: NDArray[np.float64], clock: NDArray[np.float64], pedal: str, last: float
) -> tuple[tuple[float, bool], ...]:
    """Up as a chord begins, and down again soon after."""
    if pedal == "none":
        return ()
    changes: list[tuple[float, bool]] = []
    for beat in np.arange(0, grid[-1], _PEDAL_BEATS[pedal]):
        at = float(np.interp(beat, grid, clock))
        if at > last:
            break
        changes += [(at, False), (at + _PEDAL_LATE_SECONDS, True)]
    return tuple(changes)

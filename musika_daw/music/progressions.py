"""Chord progressions of techno: one or two chords for ever, or the four-chord loop of melodic techno."""

from __future__ import annotations

import numpy as np

from musika_daw.music.choice import pick
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import HarmonyStep

LOOP_BARS, PHRASE_BARS = 4, 16
# Two chords that rock, and four that go round; no mode's diminished chord among them.
_PAIRS = {
    "minor": ((0, 5), (0, 6), (0, 3), (0, 2), (0, 4)),
    "dorian": ((0, 3), (0, 6), (0, 1), (0, 2)),
    "phrygian": ((0, 1), (0, 6), (0, 5)),
    "major": ((0, 3), (0, 5), (5, 3), (0, 4)),
    "mixolydian": ((0, 6), (0, 3), (0, 4)),
}
_ROUNDS = {
    "minor": ((0, 5, 2, 6), (0, 2, 6, 5), (0, 3, 5, 6), (5, 6, 0, 2), (0, 6, 5, 6), (0, 5, 3, 6), (0, 4, 5, 3)),
    "dorian": ((0, 3, 6, 3), (0, 2, 3, 6), (0, 6, 3, 4), (0, 1, 2, 3)),
    "phrygian": ((0, 1, 2, 1), (0, 0, 1, 6), (0, 5, 1, 0), (0, 2, 1, 6)),
    "major": ((0, 4, 5, 3), (5, 3, 0, 4), (0, 5, 3, 4), (3, 0, 4, 5)),
    "mixolydian": ((0, 6, 3, 0), (0, 3, 6, 3), (0, 4, 6, 3)),
}
# How many chords a loop has, by genre.
_COUNTS: dict[str, dict[int, float]] = {
    "peak": {1: 5, 2: 4, 4: 1},
    "minimal": {1: 6, 2: 4},
    "dub": {1: 5, 2: 5},
    "acid": {1: 6, 2: 3, 4: 1},
    "melodic": {2: 2, 4: 8},
    "electro": {1: 4, 2: 4, 4: 2},
    "hypnotic": {1: 9, 2: 1},
    "hard": {1: 5, 2: 3, 4: 2},
}
_COLOURS: dict[str, dict[str, float]] = {
    "peak": {"triad": 6, "seventh": 2, "sus": 2},
    "minimal": {"triad": 3, "seventh": 3, "sus": 2, "ninth": 2},
    "dub": {"triad": 1, "seventh": 5, "ninth": 4},
    "acid": {"triad": 7, "seventh": 2, "sus": 1},
    "melodic": {"triad": 4, "seventh": 2, "sus": 1, "ninth": 3},
    "electro": {"triad": 5, "seventh": 3, "ninth": 2},
    "hypnotic": {"triad": 3, "seventh": 2, "sus": 4, "ninth": 1},
    "hard": {"triad": 8, "sus": 2},
}
# Bars of a loop, by its number of chords.
_LOOP_BARS: dict[int, dict[int, float]] = {1: {1: 1.0}, 2: {1: 0.7, 2: 4, 4: 5}, 4: {2: 2, 4: 8}}
_ONE_COLOUR = 0.6  # share of progressions whose chords all have the same colour
_PUSHED = 0.2  # share of loops whose last chord comes a beat early
_NEW_PROGRESSION = 0.3  # chance that a phrase brings a new one


def compose_harmony(generator: np.random.Generator, genre: str, mode: str, bars: int) -> tuple[HarmonyStep, ...]:
    """One chord per beat; a loop of 1, 2 or 4 bars through each 16-bar phrase."""
    loop = _new_loop(generator, genre, mode)
    steps: list[HarmonyStep] = []
    while len(steps) < bars * BEATS_PER_BAR:
        if steps and generator.random() < _NEW_PROGRESSION:
            loop = _new_loop(generator, genre, mode)
        steps += loop * (PHRASE_BARS // LOOP_BARS)
    return tuple(steps[: bars * BEATS_PER_BAR])


def phrase_harmony(generator: np.random.Generator, genre: str, mode: str) -> tuple[HarmonyStep, ...]:
    """One chord per beat of a phrase that brings a new progression."""
    return tuple(_new_loop(generator, genre, mode) * (PHRASE_BARS // LOOP_BARS))


def _new_loop(generator: np.random.Generator, genre: str, mode: str) -> list[HarmonyStep]:
    """Four bars, one chord per beat."""
    count = pick(generator, _COUNTS[genre])
    pool = {1: ((0,),), 2: _PAIRS[mode], 4: _ROUNDS[mode]}[count]
    degrees = pool[int(generator.integers(len(pool)))]
    common = pick(generator, _COLOURS[genre])
    mixed = generator.random() > _ONE_COLOUR
    chords = [HarmonyStep(degree, pick(generator, _COLOURS[genre]) if mixed else common) for degree in degrees]
    loop_bars = pick(generator, _LOOP_BARS[count])
    beats_each = loop_bars * BEATS_PER_BAR // count
    beats = [chord for chord in chords for _ in range(beats_each)]
    if count > 1 and beats_each >= BEATS_PER_BAR and generator.random() < _PUSHED:
        beats[-beats_each - 1] = chords[-1]
    return beats * (LOOP_BARS // loop_bars)


def change_beats(harmony: tuple[HarmonyStep, ...]) -> list[int]:
    """Beats at which a chord other than the one before begins, the first beat included."""
    return [beat for beat, chord in enumerate(harmony) if beat == 0 or chord != harmony[beat - 1]]

"""Chord parts: stabs, dub skanks, rave hits, and pads that hold until the next chord."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from musika_daw.music.choice import pick
from musika_daw.music.grid import STEPS_PER_BAR, VOICINGS, GridNote
from musika_daw.train.corpus.loops import Bar, fill_phrases, make_loop, vary

MIN_NOTES, MAX_NOTES = 6, 8
_SPARE = 1


@dataclass(frozen=True, slots=True)
class ChordStyle:
    """One way to play chords.

    Attributes:
        rhythms: one is chosen; a digit says how early the chord comes in as density rises (9 first).
        length_steps: shortest and longest chord.
        strength: of its strongest chord.
        held: a pad; its chords are struck anew where the harmony changes.
    """

    rhythms: tuple[str, ...]
    length_steps: tuple[float, float]
    strength: float
    held: bool = False


STYLES = {
    "stab": ChordStyle(
        ("..9..7..5..8..6.", "9..8..6...7..5..", "...9..7..5.8..6.", "9.....8..6..7..5", "..9...6.7..8..5."),
        (0.5, 1.6),
        0.82,
    ),
    "skank": ChordStyle(
        ("..9...7...8...6.", "..9..5..7.8...6.", "..9.4.7.4.8.4.6.", "..8..69...7..5.."), (0.6, 2.0), 0.75
    ),
    "tresillo": ChordStyle(("9..8..7.5..6..4.", "9..7..8...6..5..", "...9..8...7..65."), (0.6, 2.0), 0.75),
    "blip": ChordStyle(
        ("......9....7..5.", "...9.....6.7..5.", "..9.....7....5.6", "9.....5...7..6.."), (0.4, 0.9), 0.65
    ),
    "rave": ChordStyle(
        ("9..8..7..6..5.4.", "9.7..8..6.7..5..", "9.8...7.9.6...5.", "..9.7.8...9.7.65"), (0.5, 1.5), 0.95
    ),
    "pulse": ChordStyle(("9.6.8.5.9.6.7.5.", "..9...8...9.5.7.", "9.5.7.5.8.5.7.5."), (0.8, 2.0), 0.68),
    "pad": ChordStyle(("9...5...7...4...", "9.3.5...8...5.3.", "9.....4.8..5..4."), (8.0, 16.0), 0.6, held=True),
}
_WAYS: dict[str, dict[str, float]] = {
    "peak": {"stab": 6, "pulse": 2, "pad": 2, "rave": 1},
    "minimal": {"blip": 6, "stab": 2, "skank": 1, "pad": 1},
    "dub": {"skank": 5, "tresillo": 4, "pad": 1},
    "acid": {"stab": 5, "pad": 3, "blip": 2},
    "melodic": {"pad": 5, "pulse": 3, "stab": 2},
    "electro": {"stab": 4, "pad": 4, "tresillo": 2},
    "hypnotic": {"pad": 4, "blip": 3, "skank": 2, "stab": 1},
    "hard": {"rave": 7, "stab": 2, "pad": 1},
}
_FIXED_VOICING = 0.5  # share of loops that keep one voicing


def compose_chords(generator: np.random.Generator, genre: str, bars: int) -> list[Bar]:
    """The chord bars of a track, before they meet the harmony (`settle`); salience is a score (see `loops`)."""
    way = STYLES[pick(generator, _WAYS[genre])]

    def variation(bar: Bar) -> Bar:
        return vary(generator, bar, 1, _SPARE, MIN_NOTES)

    return fill_phrases(generator, bars, lambda: make_loop(generator, _draw_bar(generator, way), variation), variation)


def _draw_bar(generator: np.random.Generator, way: ChordStyle) -> Bar:
    rhythm = way.rhythms[int(generator.integers(len(way.rhythms)))]
    wanted = int(generator.integers(MIN_NOTES, MAX_NOTES + 1))
    rank = generator.random(STEPS_PER_BAR)
    # Off-beat eighths and syncopes first where the rhythm has too few.
    levels = [int(d) if d != "." else 1.2 * float(rank[s]) + 0.3 * (s % 4 == 2) for s, d in enumerate(rhythm)]
    steps = sorted(range(STEPS_PER_BAR), key=lambda step: -levels[step])[:wanted]
    short, long = way.length_steps
    usual = float(generator.uniform(short, long))
    home = int(generator.integers(VOICINGS))
    fixed = generator.random() < _FIXED_VOICING
    voicings = generator.integers(VOICINGS, size=STEPS_PER_BAR)
    return [
        GridNote(
            "chords",
            step,
            0.1 * levels[step] + 0.09 * float(rank[step]),
            way.strength * (0.7 + 0.3 * levels[step] / 9),
            length_steps=usual if levels[step] >= 5 else max(short, 0.8 * usual),
            voicing=home if fixed or levels[step] >= 7 else int(voicings[step]),
        )
        for step in steps
    ]


def settle(bar: Bar, changes: list[int]) -> Bar:
    """The chord bar over its harmony: a pad (a part whose chords last) is heard anew where the chord changes.

    Args:
        changes: steps of the bar (0-15) on which a new chord begins.
    """
    if not changes or max(note.length_steps for note in bar) < STYLES["pad"].length_steps[0]:
        return bar
    by_step = {note.step: note for note in bar}
    for change in changes:
        top = max(by_step.values(), key=lambda note: note.salience)
        if change not in by_step:
            # The weakest chord moves there: the bar keeps its number of candidates.
            moved = by_step.pop(min(by_step.values(), key=lambda note: note.salience).step)
            by_step[change] = replace(moved, step=change, voicing=top.voicing)
        # Below the bar's first chord, above everything between.
        by_step[change] = replace(
            by_step[change],
            salience=max(by_step[change].salience, 0.8 + 0.001 * change),
            strength=max(by_step[change].strength, 0.95 * top.strength),
        )
    return list(by_step.values())

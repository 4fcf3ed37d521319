"""Basslines: a genre's rhythm, roots on its strong steps, everything else around them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from musika_daw.music.choice import pick
from musika_daw.music.grid import STEPS_PER_BAR, STEPS_PER_BEAT, GridNote
from musika_daw.train.corpus.loops import Bar, fill_phrases, make_loop, vary

MIN_NOTES = 14
_SPARE = 3


@dataclass(frozen=True, slots=True)
class BassStyle:
    """How a genre's bass plays.

    Attributes:
        rhythms: one is chosen; a digit says how early the step comes in as density rises (9 first), a dot last.
        colours: what steps without a root play: (degree, octave) -> weight.
        roots: share of notes that play the root, beside those that must.
        length_steps: shortest and longest note.
        slides: share of notes that slide.
        accents: share of notes struck hard.
        skips: up to this many steps a bar stay empty at any density.
    """

    rhythms: tuple[str, ...]
    colours: dict[tuple[int, int], float]
    roots: float
    length_steps: tuple[float, float]
    slides: float = 0.02
    accents: float = 0.2
    skips: int = 2


STYLES = {
    "peak": BassStyle(
        (".798.798.798.798", ".689.689.689.789", "..97..97..97.597", ".7.8.798.7.8.789", "..9.4.9.4.97..95"),
        {(0, 1): 4, (4, 0): 2, (6, 0): 1, (2, 0): 1},
        0.75,
        (0.6, 1.0),
        accents=0.25,
    ),
    "minimal": BassStyle(
        ("9..6..7...5...4.", "..9..5....8..4..", "9.....8..5....6.", "...9..7....8..5.", "9..7......8..4.."),
        {(0, 1): 4, (4, 0): 2, (6, 0): 2, (2, 0): 2, (3, 0): 1},
        0.6,
        (0.5, 1.2),
        slides=0.04,
    ),
    "dub": BassStyle(
        ("9.....7...8.....", "9..8......7..5..", "..9...7.....8.5.", "9..7..8.....5.4.", "9...........7.8."),
        {(4, 0): 4, (6, 0): 2, (2, 0): 2, (0, 1): 1, (3, 0): 1},
        0.65,
        (1.5, 4.0),
        slides=0.06,
        accents=0.1,
    ),
    "acid": BassStyle(
        ("9.68.7964.785.96", "97.86.97.59.8.76", "9.8.697.8.96.587", "96798.6.97.86.59", "8.97.69.8.97.698"),
        {(0, 1): 7, (6, 0): 2, (2, 0): 2, (1, 0): 1, (3, 0): 1, (4, 0): 2, (2, 1): 1, (6, -1): 1, (5, 0): 1},
        0.42,
        (0.5, 1.0),
        slides=0.27,
        accents=0.32,
    ),
    "melodic": BassStyle(
        ("..9...9...9...97", "7.9.7.9.7.9.7.9.", ".798.798.798.798", "9..8..7.9..8..7.", "..97..97..97..97"),
        {(0, 1): 4, (4, 0): 3, (2, 0): 2, (6, 0): 1, (1, 0): 1},
        0.7,
        (0.8, 2.0),
        slides=0.03,
        accents=0.15,
    ),
    "electro": BassStyle(
        ("9..7..8.6.9..7.5", "9.78..6.9..7.85.", "9..9.7..8..6.79.", "96..8..79.6..8.7", "9.....8.97..6.85"),
        {(0, 1): 5, (6, 0): 3, (4, 0): 3, (2, 0): 2, (3, 0): 1, (6, -1): 1},
        0.55,
        (0.5, 1.5),
        slides=0.08,
        accents=0.3,
    ),
    "hypnotic": BassStyle(
        (".789.789.789.789", ".987.987.987.987", "..98..98..98..98", ".897.897.897.897", ".7.9.7.9.7.9.789"),
        {(0, 1): 2, (4, 0): 1, (1, 0): 1, (6, 0): 1},
        0.9,
        (0.8, 1.4),
        accents=0.1,
    ),
    "hard": BassStyle(
        ("..9...9...9...9.", ".798.798.798.798", "..98..98..98..98", "..9.7.9.7.9.7.98", ".6.9.6.9.6.9.798"),
        {(0, 1): 4, (1, 0): 2, (4, 0): 1, (6, 0): 1, (2, 0): 1},
        0.78,
        (0.5, 1.0),
        accents=0.35,
    ),
}
_MUST_BE_ROOT = 4  # so many of the most salient notes of a bar play the root
_CHANGES = 2  # notes exchanged by a small variation
_REPITCHED = 0.5  # chance that a variation gives one weak note another pitch


def compose_bass(generator: np.random.Generator, genre: str, bars: int) -> list[Bar]:
    """The bass bars of a track, before they meet the harmony (`settle`); salience is a score (see `loops`)."""
    style = STYLES[genre]

    def variation(bar: Bar) -> Bar:
        varied = vary(generator, bar, _CHANGES, _SPARE, MIN_NOTES)
        if generator.random() < _REPITCHED:
            weak = sorted(varied, key=lambda note: -note.salience)[_MUST_BE_ROOT:]
            chosen = weak[int(generator.integers(len(weak)))]
            degree, octave = pick(generator, style.colours)
            varied = [replace(n, degree=degree, octave=octave) if n is chosen else n for n in varied]
        return varied

    return fill_phrases(
        generator, bars, lambda: make_loop(generator, _draw_bar(generator, style), variation), variation
    )


def _draw_bar(generator: np.random.Generator, style: BassStyle) -> Bar:
    rhythm = style.rhythms[int(generator.integers(len(style.rhythms)))]
    taste = generator.random((STEPS_PER_BAR, 5)).tolist()
    accents = [accent < style.accents for *_, accent in taste]
    skipped = set(_weakest(rhythm, taste)[: int(generator.integers(style.skips + 1))])
    short, long = style.length_steps
    usual = float(generator.uniform(short, long))
    bar = []
    for step, (score, root, length, slide, _) in enumerate(taste):
        if step in skipped:
            continue
        level = 0 if rhythm[step] == "." else int(rhythm[step])
        degree, octave = (0, 0) if root < style.roots else pick(generator, style.colours)
        slides = slide < style.slides
        bar.append(
            GridNote(
                "bass",
                step,
                0.1 * level + 0.095 * score,
                0.92 if accents[step] else 0.58 + 0.02 * level,
                length_steps=max(1.0, usual) if slides else 0.8 * usual + 0.2 * (short + (long - short) * length),
                degree=degree,
                octave=octave,
                slide=slides,
            )
        )
    roots = {note.step for note in sorted(bar, key=lambda note: -note.salience)[:_MUST_BE_ROOT]}
    return [replace(n, degree=0, octave=n.octave if n.degree == 0 else 0) if n.step in roots else n for n in bar]


def _weakest(rhythm: str, taste: list[list[float]]) -> list[int]:
    """Steps that may stay empty, least wanted first; the downbeat never does."""
    rests = [step for step in range(1, STEPS_PER_BAR) if rhythm[step] == "."]
    return sorted(rests, key=lambda step: taste[step][0])


def settle(bar: Bar, changes: list[int]) -> Bar:
    """The bass bar over its harmony: the root on the downbeat, on each chord change, and first of all.

    Args:
        changes: steps of the bar (0-15) on which a new chord begins.
    """
    top = max(bar, key=lambda note: note.salience)
    rooted = {0, top.step, *changes}
    for change in changes:
        beat = [note for note in bar if change <= note.step < change + STEPS_PER_BEAT]
        rooted |= {max(beat, key=lambda note: note.salience).step} if beat else set()
    return [
        replace(note, degree=0, octave=max(0, note.octave)) if note.step in rooted and note.degree else note
        for note in bar
    ]

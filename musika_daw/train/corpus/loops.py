"""Bars that repeat: loops, their small variations, and how they fill the 16-bar phrases of a track.

A bar here is a list of notes whose step counts from the bar line and whose salience is still a score: any number,
higher for what a producer would leave in longest. `spread_salience` turns the scores of a whole stem into 0..1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from musika_daw.music.grid import GridNote
from musika_daw.music.progressions import LOOP_BARS, PHRASE_BARS

Bar = list[GridNote]
_SAME_PHRASE, _NEW_PHRASE = 0.45, 0.15  # chances that a phrase keeps the loop before, or brings a fresh one
_REACH = 0.3  # how far apart in salience two exchanged notes may stand, as a share of the bar's notes
_OMISSION = 0.3  # chance that a variation leaves out a note of the less salient half
_TURN = 0.7  # chance that the last of four bars differs a little
_EVOLVE = 0.5  # chance that the second half of a phrase differs a little from the first


def vary(generator: np.random.Generator, bar: Bar, changes: int, spare: int, fewest: int) -> Bar:
    """The bar with a few notes exchanged: one steps back in salience, another takes its place.

    The two stand near each other, so that every density hears some of the exchanges and no density all of them.

    Args:
        changes: how many notes are exchanged.
        spare: how many of the most salient notes stay as they are.
        fewest: the bar is left with at least this many notes.
    """
    ranked = sorted(bar, key=lambda note: -note.salience)
    total = len(ranked)
    for _ in range(changes):
        down = int(generator.integers(spare, total - 1))
        up = min(total - 1, down + int(generator.integers(1, 2 + round(_REACH * total))))
        high, low = ranked[down], ranked[up]
        ranked[down], ranked[up] = replace(low, salience=high.salience), replace(high, salience=low.salience)
    if total > fewest and generator.random() < _OMISSION:
        omitted = int(generator.integers(total // 2, total))
        if ranked[omitted].step:  # a bar keeps its downbeat
            del ranked[omitted]
    return ranked


def make_loop(generator: np.random.Generator, bar: Bar, variation: Callable[[Bar], Bar]) -> list[Bar]:
    """Four bars from one: the same throughout, call and answer, or call, answer, call, second answer."""
    kind = generator.random()
    if kind < 0.35:
        return [bar] * LOOP_BARS
    answer = variation(bar)
    return [bar, answer, bar, answer if kind < 0.75 else variation(answer)]


def fill_phrases(
    generator: np.random.Generator, bars: int, new_loop: Callable[[], list[Bar]], variation: Callable[[Bar], Bar]
) -> list[Bar]:
    """The bars of a stem: four-bar loops through 16-bar phrases, turning every four bars, changing with the phrase."""
    track: list[Bar] = []
    loop = new_loop()
    while len(track) < bars:
        if track:
            kind = generator.random()
            if kind < _NEW_PHRASE:
                loop = new_loop()
            elif kind > _SAME_PHRASE + _NEW_PHRASE:
                loop = _vary_alike(loop, variation)
        second = _vary_alike(loop, variation) if generator.random() < _EVOLVE else loop
        for place in range(PHRASE_BARS):
            bar = (loop if place < PHRASE_BARS // 2 else second)[place % LOOP_BARS]
            turns = place % LOOP_BARS == LOOP_BARS - 1 and generator.random() < _TURN
            track.append(variation(bar) if turns else bar)
    return track[:bars]


def _vary_alike(loop: list[Bar], variation: Callable[[Bar], Bar]) -> list[Bar]:
    """Every distinct bar of the loop varied once, so that what repeated still repeats."""
    varied = {id(bar): variation(bar) for bar in loop}
    return [varied[id(bar)] for bar in loop]


def spread_salience(track: list[Bar]) -> list[list[float]]:
    """Scores of a stem's bars -> saliences in (0, 1], spread evenly; equal scores stay equal.

    One scale for the whole stem: a note that returns keeps its salience from bar to bar.
    """
    scores = np.array([note.salience for bar in track for note in bar])
    ranked = np.sort(scores)
    # Equal scores share the middle of their ranks, so that a loop's few scores are spread evenly too.
    below, up_to = (np.searchsorted(ranked, scores, side=side) for side in ("left", "right"))
    values = ((below + up_to + 1) / 2 / max(len(scores), 1)).tolist()
    ends = np.cumsum([len(bar) for bar in track]).tolist()
    return [values[end - len(bar) : end] for bar, end in zip(track, ends, strict=True)]

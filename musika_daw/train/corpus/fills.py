"""Drum fills, snare rolls and breaks: what a bar's plan does to its loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musika_daw.music.grid import STEPS_PER_BAR, GridNote
from musika_daw.train.corpus.loops import Bar
from musika_daw.train.corpus.phrases import BarPlan

# What a fill may play: drum -> digits of strength over the bar's end, as long as the fill; R strikes twice.
_FILLS: dict[int, tuple[dict[str, str], ...]] = {
    1: (
        {"open_hat": "..8."},
        {"snare": ".4.7"},
        {"snare": "..57"},
        {"closed_hat": "..6R"},
        {"tom": "5.75"},
        {"clap": "...7"},
        {"perc": "6.66"},
        {"kick": "..7."},
    ),
    2: (
        {"snare": "....4567"},
        {"tom": "6..6..6."},
        {"snare": "..4..56R", "open_hat": "......8."},
        {"clap": "....7.77"},
        {"tom": "....7556", "open_hat": "......8."},
        {"closed_hat": "....5R6R"},
        {"perc": "6..6..66"},
    ),
    3: (
        {"snare": "....3.4.5.5.678R"},
        {"snare": "........4455678R", "open_hat": "..............9."},
        {"tom": "......6..6..6.66", "snare": "..............7R"},
        {"clap": "......6..6..7.77"},
        {"tom": "........76556754", "perc": "......6..6......"},
        {"snare": "...4..4..5..6.7R", "tom": "........5..5..6."},
    ),
}
_ROLLS = ({"snare": "2.2.3.3.3.4.4.4."}, {"snare": "444455556666RR8R"})
_LOWEST_SCORE, _SCORE_SPAN = 0.5, 0.35  # where fills stand among the layers' scores


def play_plan(generator: np.random.Generator, bar: Bar, plan: BarPlan, most: int) -> Bar:
    """The bar with its fill, roll or break played.

    Args:
        most: hits the bar may hold; the least salient make room.
    """
    if plan == BarPlan():
        return bar
    kept = {(note.drum, note.step): note for note in bar if note.drum != "kick" or note.step < plan.kick_until}
    added: dict[str, str] = {}
    if plan.fill:
        choices = _FILLS[plan.fill]
        added |= choices[int(generator.integers(len(choices)))]
    if plan.roll:
        added |= _ROLLS[plan.roll - 1]
    for drum, digits in added.items():
        first = STEPS_PER_BAR - len(digits)
        for offset, digit in enumerate(digits):
            if digit == ".":
                continue
            strength = 0.75 if digit == "R" else 0.1 * int(digit)
            # A fill is heard from its end: the last strokes lead home.
            score = _LOWEST_SCORE + _SCORE_SPAN * (offset + 1) / len(digits) + 0.02 * float(generator.random())
            step = first + offset
            hit = GridNote("drums", step, score, strength, drum=drum, ratchet=digit == "R")
            old = kept.get((drum, step))
            kept[drum, step] = hit if old is None or old.salience < score else replace(old, ratchet=hit.ratchet)
    return sorted(kept.values(), key=lambda note: -note.salience)[:most]

"""Where a track fills, builds and breaks: by the place of a bar in its 16-bar phrase, and chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musika_daw.music.grid import STEPS_PER_BAR
from musika_daw.music.progressions import PHRASE_BARS
from musika_daw.train.corpus.genres import GRAMMARS


@dataclass(frozen=True, slots=True)
class BarPlan:
    """What happens in one bar besides its loop.

    Attributes:
        fill: 0 none, 1 its last beat, 2 its last half, 3 most of it.
        kick_until: step (0-16) from which the kick is silent.
        roll: 0 no snare roll; 1 its sparse first bar; 2 its dense last bar.
        swell: strength of the bar's first and last step, as shares of what is written.
    """

    fill: int = 0
    kick_until: int = STEPS_PER_BAR
    roll: int = 0
    swell: tuple[float, float] = (1.0, 1.0)


_FILLS = {3: 0.45, 7: 0.7, 11: 0.5, 15: 0.9}  # place in the phrase -> chance of a fill
_SIZES = {3: 1, 7: 2, 11: 1, 15: 3}
_KICK_RESTS = {1: 0.35, 2: 0.4, 3: 0.5}  # size of a fill -> chance that the kick rests for its end


def plan_phrases(generator: np.random.Generator, genre: str, bars: int) -> list[BarPlan]:
    """One plan per bar; bar 0 begins a phrase."""
    grammar = GRAMMARS[genre]
    plans: list[BarPlan] = []
    while len(plans) < bars:
        phrase = [_bar(generator, place) for place in range(PHRASE_BARS)]
        if generator.random() < grammar.builds:
            if generator.random() < 0.5:
                phrase[-2] = BarPlan(roll=1, swell=(0.65, 0.82))
                phrase[-1] = BarPlan(roll=2, swell=(0.82, 1.0), kick_until=int(generator.choice((8, 12, 16))))
            else:
                phrase[-1] = BarPlan(roll=2, swell=(0.7, 1.0), kick_until=int(generator.choice((8, 12, 16))))
        elif generator.random() < grammar.breaks:
            phrase[-1] = BarPlan(fill=int(generator.integers(1, 4)), kick_until=int(generator.choice((0, 0, 4, 8))))
        plans += phrase
    return plans[:bars]


def _bar(generator: np.random.Generator, place: int) -> BarPlan:
    if generator.random() >= _FILLS.get(place, 0.0):
        return BarPlan()
    size = _SIZES[place] if generator.random() < 0.7 else max(1, _SIZES[place] - 1)
    rests = generator.random() < _KICK_RESTS[size]
    return BarPlan(fill=size, kick_until=STEPS_PER_BAR - (8 if size == 3 else 4) if rests else STEPS_PER_BAR)

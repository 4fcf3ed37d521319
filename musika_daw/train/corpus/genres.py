"""What a genre means to every stem: its modes, its swing, and how often its phrases build and break."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musika_daw.model.style import GENRES
from musika_daw.music.choice import pick

__all__ = ["GENRES", "GRAMMARS", "Grammar", "draw_mode", "draw_swing"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Habits of a genre beyond its patterns.

    Attributes:
        modes: mode of `MODES` -> weight.
        most_swing: odd sixteenths come late by 0 to this share of a step (0..0.33).
        builds: chance that a 16-bar phrase ends in a build.
        breaks: chance that a 16-bar phrase ends without its kick, for half a bar or a bar.
    """

    modes: dict[str, float]
    most_swing: float
    builds: float
    breaks: float


GRAMMARS = {
    "peak": Grammar({"minor": 7, "phrygian": 2, "dorian": 1}, 0.08, 0.4, 0.3),
    "minimal": Grammar({"minor": 6, "dorian": 3, "phrygian": 1}, 0.24, 0.1, 0.2),
    "dub": Grammar({"minor": 7, "dorian": 3}, 0.14, 0.08, 0.15),
    "acid": Grammar({"minor": 5, "phrygian": 4, "dorian": 1}, 0.12, 0.35, 0.3),
    "melodic": Grammar({"minor": 5, "dorian": 2, "major": 2, "mixolydian": 1}, 0.08, 0.4, 0.3),
    "electro": Grammar({"minor": 6, "phrygian": 2, "dorian": 2}, 0.05, 0.2, 0.2),
    "hypnotic": Grammar({"minor": 6, "phrygian": 2, "dorian": 2}, 0.1, 0.15, 0.15),
    "hard": Grammar({"minor": 6, "phrygian": 4}, 0.04, 0.5, 0.35),
}
_ANY_SWING = 0.33
_FREELY_SWUNG = 0.06  # share of tracks that swing as far as the groove control goes, so that all of it is learnt
_STRAIGHT = 0.25  # share of tracks that do not swing at all


def draw_mode(generator: np.random.Generator, genre: str) -> str:
    """A mode of `MODES` that belongs to the genre."""
    return pick(generator, GRAMMARS[genre].modes)


def draw_swing(generator: np.random.Generator, genre: str) -> float:
    """How late odd sixteenths come, 0..0.33 of a step."""
    kind = generator.random()
    if kind < _STRAIGHT:
        return 0.0
    most = _ANY_SWING if kind > 1 - _FREELY_SWUNG else GRAMMARS[genre].most_swing
    return float(generator.uniform(0.0, most))

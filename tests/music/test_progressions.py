"""Progressions are those of their genre and mode, and fill a phrase."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.music.harmony import MODES
from musika_daw.music.progressions import change_beats, phrase_harmony


@pytest.mark.parametrize("mode", MODES)
def test_a_phrase_is_one_loop_on_degrees_of_the_mode(mode: str) -> None:
    for seed in range(20):
        harmony = phrase_harmony(np.random.default_rng(seed), "melodic", mode)
        assert len(harmony) == 64 and harmony[:16] == harmony[16:32] == harmony[48:]
        assert 0 in {step.degree for step in harmony} and len({step.degree for step in harmony}) in (2, 3, 4)


def test_hypnotic_stays_where_melodic_moves() -> None:
    def changes(genre: str) -> float:
        made = [phrase_harmony(np.random.default_rng(seed), genre, "minor") for seed in range(60)]
        return float(np.mean([len(change_beats(harmony)) for harmony in made]))

    assert changes("hypnotic") < 4 < 12 < changes("melodic")

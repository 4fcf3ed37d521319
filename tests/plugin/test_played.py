"""Played in real time: loops, located starts and jumps at their places, and the beat of a tempo that moves."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from musika_daw.plugin import layout
from tests.plugin.conftest import newest_segment
from tests.plugin.test_bounce import FADE, rendered
from tests.plugin.test_engine_process import is_exact, wait_for
from tests.support.clap_host import ClapHost
from tests.support.played_host import Player, first_right

pytestmark = pytest.mark.slow
Make = Callable[..., ClapHost]
TIMES = int(os.environ.get("MUSIKA_DAW_TIMES", "4"))
"""Passes, located starts and jumps."""
BEAT = 60 / 128.0 * 44100
DRUMS = slice(2, 4)


def stand(player: Player, seconds: float) -> None:
    """The host stands until what comes is made."""
    memory = newest_segment()
    at = round(player.beat * 60 / player.bpm * 44100)
    blocks = range(at // layout.BLOCK_FRAMES, round(at + seconds * 44100) // layout.BLOCK_FRAMES + 1)
    player.stand(0.1)
    wait_for(lambda: all(is_exact(memory, block) for block in blocks))


def places(count: int, end: int) -> list[float]:
    """Beats and places between them."""
    chance = random.Random(count)
    return [chance.randrange(4 * end) / 4 for _ in range(count)]


def test_passes_of_a_loop_are_the_same_without_a_hole(instance: Make) -> None:
    player = Player(instance(offline=False), beat=16.0, bpm=120.0, loop=(16.0, 20.0))
    stand(player, 1.9)
    heard, _ = player.play(TIMES * 2.0)
    passes = np.split(heard, TIMES, axis=1)
    for each in passes[1:]:
        np.testing.assert_array_equal(each[:, FADE:], passes[0][:, FADE:])
    assert min(np.abs(passes[0][:, i : i + 4410]).max() for i in range(0, 88200, 4410)) > 1e-4


def test_from_a_located_place_it_plays_from_the_first_sample_on(instance: Make, tiny_model: Path) -> None:
    player = Player(instance(offline=False))
    expected = rendered(tiny_model, 32.0, 128.0)
    for beat in places(TIMES, 60):
        player.beat = beat
        stand(player, 1.0)
        heard, _ = player.play(0.3)
        at = round(beat * BEAT)
        assert np.abs(heard - expected[:, at : at + heard.shape[1]]).max() < 1e-3


def test_after_a_jump_nothing_of_another_place_is_heard(instance: Make, tiny_model: Path) -> None:
    player = Player(instance(offline=False))
    expected = rendered(tiny_model, 200.0, 128.0)[DRUMS]
    stand(player, 1.0)
    right = []
    for beat in places(TIMES, 400):
        player.beat = beat
        heard, _ = player.play(1.5)
        begin = round(beat * BEAT) + 441
        first, honest = first_right(heard[DRUMS, 441:], expected[:, begin : begin + heard.shape[1] - 441])
        assert honest, beat
        right += [] if first is None else [10 + round(first / 44.1)]
    print("right after ms:", sorted(right), "of", TIMES)
    assert right


def test_notes_stay_on_the_beat_of_a_tempo_that_moves(instance: Make) -> None:
    host = instance(offline=False)
    player = Player(host, bpm=120.0)
    stand(player, 1.0)
    player.midi = [(beat, bytes((0x99, 36, 100))) for beat in range(4)]  # a bar, which returns after three others
    player.play(2.05)
    begin = host.steady
    _, beats = player.play(8.0, ramp=2.5)
    heard = [at - begin for at, message in host.heard if message[:2] == b"\x99\x24" and begin <= at]
    away = [(beats[at] - round(beats[at])) * 60 / player.bpm for at in heard if beats[at] > 15]
    assert len(away) >= 3 and np.abs(away).max() < 0.003

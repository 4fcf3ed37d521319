"""What a hand looks for on stage: tap tempo and fades."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from musika_daw.control.handlers.fade import FadeHandler
from musika_daw.control.handlers.tap import TapHandler
from musika_daw.control.instrument import Router
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target


class Engine:
    stems = ("drums",)

    def __init__(self) -> None:
        self.values: dict[Target, tuple[Value, ...]] = {Target("tempo"): (120.0,), Target("master"): (-3.0,)}
        self.clock_leads = False
        self.now = 0.0

    def post(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if self.clock_leads and move.control == "tempo":
                raise RefusedError(move.target, "refused", "the midi clock leads")
            self.values[move.target] = move.values

    def get(self, target: Target) -> tuple[Value, ...]:
        return self.values[target]

    def targets(self) -> tuple[Target, ...]:
        return tuple(self.values)

    def limits(self, target: Target) -> tuple[float, float] | None:
        return None

    def notices(self) -> list[Notice]:
        return []

    def time(self) -> float:
        return self.now

    @property
    def tempo(self) -> float:
        return float(self.values[Target("tempo")][0])

    @property
    def master(self) -> float:
        return float(self.values[Target("master")][0])


@pytest.fixture
def engine() -> Engine:
    return Engine()


def tap(engine: Engine, band: Router, *moments: float) -> None:
    for moment in moments:
        engine.now = moment
        band.post([Move.of("tap")])


@pytest.mark.parametrize(("bpm", "tempo"), [(100.0, 100.0), (174.0, 174.0), (30.0, 60.0), (300.0, 150.0)])
def test_the_tempo_is_tapped(engine: Engine, bpm: float, tempo: float) -> None:
    band = Router(engine, (TapHandler(engine, engine.time),))
    rng = np.random.default_rng(1)
    tap(engine, band, 0.0)
    assert engine.tempo == 120.0, "one tap is no tempo"
    tap(engine, band, *(60.0 / bpm * np.arange(1, 9) + rng.uniform(-0.01, 0.01, 8)))
    assert engine.tempo == pytest.approx(tempo, rel=0.02)


def test_a_late_tap_does_not_matter_and_a_pause_begins_anew(engine: Engine) -> None:
    band = Router(engine, (TapHandler(engine, engine.time),))
    tap(engine, band, 0.0, 0.5, 1.0, 1.58, 2.0, 2.5)
    assert engine.tempo == 120.0
    tap(engine, band, 10.0)
    assert engine.tempo == 120.0
    tap(engine, band, 10.4, 10.8)
    assert engine.tempo == 150.0


def test_a_tap_while_a_clock_leads_is_refused(engine: Engine) -> None:
    band = Router(engine, (TapHandler(engine, engine.time),))
    engine.clock_leads = True
    tap(engine, band, 0.0)
    with pytest.raises(RefusedError, match="the midi clock leads"):
        tap(engine, band, 0.5)


def fade(engine: Engine, band: Router, seconds: float) -> list[float]:
    """Levels of the next so many seconds."""
    levels, end = [], engine.now + seconds
    while engine.now < end:
        engine.now += 0.01
        band.notices()
        levels.append(engine.master)
    return levels


def test_out_and_in_again_to_where_it_was(engine: Engine) -> None:
    band = Router(engine, (FadeHandler(engine, engine.time),))
    band.post([Move.of("fade", "out", 8.0)])  # 4 s at 120 bpm
    levels = fade(engine, band, 4.1)
    assert all(b <= a for a, b in itertools.pairwise(levels)) and levels[-1] == -90.0
    assert levels[200] == pytest.approx(-3.0 - 6.0, abs=0.3), "half the amplitude after half of the time"
    band.post([Move.of("fade", "in", 4.0)])
    levels = fade(engine, band, 2.1)
    assert all(b >= a for a, b in itertools.pairwise(levels)) and levels[-1] == pytest.approx(-3.0)
    band.post([Move.of("fade", "out", 0.0)])
    assert engine.master == -90.0


def test_a_fade_turns_round_and_a_hand_on_the_level_ends_it(engine: Engine) -> None:
    band = Router(engine, (FadeHandler(engine, engine.time),))
    band.post([Move.of("fade", "out")])
    fade(engine, band, 3.0)
    band.post([Move.of("fade", "in", 2.0)])
    assert fade(engine, band, 1.2)[-1] == pytest.approx(-3.0)
    band.post([Move.of("fade", "out")])
    fade(engine, band, 1.0)
    engine.post([Move.of("master", -20.0)])
    assert fade(engine, band, 8.0)[-1] == -20.0

"""How a track's controls move: what the labels of the corpus are, and what the product lets a musician play."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import TempoMap

SILENT_SHARE = 0.08  # of the stretches of a stem


@dataclass(frozen=True)
class TrackControls:
    """Piecewise curves over song position: values at bar lines, `[4 stems, bars + 1]`.

    Density holds through a bar; brightness glides from bar line to bar line.
    """

    density: NDArray[np.float64]
    brightness: NDArray[np.float64]

    def density_at(self, stem: str) -> Callable[[float], float]:
        values = self.density[STEMS.index(stem)]
        return lambda beat: float(values[int(np.clip(beat // BEATS_PER_BAR, 0, len(values) - 1))])

    def sample(self, beats: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Density and brightness of the four stems at song positions: `[4, len(beats)]` each."""
        bars = np.arange(self.density.shape[1])
        held = np.clip(beats // BEATS_PER_BAR, 0, len(bars) - 1).astype(int)
        glided = np.stack([np.interp(beats / BEATS_PER_BAR, bars, row) for row in self.brightness])
        return self.density[:, held], glided


def draw_controls(generator: np.random.Generator, bars: int) -> TrackControls:
    """Stretches of 1-4 bars; every stem moves by itself through its whole range, silence included."""
    density = np.zeros((len(STEMS), bars + 1))
    brightness = np.zeros((len(STEMS), bars + 1))
    for stem in range(len(STEMS)):
        bar = 0
        while bar <= bars:
            length = int(generator.choice((1, 2, 4)))
            silent = generator.random() < SILENT_SHARE
            density[stem, bar : bar + length] = 0.0 if silent else generator.uniform(0.08, 1.0)
            bar += length
        knots = np.arange(0, bars + 5, int(generator.choice((1, 2, 4))))
        brightness[stem] = np.interp(np.arange(bars + 1), knots, generator.uniform(0, 1, len(knots)))
    return TrackControls(density, brightness)


def draw_tempo(generator: np.random.Generator, beats: float) -> TempoMap:
    """80-170 bpm, most often 115-150; constant, or gliding slowly in a third of the tracks."""
    bpm = float(generator.uniform(115, 150) if generator.random() < 0.6 else generator.uniform(80, 170))
    if generator.random() < 0.65:
        return TempoMap(((0.0, bpm),))
    goal = float(np.clip(bpm * 2.0 ** generator.uniform(-0.25, 0.25), 80, 170))
    return TempoMap(((0.0, bpm), (beats, goal)), ramps=True)

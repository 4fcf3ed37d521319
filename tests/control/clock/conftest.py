"""A simulated clock: its true song position is known, its ticks come with jitter, some get lost, some double."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from musika_daw.control.clock.follower import ClockFollower

TICKS = 24


@dataclass
class SimulatedClock:
    """A clock whose tempo is a function of the beat; starts playing at 0 s from beat 0 and runs before, if asked to.

    Attributes:
        bpm_at: tempo at a beat.
        jitter_ms: standard deviation of the ticks.
        dropped, doubled: probability of each tick.
        silent_beats: no tick arrives within this stretch.
        warm_beats: the clock runs for so long before it starts.
    """

    bpm_at: Callable[[float], float]
    beats: float = 64.0
    jitter_ms: float = 2.5
    dropped: float = 0.0
    doubled: float = 0.0
    silent_beats: tuple[float, float] = (0.0, 0.0)
    warm_beats: float = 0.0
    seed: int = 0
    guess_bpm: float = 120.0
    tick_seconds: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        ticks = np.arange(int(self.beats * TICKS) + 1)
        # Between ticks the tempo is constant: 1/24 beat is finer than any glide.
        steps = [60.0 / TICKS / self.bpm_at(tick / TICKS) for tick in ticks[:-1]]
        self.tick_seconds = np.concatenate([[0.0], np.cumsum(steps)])

    def beat_at(self, seconds: np.ndarray) -> np.ndarray:
        return np.interp(seconds, self.tick_seconds, np.arange(len(self.tick_seconds)) / TICKS)

    def errors(self, step_seconds: float = 0.011, ahead_seconds: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """True beats at which the follower was asked, and how late it thought it was there, in ms."""
        rng = np.random.default_rng(self.seed)
        warm = np.arange(-round(self.warm_beats * TICKS), 0) * 60.0 / TICKS / self.bpm_at(0.0)
        arrivals: list[tuple[float, bool]] = [(t + self._noise(rng), False) for t in warm]
        for tick, seconds in enumerate(self.tick_seconds):
            beat = tick / TICKS
            silent = self.silent_beats[0] <= beat < self.silent_beats[1]
            if tick and (silent or rng.random() < self.dropped):
                continue
            arrivals.append((seconds + self._noise(rng), tick == 0))
            if tick and rng.random() < self.doubled:
                arrivals.append((arrivals[-1][0] + rng.uniform(0.0002, 0.002), False))
        # One cable: a message cannot overtake another, and the start comes right before its tick.
        times = np.maximum.accumulate([time for time, _ in arrivals])
        follower = ClockFollower(self.guess_bpm)
        asked, found = [], []
        ask = 0.001
        for arrival, (_, is_start) in zip(times, arrivals, strict=True):
            while ask < arrival:
                state = follower.state_at(ask + ahead_seconds)
                if state.playing:
                    asked.append(ask + ahead_seconds)
                    found.append(state.beat)
                ask += step_seconds
            if is_start:
                follower.start()
            follower.tick(float(arrival))
        beats = self.beat_at(np.array(asked))
        tempo = np.array([self.bpm_at(beat) for beat in beats])
        return beats, (np.array(found) - beats) * 60_000.0 / tempo

    def _noise(self, rng: np.random.Generator) -> float:
        return float(rng.normal(0.0, self.jitter_ms / 1000.0))


@pytest.fixture
def simulated_clock() -> type[SimulatedClock]:
    return SimulatedClock

"""Delay that brings stems together whose effects are late by different amounts."""

from __future__ import annotations

import numpy as np

from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.ramp import Ramp

FADE_SECONDS = 0.02
_KEPT = 4096  # at least so much of the past is there when the delay grows


class Alignment:
    """Holds audio back by a number of samples that may change, with a crossfade from one delay to the other."""

    def __init__(self, samples: int, sample_rate: int) -> None:
        self._delay = self._former = samples
        self._fade = Ramp(1.0, round(FADE_SECONDS * sample_rate))
        self._history = np.zeros((2, max(samples, _KEPT)), np.float32)

    def to(self, samples: int) -> None:
        """Another delay from the next block on; a fade that is under way is cut short."""
        if samples == self._delay:
            return
        self._former, self._delay = self._delay, samples
        self._fade.jump(0.0)
        self._fade.to(1.0)
        if missing := max(0, samples - self._history.shape[1]):
            self._history = np.concatenate([np.zeros((2, missing), np.float32), self._history], axis=1)

    def process(self, audio: AudioArray) -> AudioArray:
        """`[2, n]` -> `[2, n]`, late."""
        n, kept = audio.shape[1], self._history.shape[1]
        line = np.concatenate([self._history, audio], axis=1)
        self._history = line[:, n:].copy()
        late = line[:, kept - self._delay : kept - self._delay + n]
        if not self._fade.moving:
            return late
        before = line[:, kept - self._former : kept - self._former + n]
        fade = self._fade.take(n)
        return np.where(fade < 1.0, before + fade * (late - before), late)

"""An effect that can be left out while the music plays."""

from __future__ import annotations

import numpy as np

from musika_daw.engine.fx.alignment import Alignment
from musika_daw.engine.fx.effect import AudioArray, Effect
from musika_daw.engine.fx.ramp import Ramp


class Bypass:
    """Crosses over from an effect to what went into it, just as late, and back.

    The effect runs on unheard: when it comes back it sounds as if it had been there all the time, and nothing that
    depends on its latency moves.
    """

    def __init__(self, effect: Effect, share: Ramp, sample_rate: int) -> None:
        """`share`: of the sound that goes past the effect, 0 to 1."""
        self._effect, self._share = effect, share
        self.latency = effect.latency
        self._dry = Alignment(effect.latency, sample_rate)

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """`[2, n]` -> `[2, n]`."""
        dry, wet = self._dry.process(audio), self._effect.process(audio, bpm)
        if self._share.still_at(0.0):
            return wet
        if self._share.still_at(1.0):
            return dry
        past = self._share.take(audio.shape[1])
        return (np.float32(1.0) - past) * wet + past * dry

    def tail_seconds(self, bpm: float) -> float:
        return self._effect.tail_seconds(bpm)

    def locate(self, position: int) -> None:
        self._effect.locate(position)

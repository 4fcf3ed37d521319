"""Effects without memory of the audio: level, saturation and coarse samples, moved from sample to sample."""

from __future__ import annotations

import numpy as np

from musika_daw.engine.fx.effect import AudioArray, KnobOf
from musika_daw.engine.fx.ramp import Gains


class _Plain:
    """What they share: one knob and no tail."""

    latency = 0
    _parameter: str

    def __init__(self, knobs: KnobOf) -> None:
        self._knob = knobs[self._parameter]

    def tail_seconds(self, bpm: float) -> float:
        return 0.0

    def locate(self, position: int) -> None:
        """Nothing here depends on the place in the song."""


def _power(base: float, exponent: Gains) -> AudioArray:
    """`[n]`, or `[1]` for what stands still: numpy's powers of lone numbers differ from those of arrays in a bit."""
    return np.power(np.float32(base), np.atleast_1d(exponent))


def _amplitude(db: Gains) -> AudioArray:
    return _power(10.0, db / np.float32(20.0))


class Gain(_Plain):
    """Louder or softer."""

    _parameter = "gain_db"

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        return audio * _amplitude(self._knob.take(audio.shape[1]))


class Drive(_Plain):
    """Soft saturation: pedalboard's Distortion, thirty times as fast."""

    _parameter = "drive_db"

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        driven: AudioArray = np.tanh(audio * _amplitude(self._knob.take(audio.shape[1])))
        return driven


class Crush(_Plain):
    """Fewer bits, and parts of bits while they move: pedalboard's Bitcrush rounds those differently in every block."""

    _parameter = "bit_depth"

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        steps = _power(2.0, self._knob.take(audio.shape[1]))
        crushed: AudioArray = np.rint(audio * steps) / steps
        return crushed

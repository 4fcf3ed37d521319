"""pedalboard's own effects, with parameters that move while they play."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pedalboard as pb

from musika_daw.engine.fx.effect import SILENCE, AudioArray, KnobOf
from musika_daw.engine.fx.stepped import Stepped

BLOCK = 8192
_STEP = 8  # samples between updates of a moving parameter: shelves that move in coarser steps overshoot

_LONGEST_COMB_SECONDS = (1617 + 23) / 44100  # of pedalboard's reverb (Freeverb)

# Parameters have pedalboard's own names, so that they can be handed on as they are.
NATIVE: Mapping[str, Callable[..., pb.Plugin]] = {
    "HighpassFilter": pb.HighpassFilter,
    "LowpassFilter": pb.LowpassFilter,
    "HighShelf": pb.HighShelfFilter,
    "LowShelf": pb.LowShelfFilter,
    "Peak": pb.PeakFilter,
    "Compressor": pb.Compressor,
    "Limiter": pb.Limiter,
    "Reverb": pb.Reverb,
}


class Native:
    """One of pedalboard's effects. None of those in `NATIVE` has latency."""

    latency = 0

    def __init__(self, kind: str, knobs: KnobOf, sample_rate: int, position: int) -> None:
        """`kind`: one of `NATIVE`; `knobs`: all of its parameters."""
        self._rate, self._kind, self._knobs = sample_rate, kind, knobs
        self._plugin = NATIVE[kind](**{name: knob.value for name, knob in knobs.items()})
        moved = [(knob, partial(setattr, self._plugin, name)) for name, knob in knobs.items()]
        self._stepped = Stepped(moved, _STEP, position)
        prime(self._plugin, sample_rate)

    def process(self, audio: AudioArray, bpm: float = 0.0) -> AudioArray:
        """The next block, `[2, n]` -> `[2, n]`."""
        return self._stepped.process(audio, self._run)

    def skip(self, n: int) -> None:
        """Time goes on by n samples in which nothing is played."""
        self._stepped.skip(n)

    def tail_seconds(self, bpm: float) -> float:
        return _tail_seconds(self._kind, {name: knob.goal for name, knob in self._knobs.items()})

    def locate(self, position: int) -> None:
        self._stepped.locate(position)

    def _run(self, audio: AudioArray) -> AudioArray:
        out: AudioArray = self._plugin.process(audio, self._rate, buffer_size=BLOCK, reset=False)
        return out


def prime(plugin: pb.Plugin, sample_rate: int) -> None:
    """Makes an effect keep its tails over blocks of any size.

    It forgets them whenever a block is longer than every block before it (up to `BLOCK`), so the first is the longest.
    """
    plugin.process(np.zeros((2, BLOCK), np.float32), sample_rate, buffer_size=BLOCK, reset=False)


def _tail_seconds(kind: str, values: Mapping[str, float]) -> float:
    """Decay of one effect by 80 dB."""
    fall = -math.log(SILENCE)
    if kind == "Reverb":
        if not values["wet_level"]:
            return 0.0
        comb_feedback = 0.7 + 0.28 * values["room_size"]
        return _LONGEST_COMB_SECONDS * fall / -math.log(comb_feedback)
    if kind in ("Compressor", "Limiter"):
        return fall * values["release_ms"] / 1000.0
    if "cutoff_frequency_hz" in values:
        # A boost narrows the poles of a peak, so it rings for longer than its q says.
        boost = math.pow(10.0, max(0.0, values.get("gain_db", 0.0)) / 40.0)
        q = values.get("q", 0.5) * boost
        return fall * max(2.0 * q, 1.0) / (2.0 * math.pi * values["cutoff_frequency_hz"])
    return 0.0

"""pedalboard's own effects, with parameters that move while they play."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pedalboard as pb

from musika_daw.engine.fx.effect import SILENCE, AudioArray, Knobs

BLOCK = 8192
STEP = 8  # samples between updates of a moving parameter, counted in song position

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
    """Neighbouring pedalboard effects, run in one go. None of those in `NATIVE` has latency.

    While a knob moves, they run in steps that lie at fixed samples of the song: however the stream is cut, a parameter
    changes at the same samples.
    """

    latency = 0

    def __init__(self, effects: Sequence[tuple[str, Knobs]], sample_rate: int, position: int) -> None:
        """`effects`: types of `NATIVE` and their knobs."""
        self._rate, self._position, self._effects = sample_rate, position, effects
        plugins = [NATIVE[kind](**{name: knob.value for name, knob in knobs.items()}) for kind, knobs in effects]
        self._knobs = [
            (plugin, name, knob) for plugin, (_, ks) in zip(plugins, effects, strict=True) for name, knob in ks.items()
        ]
        self._set = [knob.value for _, _, knob in self._knobs]  # what the plug-ins have
        self._chain = primed(pb.Chain(plugins), sample_rate)

    def process(self, audio: AudioArray, bpm: float = 0.0) -> AudioArray:
        """The next block, `[2, n]` -> `[2, n]`."""
        n = audio.shape[1]
        if self._settled():
            self.skip(n)
            return self._run(audio)
        out = np.empty_like(audio)
        done = 0
        while done < n:
            if self._position % STEP == 0:
                self._update()
            m = n - done if self._settled() else min(n - done, STEP - self._position % STEP)
            out[:, done : done + m] = self._run(audio[:, done : done + m])
            self.skip(m)
            done += m
        return out

    def skip(self, n: int) -> None:
        """Time goes on by n samples in which nothing is played."""
        for _, _, knob in self._knobs:
            knob.skip(n)
        self._position += n

    def tail_seconds(self, bpm: float) -> float:
        return sum(_tail_seconds(kind, {k: knob.goal for k, knob in knobs.items()}) for kind, knobs in self._effects)

    def locate(self, position: int) -> None:
        self._position = position

    def _settled(self) -> bool:
        return all(knob.value == was for (_, _, knob), was in zip(self._knobs, self._set, strict=True)) and not any(
            knob.moving for _, _, knob in self._knobs
        )

    def _update(self) -> None:
        for i, (plugin, name, knob) in enumerate(self._knobs):
            if knob.value != self._set[i]:
                self._set[i] = knob.value
                setattr(plugin, name, knob.value)

    def _run(self, audio: AudioArray) -> AudioArray:
        out: AudioArray = self._chain.process(audio, self._rate, buffer_size=BLOCK, reset=False)
        return out


def primed(plugins: pb.Chain, sample_rate: int) -> pb.Chain:
    """A chain that keeps its tails over blocks of any size.

    It forgets them whenever a block is longer than every block before it (up to `BLOCK`), so the first is the longest.
    """
    plugins.process(np.zeros((2, BLOCK), np.float32), sample_rate, buffer_size=BLOCK, reset=False)
    return plugins


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

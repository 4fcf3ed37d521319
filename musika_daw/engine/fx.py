"""Effects of a stem: a chain that a preset describes, in time with the song, exact to the sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Protocol

import numpy as np
import pedalboard as pb

from musika_daw.engine.fx_catalogue import FxSpec
from musika_daw.engine.fx_delays import BLOCK, SILENCE, AudioArray, Chorus, Echo, primed
from musika_daw.errors import UserError

_OWN = ("Delay", "Chorus", "Distortion")
_LONGEST_COMB_SECONDS = (1617 + 23) / 44100  # of pedalboard's reverb (Freeverb)

# Parameters have pedalboard's own names, so that they can be handed on as they are.
_PLUGINS: Mapping[str, Callable[..., pb.Plugin]] = {
    "Gain": pb.Gain,
    "HighpassFilter": pb.HighpassFilter,
    "LowpassFilter": pb.LowpassFilter,
    "HighShelf": pb.HighShelfFilter,
    "LowShelf": pb.LowShelfFilter,
    "Peak": pb.PeakFilter,
    "Compressor": pb.Compressor,
    "Limiter": pb.Limiter,
    "Bitcrush": pb.Bitcrush,
    "Reverb": pb.Reverb,
}


class _Effect(Protocol):
    def process(self, audio: AudioArray, bpm: float) -> AudioArray: ...

    def tail_seconds(self, bpm: float) -> float: ...


class _Plugins:
    """Neighbouring pedalboard plug-ins, run in one go. None of those in `_PLUGINS` has latency."""

    def __init__(self, specs: Sequence[FxSpec], sample_rate: int) -> None:
        self._rate = sample_rate
        self._specs = specs
        self._plugins = primed(pb.Chain([_PLUGINS[s.type](**s.parameters) for s in specs]), sample_rate)

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        out: AudioArray = self._plugins.process(audio, self._rate, buffer_size=BLOCK, reset=False)
        return out

    def tail_seconds(self, bpm: float) -> float:
        return sum(_tail_seconds(spec) for spec in self._specs)


class _Drive:
    """Soft saturation: pedalboard's Distortion, thirty times as fast."""

    def __init__(self, drive_db: float) -> None:
        self._gain = np.float32(10.0 ** (drive_db / 20.0))

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        driven: AudioArray = np.tanh(audio * self._gain)
        return driven

    def tail_seconds(self, bpm: float) -> float:
        return 0.0


class FxChain:
    """The effects of one stem. Output depends on the audio so far, its place in the song and the tempo, not on how
    it is cut into blocks (as long as the tempo holds: a new one is taken up at the start of a block).
    """

    def __init__(self, specs: Sequence[FxSpec], sample_rate: int = 44100, position: int = 0) -> None:
        """Starts silent.

        Args:
            specs: from `parse_fx`; none leaves the audio as it is.
            position: sample of the song where the first block starts; with a pre-roll, where that starts.
        """
        self._effects: list[_Effect] = list(_make(specs, sample_rate, position))

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """The next stretch of the stem.

        Args:
            audio: float32 `[2, n]`, any n; what follows on from the block before.
            bpm: tempo at its start, for delays in beats.

        Returns:
            float32 `[2, n]`, aligned with `audio`; tails of earlier blocks are in it.
        """
        if audio.shape[1] == 0:
            return audio
        for effect in self._effects:
            n = audio.shape[1]
            audio = effect.process(audio, bpm)
            if audio.shape[1] != n:
                raise UserError(f"an effect gave {audio.shape[1]} samples for {n}: it cannot be used on the grid")
        return audio

    def tail_seconds(self, bpm: float) -> float:
        """How long what went in is heard: until 80 dB down, one effect's tail after the other. Also the pre-roll
        after which the chain sounds as if it had run from the start of the song.
        """
        return sum(effect.tail_seconds(bpm) for effect in self._effects)


def _make(specs: Sequence[FxSpec], sample_rate: int, position: int) -> Iterator[_Effect]:
    for own, group in groupby(specs, key=lambda spec: spec.type in _OWN):
        if not own:
            yield _Plugins(list(group), sample_rate)
            continue
        for spec in group:
            if spec.type == "Delay":
                yield Echo(spec.parameters, sample_rate)
            elif spec.type == "Chorus":
                yield Chorus(spec.parameters, sample_rate, position)
            else:
                yield _Drive(spec.parameters["drive_db"])


def _tail_seconds(spec: FxSpec) -> float:
    """Decay of one plug-in by 80 dB."""
    fall = -math.log(SILENCE)
    if spec.type == "Reverb":
        if not spec.parameters["wet_level"]:
            return 0.0
        comb_feedback = 0.7 + 0.28 * spec.parameters["room_size"]
        return _LONGEST_COMB_SECONDS * fall / -math.log(comb_feedback)
    if spec.type in ("Compressor", "Limiter"):
        return fall * spec.parameters["release_ms"] / 1000.0
    if "cutoff_frequency_hz" in spec.parameters:
        # A boost narrows the poles of a peak, so it rings for longer than its q says.
        boost = math.pow(10.0, max(0.0, spec.parameters.get("gain_db", 0.0)) / 40.0)
        q = spec.parameters.get("q", 0.5) * boost
        return fall * max(2.0 * q, 1.0) / (2.0 * math.pi * spec.parameters["cutoff_frequency_hz"])
    return 0.0

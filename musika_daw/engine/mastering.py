"""Mastering: what makes a first mix as loud and as balanced as the records beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pedalboard as pb

from musika_daw.controls.book import row
from musika_daw.controls.state import ControlState
from musika_daw.engine.fx.effect import SILENCE, AudioArray
from musika_daw.engine.fx.native import BLOCK, prime
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.fx.rack import FxOf, FxRack
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.engine.limiter import LinkedLimiter
from musika_daw.errors import UserError
from musika_daw.music.notes import MIX

MASTER = "master"
"""Where the chains of a style hold the gain that brings its mixes to the loudness of the others."""
LOUDNESS_LUFS = -14.0
"""What mixes of the shipped styles and presets are brought to."""

_FADE_SECONDS = 0.02
_RELEASE_MS = 180.0
(_GAIN,) = row("mastering_gain").fields


def _board() -> pb.Chain:
    """Tilt and compression, in one call: blocks are short while it plays."""
    return pb.Chain(
        [
            pb.HighpassFilter(25.0),
            # Half of the corpus's energy lies below 60 Hz, and its 2 to 8 kHz 6 dB under that of records.
            pb.LowShelfFilter(80.0, -2.0, 0.6),
            pb.HighShelfFilter(2500.0, 2.5, 0.5),
            pb.Compressor(threshold_db=-16.0, ratio=2.0, attack_ms=30.0, release_ms=_RELEASE_MS),
            pb.Gain(3.6),
        ]
    )


@dataclass(frozen=True)
class Mastering:
    """How the mix is mastered.

    Attributes:
        on: off leaves the mix the sum of the stems.
        gain: into the chain, dB.
    """

    on: bool = False
    gain: float = 0.0


UNMASTERED, MASTERED = Mastering(), Mastering(on=True)
"""Without it, and as it stands if nobody moves it."""


def mastering_of(state: ControlState) -> Mastering:
    """Where mastering stands."""
    return Mastering(state.switch("mastering"), state.number("mastering_gain"))


class MasterBus:
    """The mix in, the mastered mix out, streaming: gain, tilt, gentle compression, and a limiter of its own.

    Stems stay what they are, so that somebody who mixes them anew gets them whole.
    """

    def __init__(
        self, mastering: Mastering, fx: FxOf, sample_rate: int, position: int, plugins: PluginPool | None = None
    ) -> None:
        """`fx`: the chains of a style, its gain at `MASTER`; `position`: sample of the song."""
        self._style = FxRack([MASTER], fx, sample_rate, position, plugins)
        self._rate = sample_rate
        self._board = _board()
        prime(self._board, sample_rate)
        self._gain = Ramp(_factor(mastering.gain), round(_FADE_SECONDS * sample_rate))
        self._limiter = LinkedLimiter(sample_rate, position=position)
        self._share = Ramp(float(mastering.on), round(_FADE_SECONDS * sample_rate))
        self._mastering = mastering

    @property
    def mastering(self) -> Mastering:
        """As last set."""
        return self._mastering

    def set(self, mastering: Mastering) -> None:
        """Moves there within 20 ms, from the next block on.

        Raises:
            UserError: the gain is out of range.
        """
        self._gain.to(_factor(mastering.gain))
        self._share.to(float(mastering.on))
        self._mastering = mastering

    def swap(self, fx: FxOf) -> None:
        """The gain of another style."""
        self._style.swap(fx)

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        self._style.locate(position)
        self._limiter.locate(position)

    def process(self, mix: AudioArray, bpm: float) -> AudioArray:
        """The next block of the mix `[2, n]`, not limited yet."""
        driven = self._style.process({MASTER: mix}, bpm)[MASTER] * self._gain.take(mix.shape[1])
        return np.asarray(self._board.process(driven, self._rate, buffer_size=BLOCK, reset=False), np.float32)

    def limit(self, mastered: AudioArray) -> AudioArray:
        """The same `[2, m]` as far as it is final, below the ceiling; as late as out of any `LinkedLimiter`."""
        return self._limiter.process({MIX: mastered})[MIX]

    def flush(self) -> AudioArray | None:
        """What the limiter still holds, as if silence followed."""
        return self._limiter.flush().get(MIX)

    def heard(self, plain: AudioArray, mastered: AudioArray) -> AudioArray:
        """What is heard of both, `[2, m]` each: while mastering is off, the plain mix as it is."""
        if self._share.still_at(0.0):
            return plain
        if self._share.still_at(1.0):
            return mastered
        share = self._share.take(plain.shape[1])
        return np.asarray(plain + share * (mastered - plain), np.float32)

    def tail_seconds(self, bpm: float) -> float:
        """How long what went in is heard."""
        return self._style.tail_seconds(bpm) - math.log(SILENCE) * _RELEASE_MS / 1000.0

    def close(self) -> None:
        """Gives plug-ins of others back to the pool."""
        self._style.close()


def _factor(gain_db: float) -> float:
    """Raises UserError: out of range."""
    low, high = _GAIN.low or 0.0, _GAIN.high or 0.0
    if not low <= gain_db <= high:
        raise UserError(f"mastering_gain {gain_db:g} is not possible; expected {low:g} to {high:g} dB")
    return math.pow(10.0, gain_db / 20.0)

"""What every effect of a chain is to the chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.fx.ramp import Ramp

AudioArray = NDArray[np.float32]
KnobOf = Mapping[str, Ramp]
"""Parameter of an effect -> its value, moving or at rest."""

SILENCE = 1e-4  # -80 dB: a tail is over when it is below this share of what it started with


class Effect(Protocol):
    """One effect or several in a row; starts silent and keeps what rings from block to block.

    Attributes:
        latency: samples by which what comes out is late.
    """

    latency: int

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """The next block, `[2, n]` -> `[2, n]`; the knobs that it reads go on by n samples."""
        ...

    def tail_seconds(self, bpm: float) -> float:
        """How long what went in is heard, until 80 dB down."""
        ...

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        ...

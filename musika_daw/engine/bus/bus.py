"""What every audio bus is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError

AudioArray = NDArray[np.float32]
SAMPLE_RATE = 44100  # of what every bus is given


class BusLostError(UserError):
    """The device went away while it was open; opening a bus again may find it."""


class Bus(Protocol):
    """Takes audio in order, at the pace it is heard. One thread writes; others may read the properties."""

    @property
    def latency_seconds(self) -> float:
        """From `write` taking a sample to that sample being heard: ring buffer, device, resampling."""
        ...

    @property
    def underruns(self) -> int:
        """How often the device ran out of audio since it was opened."""
        ...

    @property
    def changes(self) -> int:
        """How often its latency became another one by itself."""
        ...

    @property
    def description(self) -> str:
        """For people, e.g. `JACK client Musika DAW, mix and 4 stems at 48000 Hz, 57 ms`."""
        ...

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        """Takes the next block, float32 `[2, n]` each at 44.1 kHz, and waits until there is room for it.

        Raises:
            BusLostError: the device is gone, or took nothing for two seconds.
        """
        ...

    def close(self) -> None:
        """Plays what was taken and lets the device go; closing twice does nothing."""
        ...

"""From the engine's 44.1 kHz to the device's own rate, without a seam between blocks."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray

_PRIMING_FRAMES = 4096  # more than any of its filters is long


class Converter(Protocol):
    """Turns interleaved frames at 44.1 kHz into interleaved frames of a device's rate."""

    @property
    def latency_seconds(self) -> float: ...

    def process(self, frames: AudioArray) -> AudioArray:
        """`[n, channels]` -> `[m, channels]`, m about n times the ratio of the rates."""
        ...


class SameRate:
    latency_seconds = 0.0

    def process(self, frames: AudioArray) -> AudioArray:
        return frames


class SoxrConverter:
    """soxr in its variable-rate form: flat to 20 kHz and clean to -110 dB, like its fixed-rate form.

    The fixed-rate form hands out its audio in bursts of up to 21 ms; this one lags by a constant 5.4 ms (at 48 kHz),
    so the ring buffer behind it keeps its level.
    """

    def __init__(self, rate: int, channels: int) -> None:
        import soxr

        self._stream = soxr.ResampleStream(SAMPLE_RATE, rate, channels, dtype="float32", quality="HQ", vr=True)
        # Filled with silence here, what it holds back is known before the first block.
        primed = self._stream.resample_chunk(np.zeros((_PRIMING_FRAMES, channels), np.float32))
        self._latency_seconds = _PRIMING_FRAMES / SAMPLE_RATE - len(primed) / rate

    @property
    def latency_seconds(self) -> float:
        return self._latency_seconds

    def process(self, frames: AudioArray) -> AudioArray:
        converted: AudioArray = self._stream.resample_chunk(frames)
        return converted


def converter(rate: int, channels: int) -> Converter:
    """What a device of this rate needs."""
    return SameRate() if rate == SAMPLE_RATE else SoxrConverter(rate, channels)

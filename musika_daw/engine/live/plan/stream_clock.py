"""The pace: when a sample of the stream is heard, as a steady function of time."""

from __future__ import annotations

from collections import deque

_REMEMBERED = 128  # blocks, about 1.5 s
_STANDSTILL_SECONDS = 0.05  # nobody is only late by so much: the bus has stood still


class StreamClock:
    """Learns from the moments at which the writer takes blocks.

    The writer takes a block when the one before it has found room in the bus, and knows how much lies before it there.
    It may come late, by a period of the device or a scheduler's whim, but never early: the earliest of many blocks
    tells when there was room.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._origins: deque[float] = deque(maxlen=_REMEMBERED)  # when sample 0 would have been heard
        self._origin = 0.0

    def take(self, stream: int, seconds: float) -> None:
        """The writer takes the sample `stream`, which will be heard at a moment of the monotonic clock or before."""
        origin = seconds - stream / self._rate
        if origin > self._origin + _STANDSTILL_SECONDS:
            self._origins.clear()
        self._origins.append(origin)
        self._origin = min(self._origins)

    def restart(self) -> None:
        """Another bus."""
        self._origins.clear()

    def heard_at(self, stream: float) -> float:
        """The moment at which a sample is heard."""
        return self._origin + stream / self._rate

    def stream_at(self, seconds: float) -> int:
        """The sample that is heard at a moment; 0 before there was one."""
        return max(0, round((seconds - self._origin) * self._rate))

"""Moments of messages, from the intervals between them that the driver measured."""

from __future__ import annotations

_DRIFT = 1e-4  # by which the driver's clock may run away from ours


class TimeStamps:
    """Moments in seconds of our monotonic clock. One per port.

    A message is seen some time after it came, never before: so the driver's clock is laid as late as it can be without
    any message having been seen before it came.
    """

    def __init__(self) -> None:
        self._driver_seconds = 0.0
        self._ahead_seconds: float | None = None  # of our clock before the driver's

    def stamp(self, interval_seconds: float, seen_seconds: float) -> float:
        """The moment a message came, `interval_seconds` after the one before it, and seen by us at `seen_seconds`."""
        self._driver_seconds += interval_seconds
        ahead = seen_seconds - self._driver_seconds
        if self._ahead_seconds is not None:
            ahead = min(ahead, self._ahead_seconds + _DRIFT * interval_seconds)
        self._ahead_seconds = ahead
        return self._driver_seconds + ahead

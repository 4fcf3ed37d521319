"""The worker's time: the computer's, or one that a test moves on."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import Protocol


class Time(Protocol):
    """Seconds that only go forward."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def wait(self, wake: Condition, until: Callable[[], bool], seconds: float) -> None:
        """Returns when something is so, or after so many seconds; whoever makes it so notifies `wake`."""
        ...


class RealTime:
    """The monotonic clock."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait(self, wake: Condition, until: Callable[[], bool], seconds: float) -> None:
        with wake:
            wake.wait_for(until, seconds)

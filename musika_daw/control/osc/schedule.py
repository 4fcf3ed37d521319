"""Bundles with time tags to come, in bounded number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

MOST_SECONDS = 60.0
_MOST_MESSAGES = 4096


class Schedule:
    """Waits by the monotonic clock: a wall clock that is set meanwhile moves nothing."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: set[asyncio.TimerHandle] = set()
        self._messages = 0

    def has_room(self, messages: int) -> bool:
        return self._messages + messages <= _MOST_MESSAGES

    def add(self, seconds: float, messages: int, act: Callable[[], None]) -> None:
        """Calls `act` in so many seconds."""

        def due() -> None:
            self._waiting.discard(handle)
            self._messages -= messages
            act()

        handle = self._loop.call_later(seconds, due)
        self._waiting.add(handle)
        self._messages += messages

    def close(self) -> None:
        """What still waits is not done."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()

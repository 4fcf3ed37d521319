"""Bundles with time tags to come, in bounded number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MAX_SECONDS = 60.0
_MAX_MESSAGES = 4096


@dataclass(eq=False)
class _Waiting:
    sender: Hashable
    messages: int
    act: Callable[[], None]
    handle: asyncio.TimerHandle | None = None


class Schedule:
    """Waits by the monotonic clock: a wall clock that is set meanwhile moves nothing."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: set[_Waiting] = set()

    def has_room(self, messages: int) -> bool:
        return sum(entry.messages for entry in self._waiting) + messages <= _MAX_MESSAGES

    def add(self, seconds: float, messages: int, act: Callable[[], None], sender: Hashable = None) -> None:
        """Calls `act` in so many seconds."""
        entry = _Waiting(sender, messages, act)
        self._waiting.add(entry)
        self._set(entry, self._loop.time() + seconds)

    def hasten(self, sender: Hashable, seconds: float) -> None:
        """What waits of a sender is due so much earlier; what is due by then comes at once, in its order."""
        mine = [(entry.handle.when(), entry) for entry in self._waiting if entry.sender == sender and entry.handle]
        for when, entry in sorted(mine, key=lambda each: each[0]):
            assert entry.handle is not None
            entry.handle.cancel()
            if when - seconds <= self._loop.time():
                self._due(entry)
            else:
                self._set(entry, when - seconds)

    def close(self) -> None:
        """What still waits is not done."""
        for entry in self._waiting:
            if entry.handle is not None:
                entry.handle.cancel()
        self._waiting.clear()

    def _set(self, entry: _Waiting, due: float) -> None:
        entry.handle = self._loop.call_at(due, self._due, entry)

    def _due(self, entry: _Waiting) -> None:
        self._waiting.discard(entry)
        entry.act()

"""The notice board: what the engine tells, each when it is heard."""

from __future__ import annotations

import heapq
import itertools
import threading

from musika_daw.controls.move import Notice

_MOST = 10_000  # nobody reads: the oldest are let go


class NoticeBoard:
    """Any thread posts, the control layer takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Notice]] = []

    def post(self, notice: Notice, due: float = 0.0) -> None:
        """`due`: seconds of the monotonic clock; at once if that is past."""
        with self._lock:
            if len(self._waiting) >= _MOST:
                heapq.heappop(self._waiting)
            heapq.heappush(self._waiting, (due, next(self._order), notice))

    def take(self, now: float) -> list[Notice]:
        """All that are due, oldest first."""
        taken = []
        with self._lock:
            while self._waiting and self._waiting[0][0] <= now:
                taken.append(heapq.heappop(self._waiting)[2])
        return taken

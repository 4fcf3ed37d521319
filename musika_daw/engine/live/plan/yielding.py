"""Work that can wait gives way to a move: what a pool has not begun by then is not begun."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class MoveWaitsError(Exception):
    """Something more urgent came while a block was being made."""


class YieldingPool(Executor):
    """Another pool, for work that is given up at the next task once `urgent` says so."""

    def __init__(self, pool: Executor, urgent: Callable[[], bool]) -> None:
        self._pool, self._urgent = pool, urgent

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Raises MoveWaitsError, in the future, instead of beginning a task when something urgent waits."""

        def unless_urgent() -> Any:
            if self._urgent():
                raise MoveWaitsError
            return task(*args, **kwargs)

        return self._pool.submit(unless_urgent)

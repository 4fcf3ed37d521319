"""Blocks of the look-ahead, made beside the worker: a move that comes meanwhile need not wait for one to be whole."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.live.plan.time import Time
from musika_daw.engine.live.plan.yielding import MoveWaitsError, YieldingPool


class LookAhead:
    """One block at a time; of the worker's thread alone.

    Attributes:
        making: the block that is being made.
    """

    def __init__(self, decoders: YieldingPool, time: Time, done: Callable[[], None], thread: Executor | None) -> None:
        """`decoders`: give up once a move waits; `done`: called when a block is, by another thread."""
        self.making: tuple[Render, int] | None = None
        self._decoders, self._time, self._done = decoders, time, done
        self._thread = thread or ThreadPoolExecutor(1, "musika-ahead")
        self._task: Future[float | None] | None = None

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, render: Render, block: int) -> None:
        """Makes a block; returns at once."""
        self.making = render, block
        self._task = self._thread.submit(self._make, render, block)
        self._task.add_done_callback(lambda _: self._done())

    @property
    def over(self) -> bool:
        """Whether nothing is being made, or what was is done."""
        return self._task is None or self._task.done()

    def taken(self) -> float | None:
        """How long the block took that is done by now, in seconds; once, and None if it was given up for a move.

        Raises:
            Exception: it could not be made.
        """
        if self._task is None or not self._task.done():
            return None
        task, self._task, self.making = self._task, None, None
        return task.result()

    def _make(self, render: Render, block: int) -> float | None:
        began = self._time.now()
        try:
            render.make(block, self._decoders)
        except MoveWaitsError:  # kept by the task, it and what it passed through would refer to each other
            return None
        return self._time.now() - began

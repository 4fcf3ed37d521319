"""What the threads of the live engine share, behind one lock."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from musika_daw.controls.move import Move
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.live.plan.change import Batch
from musika_daw.engine.live.plan.external_clock import FollowedClock
from musika_daw.engine.live.plan.meter import LoadMeter
from musika_daw.engine.live.plan.stream_clock import StreamClock
from musika_daw.engine.live.plan.timeline import Timeline


@dataclass(frozen=True)
class Level:
    """A level or a parameter of an effect is to be moved.

    Attributes:
        chain: of the stem, as it is when the move is heard; None: any.
    """

    move: Move
    chain: tuple[FxSpec, ...] | None = None


@dataclass
class Shared:
    """Hold `lock` to touch anything but `meter` and `quitting`.

    Attributes:
        cursor: first stream sample that the writer has not read yet; only the writer moves it.
        batches: moves for the worker, in order; `wake` is told.
        levels: moves of levels and effects for the writer, in order.
        located: song position at which `play` starts.
        leading: the clock that leads; None: nobody but us.
        pace: when which sample is heard.
        loop: song positions that are played over and over; equal ones: none.
        loop_since: where the cursor was when it was set.
    """

    timeline: Timeline
    rate: int
    cursor: int = 0
    batches: deque[Batch] = field(default_factory=deque)
    levels: deque[Level] = field(default_factory=deque)
    located: float = 0.0
    loop: tuple[float, float] = (0.0, 0.0)
    loop_since: int = 0
    leading: FollowedClock | None = None
    quitting: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    meter: LoadMeter = field(default_factory=LoadMeter)

    def __post_init__(self) -> None:
        self.wake = threading.Condition(self.lock)  # there is something to do
        self.made = threading.Condition(self.lock)  # something new can be read
        self.stream_clock = StreamClock(self.rate)

    def set_loop(self, loop: tuple[float, float]) -> None:
        """Another loop from now on, or the one there is."""
        if loop != self.loop:
            self.loop, self.loop_since = loop, self.cursor

    def loop_moves(self) -> tuple[Move, ...]:
        """The jump at the end of the loop."""
        return (Move.of("locate", self.loop[0]),)

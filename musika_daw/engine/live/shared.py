"""What the threads of the live engine share, behind one lock."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from musika_daw.engine.live.lead import Leading
from musika_daw.engine.live.meter import LoadMeter
from musika_daw.engine.live.moves import Move
from musika_daw.engine.live.pace import Pace
from musika_daw.engine.live.timeline import Timeline


@dataclass(frozen=True)
class Batch:
    """Moves that came together.

    Attributes:
        quantize: when they land: `now`, `beat`, `bar` or `phrase`.
        posted: seconds of the monotonic clock.
        urgent: lands at once whatever `quantize` says (transport).
    """

    moves: tuple[Move, ...]
    quantize: str
    posted: float
    urgent: bool = False


@dataclass
class Shared:
    """Hold `lock` to touch anything but `meter` and `quitting`.

    Attributes:
        cursor: first stream sample that the writer has not read yet; only the writer moves it.
        batches: moves for the worker, in order; `wake` is told.
        levels: moves of levels and effects for the writer, in order.
        located: song position at which `/musika/play` starts.
        leading: the clock that leads; None: nobody but us.
        pace: when which sample is heard.
        loop: song positions that are played over and over; equal ones: none.
    """

    timeline: Timeline
    rate: int
    cursor: int = 0
    batches: deque[Batch] = field(default_factory=deque)
    levels: deque[Move] = field(default_factory=deque)
    located: float = 0.0
    loop: tuple[float, float] = (0.0, 0.0)
    leading: Leading | None = None
    quitting: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    meter: LoadMeter = field(default_factory=LoadMeter)

    def __post_init__(self) -> None:
        self.wake = threading.Condition(self.lock)  # there is something to do
        self.made = threading.Condition(self.lock)  # something new can be read
        self.pace = Pace(self.rate)

    def loop_moves(self) -> tuple[Move, ...]:
        """The jump at the end of the loop."""
        return (Move("/musika/locate", (self.loop[0],)),)

"""What the planner knows when it decides, as one value; and what it can decide."""

from __future__ import annotations

from dataclasses import dataclass

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.plan.change import Batch, Change, Landing
from musika_daw.engine.live.plan.meter import Costs
from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import FADE, Timeline


@dataclass(frozen=True)
class Situation:
    """A moment of the worker's; nothing in it changes while the planner looks at it.

    Attributes:
        cursor: first stream sample that the writer has not taken yet.
        rate: samples a second.
        costs: what making things has taken of late.
        batches: moves that nobody has looked at yet, in order.
        landings: moves that wait for their place on the grid, nearest first.
        change: moves that are being made audible.
        loop: song positions that are played over and over; equal ones: none.
        loop_since: stream sample that the writer had come to when the loop was set.
        jump: the moves at the loop's end.
        located: song position at which playing starts.
        warm: the render that playing would start with.
        making: a block of the look-ahead that is being made beside the worker.
    """

    timeline: Timeline
    cursor: int
    rate: int
    costs: Costs
    batches: tuple[Batch, ...] = ()
    landings: tuple[Landing, ...] = ()
    change: Change | None = None
    loop: tuple[float, float] = (0.0, 0.0)
    loop_since: int = 0
    jump: tuple[Move, ...] = ()
    located: float = 0.0
    warm: Render | None = None
    making: tuple[Render, int] | None = None

    def samples(self, seconds: float) -> int:
        return round(seconds * self.rate)

    @property
    def earliest(self) -> int:
        """The first stream sample that a change can be whole at: what is planned before it will be heard."""
        planned = [s.start for s in self.timeline.segments if s.start > self.cursor and not s.fallback]
        return max([self.cursor, *planned]) + FADE

    @property
    def soon(self) -> int:
        """The stream sample at which a splice that is begun now can be heard."""
        return max(self.earliest, self.at_best)

    @property
    def at_best(self) -> int:
        """The same if nothing else is planned before it."""
        return self.cursor + FADE + self.samples(self.costs.splice_seconds)

    def loop_end(self) -> tuple[float, int] | None:
        """Song position and stream sample at which what is planned leaves the loop, or has left it; None: it does not.

        Somebody who sets a loop behind what is heard means to play on.
        """
        plan, (begin, end) = self.timeline.plan, self.loop
        if plan.render is None or not begin < end or plan.beat >= end or plan.stream_at(end) <= self.loop_since:
            return None
        return end, plan.stream_at(end)

    def missing(self, fallbacks: bool) -> tuple[Segment, int] | None:
        """The first sample that cannot be read and can still be made in time, and whose it is; None if there is none.

        `fallbacks`: whether what a fallback has counts.
        """
        gap = self.timeline.gap(self.cursor, fallbacks)
        if gap is not None and gap[1] <= self.cursor:
            # What is missing here comes too late, whether a fallback is heard instead or nothing.
            gap = self.timeline.gap(self.soon, fallbacks)
            until = gap and gap[0].made_until(gap[1])
            return None if gap is None or until is None else (gap[0], until)
        return gap

    def lasts(self, seconds: float, fallbacks: bool = True) -> bool:
        """Whether so much is made ahead, past a hole that is being heard."""
        missing = self.missing(fallbacks)
        return missing is None or missing[1] >= self.cursor + self.samples(seconds)


@dataclass(frozen=True)
class Make:
    """Make a block of a render; `patient`: beside the worker, and only until a move comes."""

    render: Render
    block: int
    patient: bool = False


@dataclass(frozen=True)
class Open:
    """Open a render of these controls: playing would start with it."""

    controls: ControlState


@dataclass(frozen=True)
class Take:
    """Look at moves that came: begin a change with those that land at once, keep the others for their place."""

    batches: tuple[Batch, ...]


@dataclass(frozen=True)
class Land:
    """Begin a change with what lands at a place on the grid; `others` go on waiting."""

    landing: Landing
    others: tuple[Landing, ...]


@dataclass(frozen=True)
class Adjust:
    """Go on with the change as it stands here."""

    change: Change


@dataclass(frozen=True)
class Splice:
    """Play these segments instead of what was planned; `ends`: with that the change is heard."""

    segments: tuple[Segment, ...]
    ends: bool = False


@dataclass(frozen=True)
class PutOff:
    """Put the fallback at the end of the timeline off until a stream sample."""

    stream: int


@dataclass(frozen=True)
class Await:
    """Wait for the notes that the change asks for, which another thread makes."""


@dataclass(frozen=True)
class Watch:
    """Wait for the block that is being made beside the worker; `patient`: or for a move."""

    patient: bool


@dataclass(frozen=True)
class Idle:
    """Nothing to do."""


Step = Make | Open | Take | Land | Adjust | Splice | PutOff | Await | Watch | Idle

"""Moves on their way to being heard: while they wait for the worker, for the grid, or for their sound to be made."""

from __future__ import annotations

from dataclasses import dataclass

from musika_daw.controls.move import Move
from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import Timeline
from musika_daw.engine.live.state.transition import Transition


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


@dataclass(frozen=True)
class Landing:
    """Moves that wait for a song position."""

    beat: float
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Change:
    """Moves that are being made audible.

    Attributes:
        after: controls, transport and jump that result from them.
        render: what will play; None: silence.
        posted: when the first of them came, in seconds of the monotonic clock; None if they were to wait.
        place: stream sample where a song position that is jumped to belongs; None: where it is heard first.
        landing: song position on the grid where they land; None: as soon as possible.
        ready: whether the notes are made that the first blocks ask for.
        aim: the segment that blocks are being made for; None before that is known.
        reach: samples from the aim's start on that are made before it is heard.
    """

    moves: tuple[Move, ...]
    after: Transition
    render: Render | None
    posted: float | None = None
    place: int | None = None
    landing: float | None = None
    ready: bool = True
    aim: Segment | None = None
    reach: int = 0

    def segment(self, timeline: Timeline, start: int) -> Segment:
        """What it would be from a sample of the stream on."""
        jump = self.after.jump
        if jump is None:
            beat = timeline.beat_at(start)
        elif self.place is None or self.render is None:
            beat = jump
        else:
            beat = max(0.0, self.render.beat_at(self.render.sample_at(jump) + start - self.place))
        return Segment(start, beat, self.render, self.after.controls, self.moves, self.posted)

"""What is played when, for those who play along: an instrument of a DAW, somebody who shows it."""

from __future__ import annotations

from dataclasses import dataclass

from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.shared import Shared


@dataclass(frozen=True)
class Stretch:
    """Samples `[first, end)` of the stream, all of one segment."""

    segment: Segment
    first: int
    end: int

    @property
    def beats(self) -> tuple[float, float]:
        """Song positions of its first sample and its end."""
        first = self.segment.beat_at(self.first)
        if self.first == self.segment.start:
            first = min(first, self.segment.beat)  # a beat that rounds to the sample is in it
        return first, self.segment.beat_at(self.end)


class Played:
    """Any thread may ask. What lies before the writer's place is certain, and heard only when it has gone through the
    bus: so there is time to tell it."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def stream_at(self, seconds: float) -> int:
        """The sample that is heard at a moment of the monotonic clock, as far as it is certain."""
        with self._shared.lock:
            return min(self._shared.stream_clock.stream_at(seconds), self._shared.cursor)

    def seconds_at(self, stream: int) -> float:
        """When a sample is heard."""
        with self._shared.lock:
            return self._shared.stream_clock.heard_at(stream)

    def meant_at(self, stream: int) -> Segment:
        """The segment that is to be heard at a sample."""
        with self._shared.lock:
            return self._shared.timeline.meant_at(stream)

    def stretches(self, first: int, end: int) -> list[Stretch]:
        """What is heard in samples `[first, end)` of the stream; the last second can be asked for."""
        with self._shared.lock:
            timeline = self._shared.timeline
            segments = timeline.segments[timeline.index_at(first) :]
        ends = [*(segment.start for segment in segments[1:]), end]
        found = (
            Stretch(segment, max(first, segment.start), min(end, until))
            for segment, until in zip(segments, ends, strict=True)
        )
        return [stretch for stretch in found if stretch.first < stretch.end]

"""A segment of the timeline: a stretch of the stream, and what plays in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES, Render


@dataclass(frozen=True, eq=False)
class Segment:
    """A stretch of the stream, from its start to that of the next segment.

    Attributes:
        start: stream sample from which on nothing else is heard.
        beat: song position there.
        render: what plays; None: silence.
        controls: how they stand from here on.
        moves: what was moved here.
        posted: when the first of them came, in seconds of the monotonic clock; None if they were to wait.
        recallable: song position, in the render before, where moves that wait for the grid land here.
        fallback: an older render that is heard only if the newer one before it is not made in time.
    """

    start: int
    beat: float
    render: Render | None
    controls: ControlState
    moves: tuple[Move, ...] = ()
    posted: float | None = None
    recallable: float | None = None
    fallback: bool = False

    @cached_property
    def _origin(self) -> int:
        return self.render.sample_at(self.beat) if self.render else 0

    def song_sample(self, stream: int) -> int:
        """Sample of the song that is heard at a sample of the stream."""
        return self._origin + stream - self.start

    def beat_at(self, stream: int) -> float:
        """Song position at a sample of the stream."""
        return self.render.beat_at(self.song_sample(stream)) if self.render else self.beat

    def stream_at(self, beat: float) -> int:
        """Stream sample of a song position that lies in this segment."""
        assert self.render is not None
        return self.start + self.render.sample_at(beat) - self._origin

    def block_at(self, stream: int) -> int:
        """The render's block that holds a sample of the stream."""
        return self.song_sample(stream) // BLOCK_SAMPLES

    def has(self, stream: int) -> bool:
        """Whether the block that holds a sample of the stream is made."""
        return self.render is None or self.render.has(self.block_at(stream))

    def made_until(self, stream: int) -> int | None:
        """First stream sample from `stream` on that cannot be read; None if there is none."""
        if self.render is None:
            return None
        block = self.block_at(stream)
        while self.render.has(block):
            block += 1
        return max(stream, self.start + block * BLOCK_SAMPLES - self._origin)

"""The journal: what was heard when, so that a take can be rendered again from its log.

It remembers a little more than the longest effect rings: a take's log starts that much before the take.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move
from musika_daw.controls.target import Target
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.state.presets import PRESET
from musika_daw.engine.live.state.transition import CONTINUE, transition
from musika_daw.engine.take.session_log import LiveStart, SessionEvent

PRE_ROLL_SECONDS = 12.0


@dataclass(frozen=True)
class LevelMove:
    """A level or an effect was moved.

    Attributes:
        stream: sample from which on it counts.
        beat: song position there.
    """

    stream: int
    beat: float
    move: Move


class Journal:
    """Segments and level moves in the order in which they were heard; one thread writes and reads it."""

    def __init__(self, first: Segment, rate: int) -> None:
        self.newest = first  # the segment that was heard last
        self._segment = first  # the one before the first entry
        self._levels: dict[Target, tuple[Value, ...]] = {}  # as they stood before the first entry
        self._entries: deque[Segment | LevelMove] = deque()
        self._kept = round(2 * PRE_ROLL_SECONDS * rate)

    def add(self, entry: Segment | LevelMove) -> None:
        """The next one."""
        self._entries.append(entry)
        if isinstance(entry, Segment):
            self.newest = entry
        while self._entries and _place(self._entries[0]) < _place(entry) - self._kept:
            oldest = self._entries.popleft()
            if isinstance(oldest, Segment):
                self._segment = oldest
            else:
                self._levels[oldest.move.target] = oldest.move.values

    def start(self, stream: int, take_stream: int) -> tuple[LiveStart, list[SessionEvent]]:
        """A log that begins at `stream` for a take that begins at `take_stream`, and its events until now."""
        segment, levels = self._segment, dict(self._levels)
        later = []
        for entry in self._entries:
            if _place(entry) > stream:
                later.append(entry)
            elif isinstance(entry, Segment):
                segment = entry
            else:
                levels[entry.move.target] = entry.move.values
        begin = LiveStart(
            segment.controls,
            take_stream,
            stream - take_stream,
            segment.beat_at(stream),
            segment.render is not None,
            tuple(Move.of(target, *values) for target, values in levels.items()),
        )
        events: list[SessionEvent] = []
        for entry in later:
            events += events_of(entry, segment, take_stream)
            segment = entry if isinstance(entry, Segment) else segment
        return begin, events


def _place(entry: Segment | LevelMove) -> int:
    return entry.start if isinstance(entry, Segment) else entry.stream


def events_of(entry: Segment | LevelMove, before: Segment, take_stream: int) -> Iterator[SessionEvent]:
    """What a log says of an entry; `before` is the segment that was heard before it."""
    if isinstance(entry, LevelMove):
        yield SessionEvent(entry.beat, entry.move, entry.stream - take_stream)
        return
    sample = entry.start - take_stream
    after = transition(before.controls, before.render is not None, entry.moves)
    # What a preset says may be another thing when the log is read.
    named = any(move.control == PRESET for move in entry.moves)
    told = not named and after.controls == entry.controls and after.playing == (entry.render is not None)
    for i, move in enumerate(entry.moves):
        whole = None if told or i + 1 < len(entry.moves) else entry.controls
        yield SessionEvent(entry.beat, move, sample, whole)
    if not entry.moves:
        yield SessionEvent(entry.beat, Move(CONTINUE), sample, entry.controls)

"""Replay: a live take rendered again from its log, by the same timeline, player and recorder."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from musika_daw.engine.fx.shelf import PluginShelf
from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.course import course_after
from musika_daw.engine.live.journal import Journal, LevelMove
from musika_daw.engine.live.moves import Move
from musika_daw.engine.live.player import Player
from musika_daw.engine.live.recorder import RECORD, Recorder, TakeWish, at_sample
from musika_daw.engine.live.timeline import Segment, Timeline
from musika_daw.engine.live.version import Version
from musika_daw.engine.live.writer import BLOCK
from musika_daw.engine.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.take.session_log import LiveStart, Session, SessionEvent
from musika_daw.errors import UserError

_THREADS = 2


class _Versions:
    """Versions by their controls; neighbours that share them share their blocks."""

    def __init__(self) -> None:
        self._models: dict[str, PlayedModel] = {}
        self._last: Version | None = None

    def of(self, controls: Controls) -> Version:
        if self._last is None or self._last.controls != controls:
            if controls.model not in self._models:
                self._models[controls.model] = load_model(controls.model)
            self._last = Version(controls, self._models[controls.model])
        return self._last


def _segments(live: LiveStart, events: list[SessionEvent], versions: _Versions) -> Iterator[Segment]:
    """The segments of the log one after the other, on the stream of the live process."""
    begin = live.stream_sample + live.sample
    before = Segment(begin, live.beat, versions.of(live.controls) if live.playing else None, live.controls)
    yield before
    for sample, group in itertools.groupby(events, key=lambda e: e.sample):
        told = list(group)
        moves = tuple(Move(e.address, e.args) for e in told)
        course = course_after(before.controls, before.version is not None, moves)
        controls = next((e.controls for e in told if e.controls is not None), course.controls)
        version = versions.of(controls) if course.playing else None
        before = Segment(live.stream_sample + sample, told[0].beat, version, controls, moves)
        yield before


def replay_take(
    session: Session, project: Path, name: str | None = None, progress: Callable[[float], None] = lambda share: None
) -> Path:
    """Render a live take again into `<project>/Musika/<name> NNN` and return that folder.

    Raises:
        UserError: the log is not of a live take, or of one that was cut short; model, disk.
    """
    live, rate = session.start.live, session.start.sample_rate
    length = next((e.sample for e in session.events if e.address == RECORD), None)
    if live is None or length is None:
        raise UserError("the session log is not of a live take, or was cut short: it does not say where the take ends")
    begin, start = live.stream_sample + live.sample, live.stream_sample
    levels = [e for e in session.events if Move(e.address).of_level]
    musical = [e for e in session.events if e not in levels and e.address != RECORD]
    segments = list(_segments(live, musical, _Versions()))
    timeline = Timeline(segments[0], session.start.score.stems)
    timeline.splice(*segments)
    outcome: list[Path | UserError] = []
    recorder = Recorder(Journal(segments[0], rate), rate, BLOCK, outcome.append)
    take_name, sample_format = name or session.start.take_name, session.start.sample_format
    recorder.begin(TakeWish(project, take_name, sample_format, at_sample(start), at_sample(start + length)))
    player = Player(timeline.stems, rate, segments[0], begin, PluginShelf(rate))
    for address, values in live.levels:
        player.move(Move(address, values))
    with ThreadPoolExecutor(_THREADS) as pool:
        for first in range(begin, start + length + player.latency + BLOCK, BLOCK):
            moved = [e for e in levels if first - BLOCK < e.sample + start <= first]
            for event in moved:
                player.move(Move(event.address, event.args))
            _make(timeline, first, pool)
            dry = timeline.read(first, first + BLOCK)
            assert dry is not None
            heard = [s for s in timeline.segments if first <= s.start < first + BLOCK]
            entries = [LevelMove(first, e.beat, Move(e.address, e.args)) for e in moved]
            recorder.follow(timeline, first, first + BLOCK, (*entries, *heard))
            recorder.audio(*player.process(dry, timeline.at(first)))
            timeline.forget(first)
            progress(min(1.0, max(0.0, (first - start) / length)))
    recorder.close()
    if not outcome or isinstance(outcome[0], UserError):
        raise outcome[0] if outcome else UserError("the take was not finished")  # type: ignore[misc]
    return outcome[0]


def _make(timeline: Timeline, first: int, pool: ThreadPoolExecutor) -> None:
    """Makes whatever a block needs."""
    while (gap := timeline.gap(first)) is not None and gap[1] < first + BLOCK:
        segment, stream = gap
        assert segment.version is not None
        segment.version.make(segment.version.block_at(segment.song_sample(stream)), pool)

"""Replay: a live take rendered again from its log, by the same timeline, player and recorder."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from musika_daw.controls.book import scope_of
from musika_daw.controls.control import Scope
from musika_daw.controls.state import ControlState
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.live.output.journal import Journal, LevelMove
from musika_daw.engine.live.output.player import Player
from musika_daw.engine.live.output.recorder import RECORD, Recorder, TakeWish, at_sample
from musika_daw.engine.live.output.writer import BLOCK
from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import Timeline
from musika_daw.engine.live.state.transition import transition
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.take.session_log import LiveStart, Session, SessionEvent
from musika_daw.errors import UserError

_THREADS = 2


class _Renders:
    """Versions by their controls; neighbours that share them share their blocks."""

    def __init__(self) -> None:
        self._models: dict[str, PlayedModel] = {}
        self._last: Render | None = None

    def of(self, controls: ControlState) -> Render:
        if self._last is None or self._last.controls != controls:
            name = controls.text("model")
            if name not in self._models:
                self._models[name] = load_model(name)
            self._last = Render(controls, self._models[name])
        return self._last


def _segments(live: LiveStart, events: list[SessionEvent], renders: _Renders) -> Iterator[Segment]:
    """The segments of the log one after the other, on the stream of the live process."""
    begin = live.stream_sample + live.sample
    before = Segment(begin, live.beat, renders.of(live.controls) if live.playing else None, live.controls)
    yield before
    for sample, group in itertools.groupby(events, key=lambda e: e.sample):
        told = list(group)
        moves = tuple(event.move for event in told)
        after = transition(before.controls, before.render is not None, moves)
        controls = next((e.controls for e in told if e.controls is not None), after.controls)
        render = renders.of(controls) if after.playing else None
        before = Segment(live.stream_sample + sample, told[0].beat, render, controls, moves)
        yield before


def _live_part(session: Session) -> tuple[LiveStart, int]:
    """What the take began with, and how many samples it lasted."""
    length = next((e.sample for e in session.events if e.move.control == RECORD), None)
    if session.start.live is None or length is None:
        raise UserError(
            "the session log does not say where the take ends: it was cut short, or it is of a take that was rendered, "
            "which 'render --session LOG' renders again"
        )
    return session.start.live, length


def _wish(session: Session, project: Path, name: str | None, start: int, length: int) -> TakeWish:
    return TakeWish(
        project,
        name or session.start.take_name,
        session.start.sample_format,
        at_sample(start),
        at_sample(start + length),
        session.start.file_rate,
        session.start.fade_seconds,
    )


def replay_take(
    session: Session, project: Path, name: str | None = None, progress: Callable[[float], None] = lambda share: None
) -> Path:
    """Render a live take again into `<project>/Musika/<name> NNN` and return that folder.

    Raises:
        UserError: the log is not of a live take, or of one that was cut short; model, disk.
    """
    live, length = _live_part(session)
    rate = session.start.sample_rate
    begin, start = live.stream_sample + live.sample, live.stream_sample
    levels = [e for e in session.events if scope_of(e.move.target) is Scope.MIX]
    musical = [e for e in session.events if e not in levels and e.move.control != RECORD]
    segments = list(_segments(live, musical, _Renders()))
    timeline = Timeline(segments[0], session.start.score.stems)
    timeline.splice(*segments)
    outcome: list[Path | UserError] = []
    recorder = Recorder(Journal(segments[0], rate), rate, BLOCK, outcome.append)
    recorder.begin(_wish(session, project, name, start, length))
    player = Player(timeline.stems, rate, segments[0], begin, PluginPool(rate))
    for move in live.levels:
        player.move(move)
    with ThreadPoolExecutor(_THREADS) as pool:
        for first in range(begin, start + length + player.latency + BLOCK, BLOCK):
            moved = [e for e in levels if first - BLOCK < e.sample + start <= first]
            for event in moved:
                player.move(event.move)
            _make(timeline, first, pool)
            dry = timeline.read(first, first + BLOCK)
            assert dry is not None
            heard = [s for s in timeline.segments if first <= s.start < first + BLOCK]
            entries = [LevelMove(first, e.beat, e.move) for e in moved]
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
        assert segment.render is not None
        segment.render.make(segment.render.block_at(segment.song_sample(stream)), pool)

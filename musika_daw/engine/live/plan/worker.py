"""The worker: a thread that does what the planner says is next.

Only its thread changes the timeline; `Shared.lock` guards what it shares with the writer. A step that fails is told and
does not end it: the music goes on with what is planned.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.plan.change import Batch, Change, Landing
from musika_daw.engine.live.plan.clock_watch import ClockWatch
from musika_daw.engine.live.plan.landings import landing_of, recalled
from musika_daw.engine.live.plan.look_ahead import LookAhead
from musika_daw.engine.live.plan.planner import next_step
from musika_daw.engine.live.plan.prefetch import Prefetch
from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.shared import Shared
from musika_daw.engine.live.plan.situation import (
    Adjust,
    Await,
    Idle,
    Land,
    Make,
    Open,
    PutOff,
    Situation,
    Splice,
    Step,
    Take,
    Watch,
)
from musika_daw.engine.live.plan.time import RealTime, Time
from musika_daw.engine.live.plan.timeline import FADE
from musika_daw.engine.live.plan.yielding import YieldingPool
from musika_daw.engine.live.state.transition import TRANSPORT, Transition, transition
from musika_daw.engine.playable import PlayedModel

_IDLE_SECONDS = 0.02
_THREADS = 2
_TRIES = 3  # at a block, before the move that brought it is taken back
_log = logging.getLogger(__name__)

Failed = Callable[[Sequence[Move], Exception], None]
"""Told of moves that could not be made, none if a block of what plays could not, and of what went wrong."""


class Worker:
    """Makes what is to be played."""

    def __init__(
        self,
        shared: Shared,
        models: Mapping[str, PlayedModel],
        failed: Failed,
        time: Time | None = None,
        pool: Executor | None = None,
        beside: Executor | None = None,
    ) -> None:
        """`models`: those that are loaded, by name; one that controls name is there by the time they come."""
        self._shared, self._models, self._failed = shared, models, failed
        self._time = time or RealTime()
        self._pool = pool or ThreadPoolExecutor(_THREADS, "musika-decode")
        patient = YieldingPool(self._pool, lambda: bool(shared.batches) or self._change is not None)
        self._ahead = LookAhead(patient, self._time, self._wake, beside)
        self._prefetch = Prefetch()
        self._watch = ClockWatch()
        self._landings: list[Landing] = []
        self._change: Change | None = None
        self._notes: Future[None] | None = None  # of the change
        self._began = 0.0  # making the change audible, its notes being there
        self._warm: Render | None = None  # what playing will start with
        self._before: Segment | None = None  # the plan before the newest change
        self._failures = 0  # of blocks, one after the other
        self._busy = True
        self._thread = threading.Thread(target=self._run, name="musika-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        self._ahead.close()
        self._pool.shutdown()
        self._prefetch.close()

    def _run(self) -> None:
        while not self._shared.quitting:
            began = self._time.now()
            step = self.turn()
            taken = self._time.now() - began
            self._shared.meter.idled(taken) if isinstance(step, Idle) else self._shared.meter.worked(taken)

    def turn(self) -> Step:
        """Does what is most urgent, and says what it was."""
        step: Step = Idle()
        try:
            self._watch_clock()
            self._prefetch_notes()
            self._take_look_ahead()
            step = next_step(self._situation())
            self._do(step)
        except Exception as error:
            self._fail(step, error)
        self._busy = not isinstance(step, Idle)
        return step

    def unheard(self) -> tuple[Move, ...]:
        """Moves that are not planned yet, in the order in which they will be; with the lock of what is shared."""
        landings = (move for landing in self._landings for move in landing.moves)
        batches = (move for batch in self._shared.batches for move in batch.moves)
        return (*(self._change.moves if self._change else ()), *landings, *batches)

    def _wait(self, until: Callable[[], bool]) -> None:
        self._time.wait(self._shared.wake, until, _IDLE_SECONDS)

    def _wake(self) -> None:
        with self._shared.lock:
            self._shared.wake.notify_all()

    def _situation(self) -> Situation:
        shared, change = self._shared, self._change
        if change is not None and not change.ready and self._notes is not None and self._notes.done():
            self._notes.result()
            self._change = change = replace(change, ready=True)
            self._began = self._time.now()
        with shared.lock:
            batches, landings = tuple(shared.batches), tuple(self._landings)
            return Situation(
                shared.timeline,
                shared.cursor,
                shared.rate,
                shared.meter.costs,
                batches,
                landings,
                change,
                shared.loop,
                shared.loop_since,
                shared.loop_moves(),
                shared.located,
                self._warm,
                self._ahead.making,
            )

    def _do(self, step: Step) -> None:
        match step:
            case Make(render, block, patient=True):
                self._ahead.begin(render, block)
            case Make(render, block):
                began = self._time.now()
                render.make(block, self._pool)
                self._made(self._time.now() - began)
            case Open(controls):
                self._warm = self._render(controls)
            case Take(batches):
                self._take(batches)
            case Land(landing, others):
                self._landings = list(others)
                self._begin(landing.moves, landing=landing.beat)
            case Adjust(change):
                self._change = change
            case Splice():
                self._splice(step)
            case PutOff(stream):
                with self._shared.lock:
                    self._shared.timeline.prolong(stream)
            case Await():
                self._wait(lambda: self._notes is None or self._notes.done())
            case Watch(patient):
                self._wait(lambda: self._ahead.over or (patient and bool(self._shared.batches)))
            case Idle():
                self._wait(lambda: bool(self._shared.batches) or self._shared.quitting)

    def _fail(self, step: Step, error: Exception) -> None:
        """Moves that cannot be made are given up."""
        _log.error("the generation worker failed on a step", exc_info=error)
        change = self._change
        if isinstance(step, Make) and (change is None or step.render is not change.render):
            self._fail_to_play(step.render, error)
            return
        moves: tuple[Move, ...] = change.moves if change is not None else ()
        if isinstance(step, Take):
            moves += tuple(move for batch in step.batches for move in batch.moves)
        elif isinstance(step, Land):
            moves += step.landing.moves
        self._change = self._notes = None
        self._failed(moves, error)

    def _fail_to_play(self, render: Render, error: Exception) -> None:
        """A block is tried again after a while; at last the move that brought its render is taken back."""
        self._failures += 1
        plan, before = self._shared.timeline.plan, self._before
        if self._failures == _TRIES and plan.render is render and before is not None:
            self._before = None
            after = Transition(before.controls, before.render is not None, None)
            self._change = Change((), after, before.render)
            self._failed(plan.moves, error)
        elif self._failures == 1:
            self._failed((), error)
        self._time.sleep(_IDLE_SECONDS)

    # --- blocks ----------------------------------------------------------------------------------------------------

    def _take_look_ahead(self) -> None:
        """Takes note of a block that was made beside the worker."""
        if self._ahead.making is not None and self._ahead.over:
            render, _ = self._ahead.making
            try:
                seconds = self._ahead.taken()
            except Exception as error:
                self._fail_to_play(render, error)
            else:
                if seconds is not None:
                    self._made(seconds)

    def _made(self, seconds: float) -> None:
        """A block was made in so long."""
        self._shared.meter.made(seconds)
        self._failures = 0
        with self._shared.lock:
            self._shared.made.notify_all()
            if self._change is None:
                self._forget()

    def _forget(self) -> None:
        # What is heard now left the writer a moment ago: its song position is asked for.
        self._shared.timeline.forget(self._shared.cursor - self._shared.rate)

    def _render(self, controls: ControlState) -> Render:
        """A render with these controls: one that is there already, if possible."""
        known = [s.render for s in self._shared.timeline.segments if s.render is not None]
        for render in (*known, *([self._warm] if self._warm else [])):
            if render.controls == controls:
                return render
        return Render(controls, self._models[controls.text("model")])

    def _prefetch_notes(self) -> None:
        with self._shared.lock:
            cursor = self._shared.cursor
            segment = self._shared.timeline.meant_at(cursor)
        render = segment.render or self._warm
        if render is not None:
            self._prefetch.look(render, segment.beat_at(cursor), busy=self._busy)

    # --- moves -----------------------------------------------------------------------------------------------------

    def _take(self, batches: Sequence[Batch]) -> None:
        """Begins a change with moves that land at once, and keeps the others for their place on the grid."""
        shared = self._shared
        at_once: list[Move] = []
        with shared.lock:
            for batch in batches:
                shared.batches.remove(batch)
            self._recall()
            now = self._situation()
            for batch in batches:
                landing = landing_of(now, batch)
                if landing is None:
                    at_once += batch.moves
                else:
                    self._keep(landing)
        if any(move.control in TRANSPORT for move in at_once):
            # Their places on the grid will not come as they were meant to.
            at_once = [move for landing in self._landings for move in landing.moves] + at_once
            self._landings.clear()
        if at_once:
            self._begin(tuple(at_once), posted=min(batch.posted for batch in batches))

    def _keep(self, *landings: Landing) -> None:
        self._landings = sorted((*self._landings, *landings), key=lambda kept: kept.beat)

    def _recall(self) -> None:
        """Takes landings that are planned but not heard yet back: what comes before them is about to change."""
        again, cut = recalled(self._situation())
        if cut is not None:
            self._shared.timeline.cut(cut)
        self._keep(*again)

    def _begin(
        self,
        moves: tuple[Move, ...],
        posted: float | None = None,
        place: int | None = None,
        landing: float | None = None,
    ) -> None:
        """Begins to make moves audible; `Change` explains the rest."""
        timeline, soon = self._shared.timeline, self._situation().soon
        here = timeline.plan if landing is not None else timeline.meant_at(soon)
        after = transition(here.controls, here.render is not None, moves)
        render = self._render(after.controls) if after.playing else None
        if render is not None and render is here.render and after.jump is None and landing is None:
            return  # nothing that is heard
        self._change = Change(moves, after, render, posted, place, landing, ready=render is None)
        if render is not None:
            beat = timeline.beat_at(soon) if landing is None else landing
            self._notes = self._pool.submit(render.song.ready, beat if after.jump is None else after.jump)
            self._notes.add_done_callback(lambda _: self._wake())

    def _splice(self, step: Splice) -> None:
        shared = self._shared
        with shared.lock:
            if step.segments[0].start - FADE < shared.cursor:
                return  # the writer was faster: the planner looks again
            plan = shared.timeline.plan
            shared.timeline.splice(*step.segments)
            shared.made.notify_all()
        if step.ends and self._change is not None:
            self._before = plan if plan.render is not step.segments[0].render else self._before
            if self._change.landing is None and self._change.render is not None:
                shared.meter.spliced(self._time.now() - self._began)
            self._change = self._notes = None

    def _watch_clock(self) -> None:
        """Does what a leading clock asks for."""
        if self._change is None:
            with self._shared.lock:
                asked = self._watch.asks(self._shared, self._situation().at_best, self._time.now())
                if asked is not None:
                    self._recall()
            if asked is not None:
                self._begin(asked.moves, place=asked.place)

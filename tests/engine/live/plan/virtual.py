"""A worker on a virtual clock: a model that makes silence, each block in as long as the test says, and a writer that
takes the stream at its pace, whatever is made of it by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, cast

import numpy as np

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.output.writer import BLOCK
from musika_daw.engine.live.plan.change import Batch
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.shared import Shared
from musika_daw.engine.live.plan.situation import Step
from musika_daw.engine.live.plan.timeline import FADE, Timeline
from musika_daw.engine.live.plan.worker import Worker
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.score import Score
from musika_daw.music.notes import STEMS
from tests.engine.live.conftest import song

RATE = 44100
CONTROLS = song("virtual")
_NOTHING = np.zeros((2, 16384), np.float32)


class Clock:
    """Moves on when told; whoever listens is told of every block of the stream that goes by."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.tick: Callable[[], None] = lambda: None
        self._tasks: list[tuple[float, Future[Any], Callable[[], object]]] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        end = self.seconds + seconds
        while (after := (int(self.seconds * RATE / BLOCK + 1e-6) + 1) * BLOCK / RATE) <= end:
            self._move(after)
            self.tick()
        self._move(end)

    def wait(self, wake: Condition, until: Callable[[], bool], seconds: float) -> None:
        end = self.seconds + seconds
        while not until() and self.seconds < end:
            self.sleep(0.002)

    def later(self, seconds: float, task: Callable[[], object]) -> Future[Any]:
        """A task that another thread does, and is done with after so long."""
        future: Future[Any] = Future()
        self._tasks.append((self.seconds + seconds, future, task))
        self._move(self.seconds)
        return future

    def _move(self, seconds: float) -> None:
        self.seconds = max(self.seconds, seconds)
        for entry in [entry for entry in self._tasks if entry[0] <= seconds]:
            self._tasks.remove(entry)
            try:
                entry[1].set_result(entry[2]())
            except Exception as error:
                entry[1].set_exception(error)


@dataclass
class Costs:
    """What making things takes, and what goes wrong; a test may change it while the clock runs."""

    block: float = 0.05
    notes: float = 0.0
    fails: Callable[[Score, str, int], bool] = lambda score, what, place: False


class _Windows:
    samples = 16384

    def __init__(self, model: VirtualModel, score: Score) -> None:
        self._model, self._score = model, score

    def audio(self, window: int, decoders: Executor) -> dict[str, Any]:
        list(decoders.map(lambda stem: None, ("drums", "pitched")))  # as a real one does: a move can come before each
        if not self._model.beside:
            self._model.clock.sleep(self._model.costs.block)
        self._model.check(self._score, "block", window)
        return dict.fromkeys(STEMS, _NOTHING)


class _Song:
    section_beats = 64
    sample_rate = RATE
    key = None
    note_stems = STEMS

    def __init__(self, model: VirtualModel, score: Score) -> None:
        self.model, self.score = model, score
        model.check(score, "song", 0)

    def chunks(self, frames: int) -> _Windows:
        return _Windows(self.model, self.score)

    def ready(self, beat: float) -> None:
        self.model.check(self.score, "notes", int(beat))

    def prepare(self, beat: float) -> None:
        pass


class VirtualModel:
    """Makes silence."""

    prefetches_corners = False
    ready_seconds = 0.0

    def __init__(self, clock: Clock, costs: Costs) -> None:
        self.clock, self.costs = clock, costs
        self.beside = False  # what is made is made by another thread, which has taken its time

    def song(self, score: Score) -> _Song:
        return _Song(self, score)

    def check(self, score: Score, what: str, place: int) -> None:
        if self.costs.fails(score, what, place):
            raise ValueError(f"no {what} {place}")


class _Pool(Executor):
    """Blocks are made at once; notes take their time, beside them."""

    def __init__(self, clock: Clock, costs: Costs) -> None:
        self._clock, self._costs = clock, costs

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if getattr(task, "__name__", "") == "ready":
            return self._clock.later(self._costs.notes, lambda: task(*args, **kwargs))
        return self._clock.later(0.0, lambda: task(*args, **kwargs))


class _Beside(Executor):
    """A thread beside the worker: blocks take their time there while the worker goes on."""

    def __init__(self, model: VirtualModel) -> None:
        self._model = model

    def submit(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        def make() -> Any:
            self._model.beside = True
            try:
                return task(*args, **kwargs)
            finally:
                self._model.beside = False

        return self._model.clock.later(self._model.costs.block, make)


@dataclass
class Stage:
    """A worker whose turns are taken one by one.

    Attributes:
        heard: segments in the order in which they began to be heard.
        positions: stream sample and song position of every block that the writer took; None: nothing played.
        holes: stream samples of blocks that were not made in time.
        failed: moves that could not be made.
    """

    controls: ControlState = CONTROLS
    costs: Costs = field(default_factory=Costs)

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.clock.tick = self._take
        self.model = VirtualModel(self.clock, self.costs)
        self.shared = Shared(Timeline(Segment(0, 0.0, None, self.controls), STEMS), RATE)
        self.heard: list[Segment] = []
        self.positions: list[tuple[int, float | None]] = []
        self.holes: list[int] = []
        self.failed: list[tuple[Move, ...]] = []
        self.steps: list[Step] = []
        self.worker = Worker(
            self.shared,
            {self.controls.text("model"): cast("PlayedModel", self.model)},
            lambda moves, error: self.failed.append(tuple(moves)),
            self.clock,
            _Pool(self.clock, self.costs),
            _Beside(self.model),
        )
        self.worker._prefetch.look = lambda *_, **__: None  # type: ignore[method-assign]

    def _take(self) -> None:
        """What the writer does once a block."""
        shared = self.shared
        first, end = shared.cursor, shared.cursor + BLOCK
        gap = shared.timeline.gap(first)
        if gap is not None and gap[1] < end:
            self.holes.append(first)
        self.heard += [s for s in shared.timeline.segments if first <= s.start - FADE < end]
        here = shared.timeline.at(first)
        self.positions.append((first, None if here.render is None else here.beat_at(first)))
        shared.cursor = end

    def post(self, *moves: Move, quantize: str = "now", urgent: bool = False) -> None:
        self.shared.batches.append(Batch(moves, quantize, self.clock.now(), urgent))

    def play(self, beat: float = 0.0) -> None:
        self.post(Move.of("play", beat), urgent=True)
        self.run(1.0)

    def turn(self) -> Step:
        """One of the worker's turns."""
        step = self.worker.turn()
        self.steps.append(step)
        return step

    def run(self, seconds: float, patience: int = 50) -> None:
        """Turns until so much has gone by; so many turns that take no time are a livelock."""
        end, standing, before = self.clock.now() + seconds, 0, self.clock.now()
        while self.clock.now() < end:
            self.turn()
            standing = standing + 1 if self.clock.now() == before else 0
            before = self.clock.now()
            assert standing < patience, f"a livelock: {self.steps[-5:]}"

    def run_until(self, what: Callable[[], object], seconds: float = 20.0) -> float:
        """Turns until it is so; how long that took."""
        begin = self.clock.now()
        while not what():
            self.run(0.001)
            assert self.clock.now() < begin + seconds, "it never came"
        return self.clock.now() - begin

    def heard_moves(self) -> list[Move]:
        return [move for segment in self.heard for move in segment.moves]

    def landed(self, moves: Sequence[Move]) -> bool:
        heard = self.heard_moves()
        return all(move in heard for move in moves)

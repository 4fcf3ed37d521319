"""The generation worker: keeps the timeline made ahead of the writer, and splices moves into it.

What is about to be heard always comes first, then moves, then the rest of the look-ahead; so a burst of moves costs
look-ahead, not sound. All moves that wait are taken together and make one new version. Only the worker's thread
changes the timeline; `Shared.lock` guards what it shares with the writer.
"""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass

from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.course import TRANSPORT, Course, course_after
from musika_daw.engine.live.foresight import Foresight
from musika_daw.engine.live.lead import Here, Pursuit
from musika_daw.engine.live.moves import Move
from musika_daw.engine.live.shared import Batch, Shared
from musika_daw.engine.live.timeline import FADE, Segment, Timeline
from musika_daw.engine.live.version import BLOCK_SAMPLES, Version
from musika_daw.engine.live.yielding import MoveWaitsError, YieldingPool
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.song import PHRASE_BEATS
from musika_daw.music.grid import BEATS_PER_BAR

GRIDS = {"now": 0.0, "beat": 1.0, "bar": float(BEATS_PER_BAR), "phrase": float(PHRASE_BEATS)}
SAFE_SECONDS = 1.0  # always made ahead, whatever else there is to do: other programs want the processor, too
AHEAD_SECONDS = 1.75  # made ahead when there is nothing else to do
_SAFE_BLOCKS = 4  # made in the time that is always made ahead, while they are slow, before moves are taken
_SAFEST_SECONDS = 1.3  # more is not waited for
_SURE_BLOCKS = 3  # while which what is heard has to last before something else is made
_SLOW = 1.5  # how much longer a block may take than those before it
_PREPARE_SECONDS = 1.0  # how long before its place a move that waits for the grid is made
_IDLE_SECONDS = 0.02
_LOOK_SECONDS = 0.02  # between two looks at a leading clock
_THREADS = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Landing:
    """Moves that wait for a song position."""

    beat: float
    moves: tuple[Move, ...]


class Worker:
    """Makes what is to be played."""

    def __init__(self, shared: Shared, models: Mapping[str, PlayedModel]) -> None:
        """`models`: those that are loaded, by name; one that controls name is there by the time they come."""
        self._shared = shared
        self._models = models
        self._pool = ThreadPoolExecutor(_THREADS, "musika-decode")
        self._patient_pool = YieldingPool(self._pool, lambda: bool(shared.batches))
        self._foresight = Foresight()
        self._landings: list[Landing] = []
        self._warm: Version | None = None  # what playing will start with
        self._pursuit = Pursuit()
        self._look_again = 0.0
        self._cost_seconds = 0.1  # of a splice, from taking the moves to the new segment
        self._thread = threading.Thread(target=self._run, name="musika-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        self._pool.shutdown()
        self._foresight.close()

    def _run(self) -> None:
        while not self._shared.quitting:
            began = time.monotonic()
            try:
                if self._turn():
                    self._shared.meter.worked(time.monotonic() - began)
                else:
                    with self._shared.lock:
                        if not self._shared.batches:
                            self._shared.wake.wait(_IDLE_SECONDS)
                    self._shared.meter.idled(time.monotonic() - began)
            except Exception:
                # The music goes on with what is planned; the move that did this is lost.
                _log.exception("the generation worker failed on a step")
                time.sleep(_IDLE_SECONDS)

    def _turn(self) -> bool:
        """Does what is most urgent; False if there is nothing to do."""
        shared = self._shared
        self._follow()
        self._look_ahead(busy=True)
        with shared.lock:
            # A block's time can double from one to the next when others want the processor, and a move costs several.
            slow = min(_SAFEST_SECONDS, _SAFE_BLOCKS * shared.meter.longest_seconds)
            safe = self._made_for(max(SAFE_SECONDS, slow), spares=True)
            batches = tuple(shared.batches) if safe else ()
            if safe:
                shared.batches.clear()
        if batches:
            self._take(batches)
        elif safe and (due := self._due()) is not None:
            self._land(due)
        elif not self._made_for(AHEAD_SECONDS, spares=False):
            with contextlib.suppress(MoveWaitsError):
                self._extend(self._patient_pool if safe else self._pool)
        elif not self._warm_up():
            self._look_ahead(busy=False)
            return False
        return True

    # --- what is planned -------------------------------------------------------------------------------------------

    def _made_for(self, seconds: float, spares: bool) -> bool:
        shared = self._shared
        with shared.lock:
            gap = shared.timeline.gap(shared.cursor, spares)
            return gap is None or gap[1] >= shared.cursor + seconds * shared.rate

    def _missing(self, spares: bool) -> tuple[Segment, int, bool] | None:
        """Whose next block is missing, a stream sample in it, and whether one before it comes too late already."""
        shared = self._shared
        with shared.lock:
            gap = shared.timeline.gap(shared.cursor, spares)
            if gap is None:
                return None
            segment, stream = gap
            late = stream <= shared.cursor
            if late:
                # What is missing there comes too late, whether a spare is heard instead or nothing.
                stream = segment.made_until(self._soon()) or stream
            return segment, stream, late

    def _extend(self, pool: Executor | None = None) -> None:
        """Makes the next missing block of what is planned, once what is heard lasts meanwhile."""
        self._secure()
        shared = self._shared
        missing = self._missing(spares=False)
        if missing is None:
            return
        segment, stream, _ = missing
        self._make(segment, stream, pool)
        with shared.lock:
            # What is heard now left the writer a moment ago: its song position is asked for.
            shared.timeline.forget(shared.cursor - shared.rate)
            spare = shared.timeline.segments[-1]
            if not spare.spare:
                return
            until = segment.made_until(stream) or stream
            if spare.start - FADE >= shared.cursor:
                shared.timeline.prolong(until)
            elif until > shared.cursor + 2 * FADE:
                # The older version is being heard: back to the newer one, as soon as that is made.
                soonest = shared.cursor + FADE
                made = segment.made_until(shared.cursor)
                start = soonest if made is not None and made > soonest + FADE else max(soonest, stream)
                self._hear(Segment(start, spare.beat_at(start), segment.version, segment.controls))

    def _secure(self) -> None:
        """Makes more of what is heard, be it a spare, until it lasts while blocks of something else are made."""
        enough = min(SAFE_SECONDS, _SURE_BLOCKS * self._shared.meter.longest_seconds)
        while not self._made_for(enough, spares=True):
            missing = self._missing(spares=True)
            if missing is None:
                return
            segment, stream, late = missing
            self._make(segment, stream)
            if late:
                return  # what is missing now stays missing, whatever is made after it

    def _make(self, segment: Segment, stream: int, pool: Executor | None = None) -> None:
        assert segment.version is not None
        began = time.monotonic()
        block = segment.version.block_at(segment.song_sample(stream))
        segment.version.make(block, pool or self._pool)
        self._shared.meter.made(time.monotonic() - began)
        with self._shared.lock:
            self._shared.made.notify_all()

    def _warm_up(self) -> bool:
        """While nothing plays: makes the blocks that playing would start with; False if they are there."""
        with self._shared.lock:
            plan, located = self._shared.timeline.plan, self._shared.located
        if plan.version is not None:
            return False
        version = self._version(plan.controls)
        for beat in (located, plan.beat, 0.0):
            block = version.block_at(version.sample_at(beat))
            for needed in (block - 1, block, block + 1):
                if not version.has(needed):
                    version.make(needed, self._pool)
                    return True
        return False

    def _look_ahead(self, busy: bool) -> None:
        with self._shared.lock:
            cursor = self._shared.cursor
            segment = self._shared.timeline.meant_at(cursor)
        version = segment.version or self._warm
        if version is not None:
            self._foresight.look(version, segment.beat_at(cursor), busy)

    def _version(self, controls: Controls) -> Version:
        """A version with these controls: one that is there already, if possible."""
        known = [s.version for s in self._shared.timeline.segments if s.version is not None]
        for version in (*known, *([self._warm] if self._warm else [])):
            if version.controls == controls:
                self._warm = version
                return version
        self._warm = Version(controls, self._models[controls.model])
        return self._warm

    # --- moves -----------------------------------------------------------------------------------------------------

    def _take(self, batches: Sequence[Batch]) -> None:
        """Splices moves in at once, or keeps them for their place on the grid."""
        shared = self._shared
        at_once: list[Move] = []
        with shared.lock:
            soon = self._soon()
            self._recall(soon)
            here = shared.timeline.meant_at(soon)
            for batch in batches:
                grid = GRIDS[batch.quantize]
                if not grid or here.version is None or batch.urgent:
                    at_once += batch.moves
                else:
                    # Not the place that what takes long would come too late for.
                    ready = soon + round(here.version.model.ready_seconds * shared.rate)
                    beat = math.floor(here.beat_at(ready) / grid + 1e-6) * grid + grid
                    self._keep(Landing(beat, batch.moves))
        if any(move.address in TRANSPORT for move in at_once):
            # Their places on the grid will not come as they were meant to.
            at_once = [move for landing in self._landings for move in landing.moves] + at_once
            self._landings.clear()
        if at_once:
            self._splice(tuple(at_once), min(batch.posted for batch in batches))

    def _soon(self) -> int:
        """The stream sample at which a splice that is begun now can be heard."""
        return self._shared.cursor + FADE + round(self._cost_seconds * self._shared.rate)

    def _recall(self, stream: int) -> None:
        """Takes landings that were spliced in but are not heard yet back, to be made again on what comes before."""
        timeline = self._shared.timeline
        later = [s for s in timeline.segments if s.start > stream and s.recallable is not None]
        if not later:
            return
        for segment in later:
            moves = tuple(m for m in segment.moves if m not in self._shared.loop_moves())
            if moves and segment.recallable is not None:
                self._keep(Landing(segment.recallable, moves))
        timeline.cut(later[0].start)

    def _keep(self, landing: Landing) -> None:
        self._landings.append(landing)
        self._landings.sort(key=lambda kept: kept.beat)

    def _due(self) -> Landing | None:
        """Everything that lands at the next place where something does, if that is near; the loop's jump included."""
        shared = self._shared
        with shared.lock:
            plan = shared.timeline.plan
            if plan.version is None:
                return None
            begin, end = shared.loop
            beats = [landing.beat for landing in self._landings]
            if begin < end and plan.beat < end and plan.stream_at(end) > shared.cursor:
                beats.append(end)
            if not beats:
                return None
            beat = min(beats)
            before = _PREPARE_SECONDS + self._cost_seconds + plan.version.model.ready_seconds
            if plan.stream_at(beat) > shared.cursor + before * shared.rate:
                return None
            here = [landing for landing in self._landings if landing.beat <= beat]
            self._landings = [landing for landing in self._landings if landing.beat > beat]
            moves = tuple(move for landing in here for move in landing.moves)
            if begin < end and beat == end:
                moves += shared.loop_moves()
            return Landing(beat, moves)

    def _land(self, landing: Landing) -> None:
        """Splices moves in where they land."""
        shared = self._shared
        with shared.lock:
            plan = shared.timeline.plan
        course = course_after(plan.controls, True, landing.moves)
        beat = landing.beat if course.jump is None else course.jump
        version = self._version(course.controls)
        self._ready(version, beat)
        with shared.lock:
            plan = shared.timeline.plan
        start = plan.stream_at(landing.beat)
        segment = Segment(start, beat, version, course.controls, landing.moves, recallable=landing.beat)
        for stream in (start - FADE, start):
            if not version.has(version.block_at(segment.song_sample(stream))):
                self._make(segment, stream)
        with shared.lock:
            if start - FADE < shared.cursor:
                late = shared.cursor + FADE
                # A jump that comes late is where it would be by now; anything else must not make one.
                on_time = version.beat_at(segment.song_sample(late))
                at = shared.timeline.beat_at(late) if course.jump is None else on_time
                segment = Segment(late, at, version, course.controls, landing.moves)
            shared.timeline.splice(segment)

    def _splice(self, moves: tuple[Move, ...], posted: float | None, place: int | None = None) -> None:
        """Splices moves in as soon as what they change is made.

        `place`: stream sample where a song position that the moves jump to belongs; None: where they are heard first.
        """
        shared = self._shared
        with shared.lock:
            here = shared.timeline.meant_at(self._soon())
        course = course_after(here.controls, here.version is not None, moves)
        if not course.playing:
            with shared.lock:
                start = shared.cursor + FADE
                beat = shared.timeline.beat_at(start) if course.jump is None else course.jump
                shared.timeline.splice(Segment(start, beat, None, course.controls, moves, posted))
            return
        version = self._version(course.controls)
        if version is here.version and course.jump is None:
            return  # nothing that is heard
        with shared.lock:
            beat = shared.timeline.beat_at(self._soon()) if course.jump is None else course.jump
        self._ready(version, beat)
        began = time.monotonic()
        splice = _Splice(version, course, moves, posted, place)
        reach = FADE
        while True:
            with shared.lock:
                segment = splice.segment(shared.timeline, self._soon())
                segment = splice.segment(shared.timeline, segment.start + past_border(segment))
            for stream in (*range(segment.start - FADE, segment.start + reach, BLOCK_SAMPLES), segment.start + reach):
                if not version.has(version.block_at(segment.song_sample(stream))):
                    self._secure()
                    self._make(segment, stream)
            with shared.lock:
                if self._commit(splice, segment.start):
                    break
            # A jump goes to the same place at every attempt: what was not enough will not be, unless there is more.
            reach = 2 * FADE + self._reserve()
        self._cost_seconds += 0.2 * (time.monotonic() - began - self._cost_seconds)

    def _ready(self, version: Version, beat: float) -> None:
        """Has what a song position asks for made, and meanwhile the sound that is heard until then.

        Phrases that nobody has played yet take the pattern net as long as several blocks; others are there at once, and
        the move is to be heard soon: so no more is made meanwhile than has to be.
        """
        ready = self._pool.submit(version.song.ready, beat)
        while not ready.done():
            if self._made_for(SAFE_SECONDS, spares=True):
                wait((ready,), _IDLE_SECONDS)
            else:
                self._extend()
        ready.result()

    def _commit(self, splice: _Splice, meant: int) -> bool:
        """Splices a version in where it can be heard first; False if that is later than what is made of it.

        `meant`: stream sample for which it was made.
        """
        shared = self._shared
        earliest = shared.cursor + FADE
        places = earliest, max(earliest, meant), self._soon()
        return any(self._hear(splice.segment(shared.timeline, start)) for start in places)

    def _hear(self, segment: Segment) -> bool:
        """Splices a segment in if enough of it is made, or if what was planned before can stand in for the rest."""
        timeline = self._shared.timeline
        until = segment.made_until(segment.start - FADE)
        if until is None or until <= segment.start + FADE:
            return False
        # What can be read has to last until the next block is made.
        enough = self._shared.cursor + self._reserve()
        old = timeline.at(until)
        spare = Segment(until, segment.beat_at(until), old.version, old.controls, spare=True)
        stands_in = old.version is not None and (spare.made_until(until - FADE) or 0) > max(until + FADE, enough)
        if not stands_in and until <= enough:
            return False
        timeline.splice(segment, spare) if stands_in else timeline.splice(segment)
        return True

    def _reserve(self) -> int:
        """Samples in which the next block is made for certain, its fade included."""
        meter = self._shared.meter
        # No more than is always made ahead: or one block that took for ever would keep moves away for long.
        seconds = min(SAFE_SECONDS, max(_SLOW * meter.block_seconds, meter.longest_seconds))
        return FADE + round(seconds * self._shared.rate)

    # --- a clock that leads ----------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Does what a leading clock asks for."""
        shared, leading = self._shared, self._shared.leading
        now = time.monotonic()
        if leading is None or now < self._look_again:
            return
        self._look_again = now + _LOOK_SECONDS
        with shared.lock:
            waiting = shared.timeline.meant_at(shared.cursor).version is None
            # What playing starts with is there already.
            place = shared.cursor + FADE if waiting else self._soon()
            heard = shared.pace.heard_at(place) - leading.offset_seconds
            plan = shared.timeline.meant_at(place)
            here = Here(plan.beat_at(place), plan.controls.bpm, plan.version is not None)
        moves = self._pursuit.moves(leading.clock.state_at(heard), here, leading.stop_on_loss)
        if moves:
            whole = moves[-1].address == "/musika/play" and float(moves[-1].values[0]).is_integer()
            self._splice(moves, None, None if whole else place)


def past_border(segment: Segment) -> int:
    """Samples by which a segment has to start later so that its fade need not be made of two blocks."""
    left = -segment.song_sample(segment.start - FADE) % BLOCK_SAMPLES
    return left if left < 2 * FADE else 0


@dataclass(frozen=True)
class _Splice:
    """A version that is to be spliced in wherever it is ready."""

    version: Version
    course: Course
    moves: tuple[Move, ...]
    posted: float | None
    place: int | None

    def segment(self, timeline: Timeline, start: int) -> Segment:
        """What it would be at a sample of the stream."""
        if self.course.jump is None:
            beat = timeline.beat_at(start)
        elif self.place is None:
            beat = self.course.jump
        else:
            beat = max(0.0, self.version.beat_at(self.version.sample_at(self.course.jump) + start - self.place))
        return Segment(start, beat, self.version, self.course.controls, self.moves, self.posted)

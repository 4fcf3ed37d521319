"""The player of one instance: decides what is made next, from where the host is and where it will be."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

from musika_daw.engine.offline.renderer import MAX_PRE_ROLL_SECONDS
from musika_daw.plugin.layout import BLOCK_FRAMES, EXACT, FAILED, READY, STARTING
from musika_daw.plugin.serve.dry import Dry, Pools
from musika_daw.plugin.serve.prefetch import Prefetch
from musika_daw.plugin.serve.run import Run
from musika_daw.plugin.serve.segment import Request, Segment
from musika_daw.plugin.serve.slots import Slots, block_of
from musika_daw.plugin.serve.versions import Version, Versions

_AHEAD_SECONDS, _OFFLINE_AHEAD_SECONDS, _LOOP_SECONDS = 8.0, 14.0, 3.0
_URGENT_SECONDS = 1.2  # what is due sooner has no time for a long window and the effects' past
_LATE_SECONDS = 0.2
_BEHIND_SECONDS = 3.0  # that a run begun in haste catches up sooner than a new one would come
_PAST_SECONDS = 3.0  # of the effects, where a move is to be heard soon
_MARGIN_SECONDS = 0.06  # from where the host is to where something new can be heard
_UPGRADE_SECONDS = 3.5  # from where the host is to where what was made in haste is made again
_SETTLED_SECONDS = 1.5  # without a move, before that is worth it
_FAST, _SLOW = 0.003, 0.015  # seconds between two looks
_log = logging.getLogger(__name__)


class Player:
    """Serves one segment in a thread of its own until it is closed."""

    def __init__(self, segment: Segment, versions: Versions, pools: Pools) -> None:
        self.segment = segment
        self._versions, self._pools = versions, pools
        self._slots = Slots(segment)
        self._prefetch = Prefetch(pools)
        self._serial = 0
        self._version: Version | None = None
        self._moved = 0.0
        self._run: Run | None = None
        self._told = ""
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="musika-plugin", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        self._thread.join()
        if self._run is not None:
            self._run.close()

    def _serve(self) -> None:
        self._tell(STARTING, "loading the model")
        while not self._closing:
            try:
                pause = self.turn()
            except Exception as error:
                _log.exception("an instance's turn failed")
                self._tell(FAILED, f"{error}")
                pause = 0.5
            if pause:
                time.sleep(pause)

    def turn(self) -> float:
        """Does the next thing; how long to wait until the next look."""
        request = self.segment.request()
        if request is None:
            self._tell(READY, "ready")
            return _SLOW
        version = self._accept(request)
        position = round(request.quarters * 60.0 / version.bpm * version.rate)
        self._focus(request, position)
        run = self._choose(request, version, position)
        if not request.offline:
            self._prefetch.look(version, request.quarters)
        self._tell(READY, self._versions.complaint or ("playing" if request.playing else "ready"))
        if run is not None:
            run.forget(position)
            if run.advance(self._slots):
                return 0.0
        return _FAST if request.playing else _SLOW

    def _accept(self, request: Request) -> Version:
        waits = self._run is not None and self._run.version is self._version and self._run.awaited
        if waits and not request.offline and self._version is not None:
            return self._version  # moves that come thick are heard one after the other, not never
        if self._version is None or request.serial != self._serial:
            before = self._version
            self._version = self._versions.want(request)
            self._serial = request.serial
            if self._version is not before:
                self._moved = time.monotonic()
            self.segment.accept(request.serial, [(v.number, v.bpm, v.rate) for v in self._versions.recent])
        return self._version

    def _focus(self, request: Request, position: int) -> None:
        loop = range(0)
        if request.loop is not None:
            first, last = (block_of(self._sample(request, beat)) for beat in request.loop)
            loop = range(first, last + 1)
        self._slots.focus(block_of(position), [version.number for version in self._versions.recent], loop)

    def _sample(self, request: Request, quarters: float) -> int:
        return round(quarters * 60.0 / request.bpm * request.rate)

    # --- what is next ------------------------------------------------------------------------------------------------

    def _path(self, request: Request, position: int) -> Iterator[tuple[int, int]]:
        """Places that will be played, in order: samples, each with how many samples from now."""
        ahead = round((_OFFLINE_AHEAD_SECONDS if request.offline else _AHEAD_SECONDS) * request.rate)
        begin, end = max(position, 0), position + ahead
        if request.loop is not None:
            loop_begin, loop_end = (self._sample(request, beat) for beat in request.loop)
            if loop_begin < loop_end and position < loop_end:
                yield from _places(begin, min(end, loop_end), position)
                if end > loop_end:
                    rest = min(end - loop_end, loop_end - loop_begin, round(_LOOP_SECONDS * request.rate))
                    yield from _places(loop_begin, loop_begin + rest, loop_begin - (loop_end - position))
                return
        yield from _places(begin, end, position)

    def _choose(self, request: Request, version: Version, position: int) -> Run | None:
        run = self._run if self._run is not None and self._run.version is version else None
        rate = request.rate
        if run is not None and 0 < run.start - position < rate // 2:
            position = run.start  # a run that was begun for what follows
        path = list(self._path(request, position))
        qualities = [self._slots.quality(version.number, block_of(p), p % BLOCK_FRAMES) for p, _ in path]
        least = EXACT if request.offline else 1
        missing = next((i for i, quality in enumerate(qualities) if quality < least), None)
        on_path = self._index_of(run, path) if run is not None else None
        if missing is None:
            if run is not None and on_path is not None and qualities[on_path] < EXACT and run.exact:
                return run
            return self._improve(request, version, path, qualities)
        place, distance = path[missing]
        if (
            run is not None
            and run.quick
            and not request.offline
            and 0 <= position - run.position < _BEHIND_SECONDS * rate
        ):
            return run  # it is late, and faster than the host
        urgent = request.playing and not request.offline and distance < _URGENT_SECONDS * rate
        if run is not None and on_path is not None and on_path <= missing:
            late = distance < _LATE_SECONDS * rate and not (run.quick and on_path == missing)
            if not (urgent and late):
                return run
        return self._begin(request, version, position, place, urgent)

    def _index_of(self, run: Run, path: list[tuple[int, int]]) -> int | None:
        return next((i for i, (place, _) in enumerate(path) if block_of(place) == run.next_block), None)

    def _improve(
        self, request: Request, version: Version, path: list[tuple[int, int]], qualities: list[int]
    ) -> Run | None:
        """What was made in haste, made again while nobody is in need of anything."""
        if request.playing and time.monotonic() - self._moved < _SETTLED_SECONDS:
            return None
        least = _UPGRADE_SECONDS * request.rate if request.playing else 0
        for (place, distance), quality in zip(path, qualities, strict=True):
            if distance >= least and quality < EXACT:
                return self._replace(Run(version, block_of(place) * BLOCK_FRAMES, False, self._pools))
        return None

    def _begin(self, request: Request, version: Version, position: int, place: int, urgent: bool) -> Run:
        history_at = position if request.offline else max(position + round(_MARGIN_SECONDS * request.rate), place)
        if request.playing and (request.offline or urgent):
            past = self._history(request, version, history_at)
            if past and (urgent or place == position):
                return self._replace(Run(version, history_at, True, self._pools, past, request.offline))
        if urgent:
            return self._replace(Run(version, history_at, True, self._pools))
        return self._replace(Run(version, block_of(place) * BLOCK_FRAMES, False, self._pools))

    def _history(self, request: Request, version: Version, position: int) -> list[Dry]:
        """What was played in another version up to a place, if the host played on through it."""
        old = self._run
        if old is None or old.version is version:
            return []
        quarters = position / request.rate * request.bpm / 60.0
        if quarters - request.since < 1e-3:
            return []  # it has just jumped here
        end = round(quarters * 60.0 / old.version.bpm * old.version.song.sample_rate)
        return old.history(end, MAX_PRE_ROLL_SECONDS if request.offline else _PAST_SECONDS)

    def _replace(self, run: Run) -> Run:
        if self._run is not None:
            self._run.close()
        self._run = run
        return run

    def _tell(self, state: int, status: str) -> None:
        if status != self._told:
            self._told = status
            self.segment.say(state, status)


def _places(begin: int, end: int, now: int) -> Iterator[tuple[int, int]]:
    """The first sample, then that of each block that follows, each with its distance from now."""
    place = begin
    while place < end:
        yield place, place - now
        place = (block_of(place) + 1) * BLOCK_FRAMES

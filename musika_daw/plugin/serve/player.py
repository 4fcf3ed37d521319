"""The player of one instance: decides what is made next, from where the host is and where it will be."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial

from musika_daw.engine.offline.renderer import MAX_PRE_ROLL_SECONDS
from musika_daw.plugin.layout import BLOCK_FRAMES, EXACT, FAILED, READY, STARTING
from musika_daw.plugin.serve.dry import Dry, Pools
from musika_daw.plugin.serve.host_midi import HostMidi
from musika_daw.plugin.serve.path import Place, path_of
from musika_daw.plugin.serve.prefetch import Prefetch
from musika_daw.plugin.serve.run import Run
from musika_daw.plugin.serve.segment import Request, Segment
from musika_daw.plugin.serve.slots import Slots, block_of
from musika_daw.plugin.serve.versions import Version, Versions

_AHEAD_SECONDS, _OFFLINE_AHEAD_SECONDS = 8.0, 14.0
_URGENT_SECONDS = 1.2  # what is due sooner has no time for a long window and the effects' past
_LATE_SECONDS = 0.2
_BEHIND_SECONDS = 3.0  # that a run begun in haste catches up sooner than a new one would come
_PAST_SECONDS = 3.0  # of the effects, where a move is to be heard soon
_SECURE_SECONDS = 1.0  # of what is heard, before a move makes something else of it
_RAMP_SECONDS = 1.5  # the same while the tempo moves
_PATIENCE_SECONDS = 8.0  # for which a move waits for that at most
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
        self._midi = HostMidi()
        self._serial = 0
        self._heard: tuple[object, ...] = ()  # what the settings were without the tempo
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
        wanted = self._accept(request)
        current = self._current(request, wanted)
        position = current.sample(request.quarters)
        self._focus(request, current, position)
        seconds = _OFFLINE_AHEAD_SECONDS if request.offline else _AHEAD_SECONDS
        path = path_of(request, current, wanted, seconds)
        run = self._choose(request, path, position)
        if not request.offline:
            self._prefetch.look(wanted, request.quarters)
        self._tell(READY, self._versions.complaint or ("playing" if request.playing else "ready"))
        if run is not None:
            run.forget(run.version.sample(request.quarters))
            if run.advance(self._slots):
                return 0.0
        return _FAST if request.playing else _SLOW

    def _accept(self, request: Request) -> Version:
        if self._version is not None and not request.offline and self._goes_on(request, self._version):
            return self._version
        if self._version is None or request.serial != self._serial:
            before = self._version
            self._midi.take(self.segment.events(request.events))
            self._version = self._versions.want(request, self._midi.moves, partial(self._cover, request.quarters))
            self._serial = request.serial
            self._heard = request.values, request.text, request.events
            if self._version is not before:
                self._moved = time.monotonic()
            recent = [(h.version.number, h.version.bpm, h.version.rate, h.serial) for h in self._versions.recent]
            self.segment.accept(request.serial, recent)
        return self._version

    def _cover(self, quarters: float, version: Version) -> int:
        return self._slots.cover(version.number, block_of(version.sample(quarters)))

    def _goes_on(self, request: Request, version: Version) -> bool:
        """Whether what is being made is made on, whatever has moved meanwhile: moves that come thick are heard one
        after the other, not never, and each version lasts until the next one can be there. In a ramp of the tempo,
        it lasts longer."""
        run = self._run
        if run is None or run.version is not version or not run.quick:
            return False
        only_tempo = request.bpm != version.bpm and self._heard == (request.values, request.text, request.events)
        ahead = run.position - version.sample(request.quarters)
        enough = (_RAMP_SECONDS if only_tempo else _SECURE_SECONDS) * request.rate
        near = -_BEHIND_SECONDS * request.rate <= ahead < enough
        return run.awaited or (request.playing and near and run.age < _PATIENCE_SECONDS)

    def _current(self, request: Request, wanted: Version) -> Version:
        """The version that is heard where the host is: the wanted one may wait for its place."""
        if not request.waits:
            return wanted
        landed = (heard.version for heard in self._versions.recent if heard.serial <= request.landed)
        return next(landed, wanted)

    def _focus(self, request: Request, current: Version, position: int) -> None:
        loop = range(0)
        if request.loop is not None:
            first, last = (block_of(current.sample(beat)) for beat in request.loop)
            loop = range(first, last + 1)
        self._slots.focus(block_of(position), [heard.version.number for heard in self._versions.recent], loop)

    # --- what is next ------------------------------------------------------------------------------------------------

    def _choose(self, request: Request, path: list[Place], position: int) -> Run | None:
        run, rate = self._run, request.rate
        if run is not None and run.version not in {place.version for place in path}:
            run = None
        if run is not None and path and run.version is path[0].version and 0 < run.start - position < rate // 2:
            # A run that was begun for what follows.
            path = [place for place in path if place.distance >= run.start - position] or path
        qualities = [self._quality(place) for place in path]
        least = EXACT if request.offline else 1
        missing = next((i for i, quality in enumerate(qualities) if quality < least), None)
        on_path = self._index_of(run, path) if run is not None else None
        if missing is None:
            if run is not None and on_path is not None and qualities[on_path] < EXACT and run.exact:
                return run
            return self._improve(request, path, qualities)
        place = path[missing]
        behind = run is not None and run.quick and run.version is place.version and not request.offline
        if (
            run is not None
            and behind
            and 0 <= run.version.sample(request.quarters) - run.position < _BEHIND_SECONDS * rate
        ):
            return run  # it is late, and faster than the host
        urgent = request.playing and not request.offline and place.distance < _URGENT_SECONDS * rate
        if run is not None and on_path is not None and on_path <= missing:
            late = place.distance < _LATE_SECONDS * rate and not (run.quick and on_path == missing)
            if not (urgent and late):
                return run
        return self._begin(request, place, urgent)

    def _quality(self, place: Place) -> int:
        return self._slots.quality(place.version.number, block_of(place.sample), place.sample % BLOCK_FRAMES)

    def _index_of(self, run: Run, path: list[Place]) -> int | None:
        on = (i for i, p in enumerate(path) if p.version is run.version and block_of(p.sample) == run.next_block)
        return next(on, None)

    def _improve(self, request: Request, path: list[Place], qualities: list[int]) -> Run | None:
        """What was made in haste, made again while nobody is in need of anything."""
        if request.playing and time.monotonic() - self._moved < _SETTLED_SECONDS:
            return None
        least = _UPGRADE_SECONDS * request.rate if request.playing else 0
        for place, quality in zip(path, qualities, strict=True):
            if place.distance >= least and quality < EXACT:
                return self._replace(self._exact_run(place))
        return None

    def _begin(self, request: Request, place: Place, urgent: bool) -> Run:
        version = place.version
        if request.playing and (urgent or (request.offline and place.sample == place.entry)):
            margin = version.sample(request.quarters) + round(_MARGIN_SECONDS * request.rate)
            at = place.sample if request.offline else max(place.sample, margin)
            past = self._history(request, version, at)
            if past or urgent:
                return self._replace(Run(version, at, True, self._pools, past, request.offline))
        return self._replace(self._exact_run(place))

    def _exact_run(self, place: Place) -> Run:
        return Run(place.version, block_of(place.sample) * BLOCK_FRAMES, False, self._pools)

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

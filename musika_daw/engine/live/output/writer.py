"""The writer: takes the stream from the timeline, plays it through effects and levels, and hands it to the bus.

It is the only thread that paces anything: the bus takes a block when it has room. If the block that is due has not
been made, it waits as long as the bus's own buffer allows; then it plays silence and counts an underrun. The song
position goes on meanwhile, so that the beat is where it belongs when the sound is back.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from musika_daw.controls.move import Notice, failure
from musika_daw.controls.target import Target
from musika_daw.engine.bus.bus import Bus, BusLostError
from musika_daw.engine.bus.priority import prefer_this_thread
from musika_daw.engine.live.output.journal import LevelMove
from musika_daw.engine.live.output.player import Player
from musika_daw.engine.live.output.recorder import Recorder
from musika_daw.engine.live.plan.render import AudioArray, Stems, silence
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.shared import Level, Shared
from musika_daw.engine.live.plan.timeline import FADE
from musika_daw.engine.live.state.notices import NoticeBoard

BLOCK = 512  # samples the stream is taken in
_PATIENCE = 0.4  # share of the latency to wait for a missing block: part of it is the device's
_METER_SECONDS = 0.04
_RETRY_SECONDS = 1.0
_FADE_OUT_SECONDS = 0.05
_NEAR_BEATS = 1e-4  # a beat begins at the sample that it rounds to, which may lie this much before
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Taken:
    """One block of the stream.

    Attributes:
        dry: stems; None if they were not made in time.
        heard: segments that begin to be heard in it.
        parts: the segment at its start, and those that are whole from a later sample of it on.
    """

    first: int
    dry: Stems | None
    heard: tuple[Segment, ...]
    parts: tuple[Segment, ...]


class Writer:
    """Plays until it is closed. `open_bus` is called again when a bus was lost; `stand_in` paces until then."""

    def __init__(
        self,
        shared: Shared,
        player: Player,
        recorder: Recorder,
        notices: NoticeBoard,
        bus: Bus,
        open_bus: Callable[[], Bus],
        stand_in: Callable[[], Bus],
    ) -> None:
        self._shared, self._player, self._recorder, self._notices = shared, player, recorder, notices
        self._bus, self._open_bus, self._stand_in = bus, open_bus, stand_in
        self._lost = False
        self._back = threading.Event()  # a bus that was found again waits in `_found`
        self._found: Bus | None = None
        self._bus_underruns = 0  # of buses that are closed
        self._bus_changes = bus.changes
        self._quiet = True  # the last block was silence for want of a better
        self._early: dict[Target, Level] = {}  # moves of parameters whose chain does not play yet
        self._wish: Callable[[], Bus] | None = None  # another bus to play into
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="musika-writer", daemon=True)

    @property
    def latency_seconds(self) -> float:
        """From the writer taking a sample to its being heard."""
        return self._bus.latency_seconds + self._player.latency / self._shared.rate

    @property
    def bus_underruns(self) -> int:
        return self._bus_underruns + self._bus.underruns

    @property
    def bus_description(self) -> str:
        return self._bus.description

    def play_into(self, open_bus: Callable[[], Bus]) -> None:
        """Plays into another bus; until it is open, and where it does not open, into the one before."""
        self._wish = open_bus

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Fades out, plays what the bus has and lets it go."""
        self._closing = True
        self._thread.join()

    def _run(self) -> None:
        prefer_this_thread()  # a bus waits for no computation
        left = None
        while left is None or left > 0:
            try:
                self._step(left)
            except Exception:
                # One block is lost, not the concert.
                _log.exception("the writer failed on a block")
                time.sleep(BLOCK / self._shared.rate)
            if self._closing:
                whole = round(_FADE_OUT_SECONDS * self._shared.rate)
                left = (whole if left is None else left) - BLOCK
        self._bus.close()

    def _step(self, fade_left: int | None) -> None:
        taken = self._take()
        dry = self._mended(taken)
        first, stems, mix = self._player.process(dry, taken.parts[0])
        if fade_left is not None:
            fall = _fall(fade_left, round(_FADE_OUT_SECONDS * self._shared.rate), mix.shape[1])
            stems, mix = {stem: audio * fall for stem, audio in stems.items()}, mix * fall
        self._recorder.audio(first, stems, mix)
        self._tell_time(taken)
        self._write(stems, mix)

    def _take(self) -> _Taken:
        """The next block, waited for as long as the bus can wait."""
        shared = self._shared
        deadline = time.monotonic() + _PATIENCE * self._bus.latency_seconds
        with shared.lock:
            first = shared.cursor
            end = first + BLOCK
            shared.stream_clock.take(first, self._due())
            while (dry := shared.timeline.read(first, end)) is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                shared.made.wait(left)
            # Changes begin to be heard where their fade does.
            heard = tuple(s for s in shared.timeline.segments if first <= s.start - FADE < end)
            moves = self._level_moves(first)
            begun = tuple(s for s in shared.timeline.segments if first <= s.start < end)
            self._recorder.follow(shared.timeline, first, end, (*moves, *begun))
            shared.cursor = end
            here = shared.timeline.at(first)
            return _Taken(first, dry, heard, (here, *(s for s in begun if s is not here)))

    def _level_moves(self, first: int) -> list[LevelMove]:
        """Levels and effects that were moved since the last block, and those whose chain has come."""
        beat, moves = self._shared.timeline.beat_at(first), []
        while self._shared.levels:
            level = self._shared.levels.popleft()
            self._early.pop(level.move.target, None)
            self._early[level.move.target] = level
        for target, level in tuple(self._early.items()):
            if level.chain is not None and level.chain != self._player.chain(target.stem):
                continue  # it is meant for effects that are still on their way
            del self._early[target]
            if self._player.move(level.move):
                moves.append(LevelMove(first, beat, level.move))
                self._notices.post(Notice.of("landed", beat, about=target), self._due())
        return moves

    def _mended(self, taken: _Taken) -> Stems:
        """The block, or silence in its place; back from silence without a click."""
        if taken.dry is None:
            self._quiet = True
            self._shared.meter.underruns += 1
            return silence(self._player.stems, BLOCK)
        if not self._quiet:
            return taken.dry
        self._quiet = False
        rise = np.linspace(0.0, 1.0, BLOCK, dtype=np.float32)
        return {stem: audio * rise for stem, audio in taken.dry.items()}

    # --- telling ---------------------------------------------------------------------------------------------------

    def _due(self, samples: int = 0) -> float:
        """When the sample `samples` after the cursor's is heard."""
        return time.monotonic() + self.latency_seconds + samples / self._shared.rate

    def _tell_time(self, taken: _Taken) -> None:
        now = time.monotonic()
        for segment in taken.heard:
            if segment.posted is not None:
                self._shared.meter.latencies.append(now - segment.posted)
            for move in segment.moves:
                self._notices.post(Notice.of("landed", segment.beat, about=move.target), self._due())
        self._tell_beats(taken)
        for stem, peak, rms in self._player.meters(round(_METER_SECONDS * self._shared.rate)):
            self._notices.post(Notice.of("meter", stem, peak, rms), self._due())

    def _tell_beats(self, taken: _Taken) -> None:
        """Every beat that begins in the block."""
        begin = taken.first
        for segment, end in zip(taken.parts, (*(s.start for s in taken.parts[1:]), taken.first + BLOCK), strict=True):
            if segment.render is not None:
                beat = math.ceil(segment.beat_at(begin) - _NEAR_BEATS)
                at = segment.stream_at(beat)
                if begin <= at < end:
                    self._notices.post(Notice.of("beat", float(beat)), self._due(at - taken.first))
            begin = end

    # --- the bus ---------------------------------------------------------------------------------------------------

    def _write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        if mix.shape[1] == 0:
            return
        if self._back.is_set() and self._found is not None:
            self._exchange(self._found)
            self._found, self._lost = None, False
            self._back.clear()
            self._notices.post(Notice.of("bus", self._bus.description))
        if self._wish is not None:
            wish, self._wish = self._wish, None
            self._exchange(self._stand_in())  # a device opens once, and PortAudio only where none is open
            self._lost = True
            threading.Thread(target=self._change_bus, args=(wish,), name="musika-bus", daemon=True).start()
        try:
            self._bus.write(stems, mix)
            if self._bus.changes != self._bus_changes:
                self._bus_changes = self._bus.changes
                self._shared.stream_clock.restart()  # what is heard is heard sooner or later than it was
                self._notices.post(Notice.of("bus", self._bus.description))
        except BusLostError as error:
            self._notices.post(failure(Target("bus"), str(error)))
            _log.warning("%s", error)
            self._exchange(self._stand_in())
            if not self._lost:
                self._lost = True
                threading.Thread(target=self._look_for_bus, name="musika-bus", daemon=True).start()

    def _exchange(self, bus: Bus) -> None:
        old, self._bus = self._bus, bus
        self._bus_changes = bus.changes
        self._shared.stream_clock.restart()
        self._bus_underruns += old.underruns
        try:
            old.close()
        except Exception as error:  # it is gone: whatever it says to that
            _log.debug("closing a lost bus: %s", error)

    def _change_bus(self, wish: Callable[[], Bus]) -> None:
        try:
            self._found = wish()
            self._open_bus = wish
            self._back.set()
        except Exception as error:
            self._notices.post(failure(Target("bus"), f"{error}; it plays where it played before"))
            self._look_for_bus()

    def _look_for_bus(self) -> None:
        while not self._closing:
            try:
                self._found = self._open_bus()
            except Exception as error:
                _log.debug("no bus yet: %s", error)
                time.sleep(_RETRY_SECONDS)
                continue
            self._back.set()
            return


def _fall(left: int, whole: int, samples: int) -> AudioArray:
    """The fade-out's gain where `left` of its samples are to come."""
    line = (left - np.arange(samples, dtype=np.float32)) / np.float32(whole)
    return np.asarray(np.clip(line, 0.0, 1.0), np.float32)

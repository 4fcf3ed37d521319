"""The recorder: a take of what is played, written by a thread of its own so that a slow disk disturbs nothing."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from musika_daw import __version__
from musika_daw.controls.move import Move
from musika_daw.engine.live.output.journal import PRE_ROLL_SECONDS, Journal, LevelMove, events_of
from musika_daw.engine.live.plan.render import AudioArray, Stems
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import Timeline
from musika_daw.engine.playable import PlayedSong
from musika_daw.engine.take.session_log import SessionEvent, SessionStart
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.errors import UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import MIX, Note
from musika_daw.music.tempo_map import TempoMap

RECORD = "record"
"""The command whose event ends the log of a take."""

Place = Callable[[Timeline, int, int], int | None]
"""Where a take begins or ends within stream samples `[first, end)`; None if it does not."""


def at_sample(stream: int) -> Place:
    """At a sample of the stream."""
    return lambda timeline, first, end: stream if first <= stream < end else None


def at_beat(beat: float | None) -> Place:
    """At a song position; without one at once, or as soon as the transport runs."""
    return lambda timeline, first, end: _place_of_beat(timeline, first, end, beat)


@dataclass(frozen=True)
class TakeWish:
    """A take that is to be recorded; without an end it goes on until it is told to finish, or the transport stops."""

    project: Path
    name: str
    sample_format: str
    begin: Place
    end: Place | None = None
    file_rate: int | None = None
    fade_seconds: float = 0.0


@dataclass(frozen=True)
class Stretch:
    """A segment's share of a take: from `sample` of the take on it plays the song from `beat` on.

    Attributes:
        song: of the segment's render, which lets it go when it has been heard.
    """

    sample: int
    segment: Segment
    beat: float
    song: PlayedSong


class Recorder:
    """`follow` and `audio` are called by the writer, the others by whoever posts moves."""

    def __init__(self, journal: Journal, rate: int, block: int, tell: Callable[[Path | UserError], None]) -> None:
        """`tell`: called with the finished take's folder, or with what went wrong."""
        self._journal, self._rate, self._block, self._tell = journal, rate, block, tell
        self._lock = threading.Lock()
        self._wish: TakeWish | None = None
        self._leave: Place | None = None
        self._start: int | None = None  # stream samples
        self._end: int | None = None
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._take: _OpenTake | None = None
        self._heard = journal.newest
        self._thread = threading.Thread(target=self._run, name="musika-recorder", daemon=True)
        self._thread.start()

    @property
    def on(self) -> bool:
        """Whether a take is being recorded or will be as soon as the transport starts."""
        return self._wish is not None or (self._start is not None and self._leave is None and self._end is None)

    def begin(self, wish: TakeWish) -> None:
        with self._lock:
            self._wish, self._leave = wish, None

    def finish(self, end: Place) -> None:
        """Ends the take."""
        with self._lock:
            self._wish, self._leave = None, end

    def close(self) -> None:
        """Finishes a take that is open; returns when it is on the disk."""
        with self._lock:
            if self._start is not None:
                self._stop()
        self._jobs.put(None)
        self._thread.join()

    # --- the writer's thread ---------------------------------------------------------------------------------------

    def follow(self, timeline: Timeline, first: int, end: int, heard: Iterable[Segment | LevelMove]) -> None:
        """The writer takes stream samples `[first, end)` next; `heard` begins there."""
        for entry in heard:
            self._journal.add(entry)
        with self._lock:
            if self._start is None and self._wish is not None:
                at = self._wish.begin(timeline, first, end)
                if at is not None:
                    self._open(self._wish, timeline, at)
                    self._turn([e for e in heard if isinstance(e, Segment) and e.start > at])
            elif self._start is not None and self._end is None:
                before = self._heard
                for entry in heard:
                    self._log(events_of(entry, before, self._start))
                    before = entry if isinstance(entry, Segment) else before
                self._turn([e for e in heard if isinstance(e, Segment)])
                self._end = self._exit(timeline, first, end)

    def audio(self, first: int, stems: Stems, mix: AudioArray) -> None:
        """What was heard from stream sample `first` on."""
        with self._lock:
            if self._start is None:
                return
            n = mix.shape[1]
            begin = max(self._start - first, 0)
            stop = n if self._end is None else min(n, self._end - first)
            if begin < stop:
                # Copies: blocks may be views of what the worker lets go.
                part = {stem: audio[:, begin:stop].copy() for stem, audio in stems.items()}
                whole = mix[:, begin:stop].copy()
                self._do(lambda take: take.write(part, whole))
            if self._end is not None and first + n >= self._end:
                self._stop()

    def _open(self, wish: TakeWish, timeline: Timeline, at: int) -> None:
        pre_roll = max(0, (at - round(PRE_ROLL_SECONDS * self._rate)) // self._block * self._block)
        live, events = self._journal.start(pre_roll, at)
        segment = timeline.meant_at(at)
        assert segment.render is not None
        song = segment.render.song
        beat = segment.beat_at(at)
        if segment.render.sample_at(round(beat)) == segment.song_sample(at):
            beat = float(round(beat))  # a take that starts on a beat says so
        session = SessionStart(
            segment.controls.text("model"),
            song.score,
            beat,
            None,
            self._rate,
            wish.sample_format,
            wish.name,
            {"musika-daw": __version__},
            live=live,
            file_rate=wish.file_rate,
            fade_seconds=wish.fade_seconds,
        )
        plan = TakePlan(wish.project, session, song.key, {"live": True})
        self._start, self._end, self._wish, self._leave = at, None, None, wish.end
        self._heard = segment
        self._jobs.put(lambda: self._begin(plan, Stretch(0, segment, beat, song), events))

    def _log(self, events: Iterable[SessionEvent]) -> None:
        told = list(events)
        self._do(lambda take: take.log(told))

    def _turn(self, segments: Iterable[Segment]) -> None:
        """Segments begin in the take that is open."""
        assert self._start is not None
        for segment in segments:
            self._heard = segment
            if segment.render is not None:
                stretch = Stretch(segment.start - self._start, segment, segment.beat, segment.render.song)
                self._do(lambda take, stretch=stretch: take.stretch(stretch))  # type: ignore[misc]

    def _exit(self, timeline: Timeline, first: int, end: int) -> int | None:
        """Where the take ends within `[first, end)`: where it was asked to, or where the transport stops."""
        for segment in timeline.segments:
            if segment.render is None and first <= segment.start < end:
                return segment.start
        return None if self._leave is None else self._leave(timeline, first, end)

    def _stop(self) -> None:
        self._start = self._end = self._leave = None
        self._jobs.put(self._finish)

    def _do(self, job: Callable[[_OpenTake], None]) -> None:
        def run() -> None:
            if self._take is not None:
                job(self._take)

        self._jobs.put(run)

    # --- the recorder's own thread ---------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except UserError as error:
                with self._lock:
                    self._start = self._end = self._leave = None
                if self._take is not None:
                    # What is on the disk is whole up to here; a full disk may refuse even the rest of it.
                    with contextlib.suppress(UserError):
                        self._finish()
                self._take = None
                self._tell(error)

    def _begin(self, plan: TakePlan, stretch: Stretch, events: list[SessionEvent]) -> None:
        self._take = _OpenTake(plan, stretch)
        self._take.log(events)

    def _finish(self) -> None:
        take, self._take = self._take, None
        if take is not None:
            self._tell(take.finish())


class _OpenTake:
    """A take being written: audio, log, and the notes that were heard."""

    def __init__(self, plan: TakePlan, first: Stretch) -> None:
        self._open = contextlib.ExitStack()
        self._writer = self._open.enter_context(TakeWriter(plan))
        self._notes: dict[str, list[Note]] = {stem: [] for stem in plan.session.score.stems if stem != MIX}
        self._stretch = first
        self._beat = plan.session.first_beat  # of the take at the start of the stretch: it goes on over jumps
        bpm = plan.session.score.tempo_map.points[0][1]
        self._tempo = [(0.0, bpm)]

    def write(self, stems: Stems, mix: AudioArray) -> None:
        self._writer.write(stems, mix)

    def log(self, events: Iterable[SessionEvent]) -> None:
        for event in events:
            self._writer.log(event)

    def stretch(self, after: Stretch) -> None:
        """Another segment begins."""
        self._close_stretch(after.sample)
        self._stretch = after
        bpm = after.song.score.tempo_map.points[0][1]
        if bpm != self._tempo[-1][1]:
            if self._tempo[-1][0] == self._beat:
                self._tempo.pop()
            self._tempo.append((self._beat, bpm))

    def _close_stretch(self, end_sample: int) -> None:
        stretch, render = self._stretch, self._stretch.segment.render
        assert render is not None
        end = render.beat_at(render.sample_at(stretch.beat) + end_sample - stretch.sample)
        shift = self._beat - stretch.beat
        for stem, notes in self._notes.items():
            # Notes of the first stretch may be pulled ahead of it by micro-timing.
            early = 1.0 if stretch.beat == 0.0 else 0.0
            heard = stretch.song.notes(stem, stretch.beat - early, end)
            notes += [replace(note, start_beat=note.start_beat + shift) for note in heard]
        self._beat += end - stretch.beat

    def finish(self) -> Path:
        writer = self._writer
        with self._open:
            self._close_stretch(writer.length_samples)
            writer.log(SessionEvent(self._beat, Move.of(RECORD, False), writer.length_samples))
            writer.follow(TempoMap(tuple(self._tempo)))
            for stem, notes in self._notes.items():
                writer.write_notes(stem, notes)
            return writer.finish(self._stretch.song.facts())


def _place_of_beat(timeline: Timeline, first: int, end: int, beat: float | None) -> int | None:
    for segment in reversed(timeline.segments):
        if segment.start >= end or segment.render is None:
            continue
        at = max(first, segment.start)
        if beat is not None:
            at = max(at, segment.stream_at(beat))
        return at if at < end and timeline.at(at) is segment else None
    return None


def bar_after(beat: float, grid: float) -> float:
    """The next place on a grid of beats, bar lines if there is none; `beat` itself if it lies on one."""
    grid = grid or BEATS_PER_BAR
    return -(-(beat - 1e-6) // grid) * grid

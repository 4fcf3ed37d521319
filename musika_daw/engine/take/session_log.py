"""The session log: what a take started from and every control event after it, enough to render it again.

`session.jsonl` holds one JSON object per line: the start, then events in the order in which they were heard.
"""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.console import Sound
from musika_daw.engine.score import Score
from musika_daw.engine.take.typed_json import from_json, to_json
from musika_daw.errors import UserError
from musika_daw.storage.disk_errors import disk_errors
from musika_daw.storage.growing_file import GrowingFile

SESSION_FORMAT = 3
SESSION_NAME = "session.jsonl"
_SYNC_SECONDS = 1.0


@dataclass(frozen=True)
class LiveStart:
    """How a live take began: the log starts earlier than the take, so that effects ring as they did.

    Attributes:
        controls: as they stood where the log starts.
        stream_sample: of the live process where the take starts; effects with a clock of their own follow it.
        sample: where the log starts, counted from the start of the take: 0 or negative.
        beat: song position there.
        playing: whether the transport ran there.
        levels: moves of levels and effects that had been made.
    """

    controls: ControlState
    stream_sample: int
    sample: int
    beat: float
    playing: bool
    levels: tuple[Move, ...] = ()


@dataclass(frozen=True)
class SessionStart:
    """Everything needed to render the take again.

    Attributes:
        model: name of the model file.
        score: the song as it was when the take began.
        first_beat: song position of the take's start.
        length_samples: of the take; None while it is being recorded.
        sample_rate: of the engine, in Hz; every sample of the log is one of these.
        sample_format: of the files: `pcm16`, `pcm24`, `float32`, `flac16` or `flac24`.
        file_rate: of the files, in Hz; None: that of the engine.
        fade_seconds: over which the files end.
        tail_seconds: share of the length in which nothing is played any more and the effects ring; of a render.
        take_name: without its number.
        versions: program or library -> version that made it.
        format: of this log.
        live: how it began, if it was played live.
        sound: effects and levels of a render that a preset set; None: the style's.
    """

    model: str
    score: Score
    first_beat: float = 0.0
    length_samples: int | None = None
    sample_rate: int = 44100
    sample_format: str = "pcm24"
    take_name: str = "take"
    versions: Mapping[str, str] = field(default_factory=dict)
    format: int = SESSION_FORMAT
    live: LiveStart | None = None
    sound: Sound | None = None
    file_rate: int | None = None
    fade_seconds: float = 0.0
    tail_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """A control event. Events of one sample belong together.

    Attributes:
        beat: song position at which it sounded; where it jumps to, if it does.
        move: what was moved, and where to.
        sample: at which it sounded, counted from the start of the take; negative in the pre-roll.
        controls: how they stand from here on, where the event itself does not say it.
    """

    beat: float
    move: Move
    sample: int = 0
    controls: ControlState | None = None


@dataclass(frozen=True)
class Session:
    """A session log as read back."""

    start: SessionStart
    events: tuple[SessionEvent, ...]


class SessionWriter:
    """Writes `session.jsonl` event by event: safe from a killed process at once, from a power cut within a second."""

    def __init__(self, path: Path, start: SessionStart, clock: Callable[[], float] = time.monotonic) -> None:
        """Creates the log; it must not exist.

        Raises:
            UserError: it cannot be created.
        """
        self._clock = clock
        self._synced = -math.inf
        self._file = GrowingFile(path)
        self._line(to_json(start))

    def append(self, event: SessionEvent) -> None:
        """Adds an event.

        Raises:
            UserError: the disk does not take it.
        """
        if not math.isfinite(event.beat):
            raise ValueError(f"event {event.move.target} is at no song position: {event.beat}")
        self._line(to_json(event))

    def close(self) -> None:
        """Closes the log, which is then whole."""
        self._file.close()

    def abandon(self) -> None:
        """Closes the log as it is, for one that is to be deleted."""
        with contextlib.suppress(UserError):
            self._file.close()

    def _line(self, content: object) -> None:
        self._file.append((json.dumps(content, allow_nan=False, ensure_ascii=False) + "\n").encode())
        # Not after every line: a fader makes more of them than some disks can sync.
        if (now := self._clock()) - self._synced >= _SYNC_SECONDS:
            self._file.sync()
            self._synced = now


def read_session(path: Path) -> Session:
    """Reads a session log; that of a take where its folder is named.

    Raises:
        UserError: one line that names the file, the line in it and what is wrong there.
    """
    if (path / SESSION_NAME).is_file():
        path /= SESSION_NAME
    with disk_errors("read", path):
        content = path.read_bytes()
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not a session log: it is no UTF-8 text") from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise UserError(f"{path} is not a session log: it is empty")
    objects = [(f"{path} line {number}", _parsed(line, f"{path} line {number}")) for number, line in numbered]
    where, first = objects[0]
    version = first.get("format")
    if "score" not in first or not isinstance(version, int):
        raise UserError(f"{where}: expected the start of a session log (model, score, ...); is this another file?")
    if version > SESSION_FORMAT:
        raise UserError(f"{where}: format {version} is newer than this program reads ({SESSION_FORMAT}): update it")
    start, events = _read(version, objects)
    for (place, _), before, event in zip(objects[2:], events, events[1:], strict=False):
        if event.sample < before.sample:
            raise UserError(f"{place}: sample {event.sample} comes before the line above ({before.sample})")
    return Session(start, events)


def _read(version: int, objects: list[tuple[str, dict[str, object]]]) -> tuple[SessionStart, tuple[SessionEvent, ...]]:
    """Start and events of a log of any format there ever was."""
    (where, first), *later = objects
    if version == 1:
        from musika_daw.engine.take.session_log_1 import read_event, read_start

        start, events = read_start(first, where), tuple(read_event(data, place) for place, data in later)
    else:
        start = from_json(SessionStart, first, where)
        events = tuple(from_json(SessionEvent, data, place) for place, data in later)
    if version < SESSION_FORMAT:
        from musika_daw.engine.take.session_log_2 import renewed

        return renewed(start, events)
    return start, events


def _parsed(line: str, where: str) -> dict[str, object]:
    try:
        data = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where} is damaged: expected one JSON object per line") from error
    if not isinstance(data, dict):
        raise UserError(f"{where} is damaged: expected one JSON object per line")
    return data


def _refuse_constant(name: str) -> float:
    raise ValueError(name)

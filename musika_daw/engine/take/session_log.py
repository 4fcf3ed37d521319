"""The session log: what a take started from and every control event after it, enough to render it again.

`session.jsonl` holds one JSON object per line: the start, then events in the order in which they were heard.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from musika_daw.engine.console import Sound
from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.moves import Value
from musika_daw.engine.score import Score
from musika_daw.engine.take.disk import disk_errors
from musika_daw.engine.take.typed_json import from_json, to_json
from musika_daw.errors import UserError

SESSION_FORMAT = 1


@dataclass(frozen=True)
class LiveStart:
    """How a live take began: the log starts earlier than the take, so that effects ring as they did.

    Attributes:
        controls: as they stood where the log starts.
        stream_sample: of the live process where the take starts; effects with a clock of their own follow it.
        sample: where the log starts, counted from the start of the take: 0 or negative.
        beat: song position there.
        playing: whether the transport ran there.
        levels: addresses of levels and effects that had been moved, with their values.
    """

    controls: Controls
    stream_sample: int
    sample: int
    beat: float
    playing: bool
    levels: tuple[tuple[str, tuple[Value, ...]], ...] = ()


@dataclass(frozen=True)
class SessionStart:
    """Everything needed to render the take again.

    Attributes:
        model: name of the model file.
        score: the song as it was when the take began.
        first_beat: song position of the take's start.
        length_samples: of the take; None while it is being recorded.
        sample_rate: in Hz.
        sample_format: `pcm24` or `float32`.
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


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """A control event, in the words of the OSC table. Events of one sample belong together.

    Attributes:
        beat: song position at which it sounded; where it jumps to, if it does.
        address: e.g. `/musika/density`.
        args: e.g. `(0.8,)`.
        sample: at which it sounded, counted from the start of the take; negative in the pre-roll.
        controls: how they stand from here on, where the event itself does not say it.
    """

    beat: float
    address: str
    args: tuple[Value, ...] = ()
    sample: int = 0
    controls: Controls | None = None


@dataclass(frozen=True)
class Session:
    """A session log as read back."""

    start: SessionStart
    events: tuple[SessionEvent, ...]


class SessionWriter:
    """Writes `session.jsonl` event by event; each is on its way to the disk when `append` returns."""

    def __init__(self, path: Path, start: SessionStart) -> None:
        self._path = path
        with disk_errors("create", path):
            self._file: IO[str] = open(path, "x", encoding="utf-8", newline="\n")  # noqa: SIM115  closed by close()
        self._line(to_json(start))

    def append(self, event: SessionEvent) -> None:
        if not math.isfinite(event.beat):
            raise ValueError(f"event {event.address} is at no song position: {event.beat}")
        self._line(to_json(event))

    def close(self) -> None:
        with disk_errors("write", self._path):
            self._file.close()

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _line(self, content: object) -> None:
        with disk_errors("write", self._path):
            self._file.write(json.dumps(content, allow_nan=False, ensure_ascii=False) + "\n")
            self._file.flush()


def read_session(path: Path) -> Session:
    """Reads a session log.

    Raises:
        UserError: one line that names the file, the line in it and what is wrong there.
    """
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
    start = from_json(SessionStart, first, where)
    events = tuple(from_json(SessionEvent, data, place) for place, data in objects[1:])
    for (place, _), before, event in zip(objects[2:], events, events[1:], strict=False):
        if event.sample < before.sample:
            raise UserError(f"{place}: sample {event.sample} comes before the line above ({before.sample})")
    return Session(start, events)


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

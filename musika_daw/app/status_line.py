"""The line at the bottom of the terminal while it plays, and what is said above it.

Threads: any may call any method.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from musika_daw.controls.control import Value
    from musika_daw.controls.move import Notice

_REDRAW_SECONDS = 0.2
_PRINT_SECONDS = 5.0  # between two lines where they stay, as in a log
_ERASE = "\r\x1b[K"
_SILENT_DB = -90.0
_BEATS_PER_BAR = 4


@dataclass(frozen=True)
class Stage:
    """What the line shows.

    Attributes:
        status: arguments of `/musika/status.reply`.
        beat: song position that is heard.
        level: peak of the mix since the last line, dBFS.
    """

    status: Sequence[Value]
    beat: float
    bpm: float
    playing: bool
    level: float
    preset: str = ""


def status_text(stage: Stage) -> str:
    """`bar 13.2  128 bpm  internal  -7 dB  load 31 %  night_bus`."""
    _, load, underruns, _, clock, model, *more = stage.status
    whole = int(stage.beat + 1e-6)
    bar = f"bar {whole // _BEATS_PER_BAR + 1}.{whole % _BEATS_PER_BAR + 1}"
    waits = clock == "internal"
    parts = [bar if stage.playing else f"stopped at {bar}{': musika-daw send /musika/play' if waits else ''}"]
    parts += [f"{stage.bpm:.4g} bpm", str(clock)]
    if stage.playing:
        parts.append(f"{stage.level:.0f} dB" if stage.level > _SILENT_DB else "silent")
    parts.append(f"load {100 * float(load):.0f} %")
    if underruns:
        parts.append(f"{underruns} underruns")
    if len(more) > 4 and more[4]:
        parts.append(f"recording into {more[4]}")
    parts.append(stage.preset or str(model))
    return "  ".join(parts)


class StatusLine:
    """Keeps one line at the bottom of a terminal; in a file or a pipe a line now and then, if asked to."""

    def __init__(self, out: TextIO, wanted: bool = False) -> None:
        """`wanted`: also where nobody looks at a terminal."""
        self._out, self._terminal = out, out.isatty()
        self._shown = self._terminal or wanted
        self._line = ""
        self._drawn = 0.0
        self._peak = -120.0
        self._lock = threading.Lock()

    def hear(self, notice: Notice, _packet: bytes = b"") -> None:
        """Takes the level of the mix out of what is told."""
        if notice.control == "meter" and notice.values[0] == "mix":
            with self._lock:
                self._peak = max(self._peak, float(notice.values[1]))

    def take_level(self) -> float:
        """Peak of the mix since this was asked, dBFS."""
        with self._lock:
            peak, self._peak = self._peak, -120.0
            return peak

    @property
    def due(self) -> bool:
        """Whether it is time for another line."""
        return self._shown and time.monotonic() - self._drawn >= (_REDRAW_SECONDS if self._terminal else _PRINT_SECONDS)

    def show(self, line: str) -> None:
        """Puts another line in the place of the last one."""
        with self._lock:
            self._drawn = time.monotonic()
            self._line = line
            if self._terminal:
                self._out.write(_ERASE + line[: shutil.get_terminal_size().columns - 1])
            else:
                self._out.write(line + "\n")
            self._out.flush()

    def say(self, text: str) -> None:
        """Says something that stays, above the line."""
        with self._lock:
            if self._terminal and self._line:
                shown = self._line[: shutil.get_terminal_size().columns - 1]
                self._out.write(f"{_ERASE}{text}\n{shown}")
            else:
                self._out.write(text + "\n")
            self._out.flush()

    def close(self) -> None:
        """Leaves the line free."""
        with self._lock:
            if self._terminal and self._line:
                self._out.write(_ERASE)
                self._out.flush()
            self._line = ""

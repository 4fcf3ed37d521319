"""How far a long command is: a bar with the time left on a terminal, a line every tenth anywhere else. On stderr."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

_REDRAW_SECONDS = 0.1
_LINE_EVERY_PERCENT = 10
_WIDEST_BAR = 40


def time_text(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class Progress:
    """Call it with the share that is done, 0 to 1; leave it as a context so that the terminal's line ends."""

    def __init__(self, name: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._started = clock()
        self._drawn = -_REDRAW_SECONDS
        self._percent = 0  # at the last line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._terminal and self._drawn >= 0:
            self._write("\n")

    def __call__(self, share: float) -> None:
        percent = int(100 * min(max(share, 0.0), 1.0))
        elapsed = self._clock() - self._started
        if self._terminal:
            if percent == 100 or elapsed - self._drawn >= _REDRAW_SECONDS:
                self._drawn = elapsed
                self._write("\r" + self._bar(share, percent, elapsed) + "\x1b[K")
        elif percent // _LINE_EVERY_PERCENT > self._percent // _LINE_EVERY_PERCENT:
            self._percent = percent
            self._write(f"{self._name} {percent} %{self._left(share, elapsed)}\n")

    def _bar(self, share: float, percent: int, elapsed: float) -> str:
        text = f" {percent:3d} %{self._left(share, elapsed)}"
        width = min(_WIDEST_BAR, shutil.get_terminal_size().columns - len(self._name) - len(text) - 4)
        if width < 5:
            return f"{self._name}{text}"
        filled = int(width * min(max(share, 0.0), 1.0))
        return f"{self._name} [{'#' * filled}{'.' * (width - filled)}]{text}"

    def _left(self, share: float, elapsed: float) -> str:
        if share >= 1.0:
            return f", took {time_text(elapsed)}"
        return f", {time_text(elapsed / share - elapsed)} left" if share > 0 and elapsed >= 1 else ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

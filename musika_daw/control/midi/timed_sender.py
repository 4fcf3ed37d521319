"""A thread that sends each message at its moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from musika_daw.control.midi.messages import Message
from musika_daw.engine.bus.priority import prefer_this_thread

_PLAN_SECONDS = 0.005  # looked ahead at once: what changes is sent no later than that
_LOOK_SECONDS = 0.5  # between two looks whether the port is there
_log = logging.getLogger(__name__)

Due = tuple[float, Message]
"""Seconds of the monotonic clock at which what it belongs to is heard, and the message."""


class Source(Protocol):
    """What there is to send."""

    def between(self, seconds: float, end_seconds: float) -> Sequence[Due]:
        """What is due between two moments, in order; asked for one stretch after the other."""
        ...

    def end(self) -> Sequence[Message]:
        """What has to be sent before nothing is sent any more."""
        ...


class Port(Protocol):
    """A cable (`midi.output.OutputPort`)."""

    @property
    def lag_seconds(self) -> float: ...
    def send(self, message: bytes) -> None: ...
    def look(self) -> None: ...
    def close(self) -> None: ...


class TimedSender:
    """Sends until it is closed; then it closes the port, too. Deadlines are absolute: nothing adds up."""

    def __init__(self, source: Source, port: Port) -> None:
        self._source, self._port = source, port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-out", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._port.close()

    def _run(self) -> None:
        prefer_this_thread()  # a tick waits for no computation
        start = look = time.monotonic()
        while not self._ended.is_set():
            # After a long interruption the past is left out: nobody wants a burst of late ticks.
            start = max(start, time.monotonic() - _PLAN_SECONDS)
            end = start + _PLAN_SECONDS
            try:
                if start > look:
                    self._port.look()
                    look = start + _LOOK_SECONDS
                self._send(start, end)
            except Exception:
                _log.exception("MIDI could not be sent")  # the next message may be, or the port come back
            _sleep_until(end)
            start = end
        for message in self._source.end():
            self._port.send(message.encoded())

    def _send(self, start: float, end: float) -> None:
        lag = self._port.lag_seconds
        for due, message in self._source.between(start + lag, end + lag):
            _sleep_until(due - lag)
            self._port.send(message.encoded())


def _sleep_until(seconds: float) -> None:
    left = seconds - time.monotonic()
    if left > 0:
        time.sleep(left)

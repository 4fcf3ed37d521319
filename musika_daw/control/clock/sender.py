"""MIDI clock out: a thread that sends each message at its moment.

Deadlines are absolute and come from the song position, so nothing adds up: the tempo sent is the clock's own.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from musika_daw.control.clock.clock_messages import ClockMessages
from musika_daw.control.clock.protocol import Clock
from musika_daw.engine.bus.priority import prefer_this_thread

_PLAN_SECONDS = 0.005  # looked ahead at once: a tempo change is sent no later than that
_log = logging.getLogger(__name__)


class ClockSender:
    """Sends a clock until it is closed."""

    def __init__(self, clock: Clock, send: Callable[[bytes], None], offset_seconds: float = 0.0) -> None:
        """
        Args:
            send: writes a message to the cable; called in the sender's thread.
            offset_seconds: messages are sent so much later than the clock is there, e.g. the latency of the sound.
        """
        self._clock, self._send = clock, send
        self.offset_seconds = offset_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="midi-clock-out", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends without a stop message: whoever follows plays on."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        prefer_this_thread()  # a tick waits for no computation
        messages = ClockMessages()
        start = time.monotonic()
        while not self._ended.is_set():
            # After a long interruption the past is left out: nobody wants a burst of late ticks.
            start = max(start, time.monotonic() - _PLAN_SECONDS)
            end = start + _PLAN_SECONDS
            state = self._clock.state_at(end - self.offset_seconds)
            for due, message in messages.between(state, start, end):
                self._sleep_until(due)
                try:
                    self._send(message.encoded())
                except Exception:
                    _log.exception("MIDI clock could not be sent")  # the port may come back
            self._sleep_until(end)
            start = end

    @staticmethod
    def _sleep_until(seconds: float) -> None:
        left = seconds - time.monotonic()
        if left > 0:
            time.sleep(left)

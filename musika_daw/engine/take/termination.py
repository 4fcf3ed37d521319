"""SIGTERM as an exception, so that a take cut short cleans up after itself as it does on Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_SIGNALS = tuple(s for s in (getattr(signal, n, None) for n in ("SIGTERM", "SIGHUP")) if s is not None)


class TerminationAsExit:
    """While armed, SIGTERM and SIGHUP raise `SystemExit` in the main thread; handlers of others stay in place."""

    def __init__(self) -> None:
        self._armed = False
        self._ours: list[signal.Signals] = []

    def arm(self) -> None:
        """Does nothing outside the main thread: there the program above has to see to it."""
        if threading.current_thread() is not threading.main_thread():
            return
        self._armed = True
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._handle)
                self._ours.append(number)

    def hold(self) -> None:
        """From here on the signals are swallowed: cleaning up must not be cut short."""
        self._armed = False

    def disarm(self) -> None:
        for number in self._ours:
            signal.signal(number, signal.SIG_DFL)
        self._ours.clear()

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._armed:
            raise SystemExit(128 + number)

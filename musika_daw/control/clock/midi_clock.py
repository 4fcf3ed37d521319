"""A MIDI clock that leads: what arrives on a cable, and whoever asks where it is.

Threads: the port's thread feeds it, any thread asks.
"""

from __future__ import annotations

import threading

from musika_daw.control.clock.follower import ClockFollower
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.midi.messages import CONTINUE, SONG_POSITION, START, STOP, TICK, Message

_SILENT_SECONDS = 2.0  # a cable without ticks for so long may be replaced by another one


class MidiClock:
    """Follows the first cable that ticks; another one takes over when that has fallen silent."""

    def __init__(self, bpm: float = 120.0) -> None:
        """`bpm`: guess until ticks come."""
        self._follower = ClockFollower(bpm)
        self._port: str | None = None
        self._heard_seconds = 0.0
        self._lock = threading.Lock()

    @property
    def port(self) -> str | None:
        """Name of the cable that leads."""
        return self._port

    def feed(self, port: str, message: Message, seconds: float) -> bool:
        """A message came at a moment of the monotonic clock; whether it was the clock's."""
        if message.kind not in (TICK, START, CONTINUE, STOP, SONG_POSITION):
            return False
        with self._lock:
            if port != self._port:
                if self._port is not None and seconds - self._heard_seconds < _SILENT_SECONDS:
                    return True
                self._port = port
            self._heard_seconds = seconds
            if message.kind == TICK:
                self._follower.tick(seconds)
            elif message.kind == START:
                self._follower.start()
            elif message.kind == CONTINUE:
                self._follower.resume()
            elif message.kind == STOP:
                self._follower.stop()
            else:
                self._follower.locate(message.data[0] + (message.data[1] << 7))
        return True

    def state_at(self, seconds: float) -> ClockState:
        with self._lock:
            return self._follower.state_at(seconds)

"""What we sent and what comes back of it: a bus that is used both ways returns everything.

Notes that came back would become a line of their stem, and our own clock would lead us. Each message that was sent into
a bus is dropped once when it comes out of the same bus; what others send there is heard.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

_ECHO_SECONDS = 0.5  # later than that, nothing is an echo
_MOST = 4096


class Echoes:
    """Senders tell what they send, inputs ask. Any thread may call any method."""

    def __init__(self, same_bus: Callable[[str, str], bool]) -> None:
        """`same_bus`: whether an output and an input, by their names, are two ends of one bus."""
        self._same_bus = same_bus
        self._sent: dict[str, deque[tuple[float, bytes]]] = {}  # by output
        self._loops: dict[tuple[str, str], bool] = {}
        self._found: str | None = None
        self._lock = threading.Lock()

    def sent(self, output: str, message: bytes, seconds: float) -> None:
        """A message goes into an output at a moment of the monotonic clock."""
        with self._lock:
            self._sent.setdefault(output, deque(maxlen=_MOST)).append((seconds, message))

    def is_echo(self, port: str, message: bytes, seconds: float) -> bool:
        """Whether a message that came out of an input is one of ours; it is taken off the list then."""
        with self._lock:
            for output, waiting in self._sent.items():
                if not self._loop(output, port):
                    continue
                while waiting and waiting[0][0] < seconds - _ECHO_SECONDS:
                    waiting.popleft()
                for place, (_, sent) in enumerate(waiting):
                    if _alike(sent, message):
                        del waiting[place]
                        self._found = self._found or port
                        return True
        return False

    def take_found(self) -> str | None:
        """The input that returned something of ours for the first time since this was asked."""
        with self._lock:
            found, self._found = self._found, None
            return found

    def _loop(self, output: str, port: str) -> bool:
        if (output, port) not in self._loops:
            self._loops[output, port] = self._same_bus(output, port)
        return self._loops[output, port]


def _alike(sent: bytes, message: bytes) -> bool:
    """The same message; a note's end may come back in its other form."""
    return sent == message or _note_end(sent) == _note_end(message) != b""


def _note_end(message: bytes) -> bytes:
    if len(message) == 3 and (message[0] & 0xF0 == 0x80 or (message[0] & 0xF0 == 0x90 and message[2] == 0)):
        return bytes((message[0] & 0x0F, message[1]))
    return b""

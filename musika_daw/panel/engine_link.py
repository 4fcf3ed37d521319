"""The connection to an engine: what is sent to it, what it tells, and whether it is there."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot

from osc_protocol.client import Client
from osc_protocol.types import ProtocolError, Value

Listener = Callable[[tuple[Value, ...]], None]

_POLL_MS = 250
_ERROR = "/musika/error"
_MOST_TIMES = 6  # a question is asked, a quarter of a second apart
_GONE_SECONDS = 1.5  # without an answer to /musika/status


class EngineLink(QObject):
    """Lives in the window's thread; the receiver thread of the client lays messages down and emits `_arrived`.

    Attributes:
        received: (address, values) of every message that nobody listens to by its address, in the window's thread.
        sent: address of every message that went out with a value.
        refused: (address, message) of what the table does not allow: nothing was sent.
    """

    received = Signal(str, object)
    sent = Signal(str)
    refused = Signal(str, str)
    connected_changed = Signal()
    _arrived = Signal()

    def __init__(self, host: str, port: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = Client(host, port)
        self._where = f"{host}:{port}"
        self._asked: dict[str, int] = {}  # what no answer came to yet, and how often it was asked for again
        self._listeners: dict[str, list[Listener]] = {}
        self._heard = 0.0
        self._connected = self._known = False
        self._waiting: deque[tuple[str, tuple[Value, ...]]] = deque()
        self._called = False
        self._arrived.connect(self._take_all, Qt.ConnectionType.QueuedConnection)
        self._client.subscribe(self._lay_down)
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()
        self._poll()

    @Property(bool, notify=connected_changed)
    def connected(self) -> bool:
        """Whether the engine has answered lately."""
        return self._connected

    @Property(bool, notify=connected_changed)
    def known(self) -> bool:
        """Whether it has answered at all since the window opened."""
        return self._known

    @Property(str, constant=True)
    def where(self) -> str:
        """Address of the engine, for people."""
        return self._where

    def listen(self, address: str, listener: Listener) -> None:
        """Has the values of an address told to those alone who listen to it: levels come a hundred times a second."""
        self._listeners.setdefault(address, []).append(listener)

    @Slot(str, list, result=bool)
    def send(self, address: str, values: list[Value]) -> bool:
        """Sends a value or a command; where none can be sent, `refused` says why. Returns whether it was sent."""
        if not self._connected:
            self.refused.emit(address, f"no engine at {self._where}")
            return False
        try:
            self._client.set(address, *values)
        except (ProtocolError, OSError) as error:
            self.refused.emit(address, str(error))
            return False
        self.sent.emit(address)
        return True

    @Slot(str)
    def request(self, address: str) -> None:
        """Asks for a value; it comes by `received`. What gets lost on the way is asked for again."""
        self._asked[address] = 0
        self._ask(address)

    def close(self) -> None:
        """Ends the subscription."""
        self._timer.stop()
        self._client.close()

    def _lay_down(self, address: str, values: tuple[Value, ...]) -> None:
        """Called by the receiver: of what comes together, the first calls the window."""
        self._waiting.append((address, values))
        if not self._called:
            self._called = True
            self._arrived.emit()

    def _take_all(self) -> None:
        self._called = False
        while self._waiting:
            self._take(*self._waiting.popleft())

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        self._heard = time.monotonic()
        if not self._connected:
            self._connected = self._known = True
            self.connected_changed.emit()
        self._asked.pop(str(values[0]) if address == _ERROR and values else address, None)
        if address in self._listeners:
            for listener in self._listeners[address]:
                listener(values)
        else:
            self.received.emit(address, values)

    def _poll(self) -> None:
        """Asks for the status; an engine that was away, or is another one now, is subscribed to again."""
        if self._connected and time.monotonic() - self._heard > _GONE_SECONDS:
            self._connected = False
            self.connected_changed.emit()
        with contextlib.suppress(OSError):
            if not self._connected:
                self._client.set("/musika/subscribe")
            self._client.request("/musika/status")
        if self._connected:
            self._ask_again()

    def _ask(self, address: str) -> None:
        with contextlib.suppress(OSError):
            self._client.request(address)

    def _ask_again(self) -> None:
        for address, times in tuple(self._asked.items()):
            if times >= _MOST_TIMES:
                del self._asked[address]
                continue
            self._asked[address] = times + 1
            if times:  # the first answer may be on its way
                self._ask(address)

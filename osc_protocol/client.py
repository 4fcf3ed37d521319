"""A client of the generator process over UDP, for the panel and for programs of others.

Threads: a receiver thread of the client calls the subscribers' callbacks; every method may be called from any thread
but a callback, which must not wait for answers (`query`, `sync`): it is what receives them.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Self

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket, ParseError

from osc_protocol.table import DEFAULT_PORT
from osc_protocol.types import ERROR, ProtocolError, Value, convert_arguments, find, is_query

_LARGEST_DATAGRAM = 65536
_WAKE_SECONDS = 0.2  # how often the receiver looks whether it should end
_log = logging.getLogger(__name__)

Callback = Callable[[str, tuple[Value, ...]], None]


class _Answer:
    """One message waited for: any at `address` whose arguments start with `first`, or an error about `asked`."""

    def __init__(self, asked: str, address: str, first: tuple[Value, ...]) -> None:
        self.asked, self.address, self.first = asked, address, first
        self.came = threading.Event()
        self.values: tuple[Value, ...] = ()
        self.error: ProtocolError | None = None

    def offer(self, address: str, values: tuple[Value, ...]) -> None:
        if address == self.address and values[: len(self.first)] == self.first:
            self.values = values
        elif address == ERROR and len(values) == 3 and values[0] == self.asked:
            self.error = ProtocolError(str(values[1]), str(values[2]))
        else:
            return
        self.came.set()


class Client:
    """Plays a generator process: `set`, `query`, `subscribe`, `sync`."""

    def __init__(self, host: str = "127.0.0.1", port: int = DEFAULT_PORT, timeout_seconds: float = 2.0) -> None:
        self._timeout_seconds = timeout_seconds
        # Resolved once: answers are told from strangers' packets by this address.
        family, kind, _, _, peer = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self._peer: tuple[Any, ...] = peer
        self._socket = socket.socket(family, kind)
        self._socket.bind(("", 0))
        self._socket.settimeout(_WAKE_SECONDS)
        self._answers: list[_Answer] = []
        self._callbacks: list[Callback] = []
        self._subscribed = False
        self._lock = threading.Lock()
        self._sync_ids = itertools.count(1)
        self._closed = threading.Event()
        self._receiver = threading.Thread(target=self._receive, name="osc-client", daemon=True)
        self._receiver.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The client's own UDP port, where answers arrive."""
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Ends the subscription and the receiver."""
        if self._closed.is_set():
            return
        if self._subscribed:
            with contextlib.suppress(OSError):  # the network may be gone by now
                self.set("/musika/unsubscribe")
        self._closed.set()
        if threading.current_thread() is not self._receiver:
            self._receiver.join()
        self._socket.close()

    def set(self, address: str, *values: Value) -> None:
        """Sends a value or a command, e.g. `set("/musika/density", 0.8)`, `set("/musika/play")`.

        Raises:
            ProtocolError: the table does not allow it; nothing is sent.
        """
        self._send(_message(address, values).dgram)

    def set_all(self, pattern: str, *values: Value) -> None:
        """Sends to all addresses that a pattern stands for, e.g. `set_all("/musika/stem/*/mute", True)`; whether the
        values are possible is for the generator to say."""
        builder = OscMessageBuilder(pattern)
        for value in values:
            builder.add_arg(value)
        self._send(builder.build().dgram)

    def set_together(self, moves: Iterable[tuple[str, Sequence[Value]]], after_seconds: float = 0.0) -> None:
        """Sends several as one bundle: all land at once, or none; `after_seconds` schedules it (at most 60)."""
        when = time.time() + after_seconds if after_seconds else IMMEDIATELY
        bundle = OscBundleBuilder(when)  # type: ignore[arg-type]  # fractions of a second are taken, too
        for address, values in moves:
            bundle.add_content(_message(address, values))
        self._send(bundle.build().dgram)

    def query(self, address: str, timeout_seconds: float | None = None) -> tuple[Value, ...]:
        """The value of an address.

        Raises:
            ProtocolError: the address cannot be read, or the generator refuses.
            TimeoutError: no answer.
        """
        row = find(address).row
        if not is_query(row, ()):
            raise ProtocolError("access", f"{address} cannot be queried: it is {row.access.value}")
        reply = row.replies[0] if row.replies else address
        values = self._ask(OscMessageBuilder(address).build(), reply, (), timeout_seconds)
        return convert_arguments(find(reply).row, values)

    def request(self, address: str) -> None:
        """Asks for the value of an address without waiting: the answer goes to the subscribers' callbacks.

        Raises:
            ProtocolError: the address cannot be read.
        """
        if not is_query(find(address).row, ()):
            raise ProtocolError("access", f"{address} cannot be queried")
        self._send(OscMessageBuilder(address).build().dgram)

    def sync(self, timeout_seconds: float | None = None) -> None:
        """Waits until everything sent before has been applied."""
        number = next(self._sync_ids)
        self._ask(_message("/musika/sync", (number,)), "/musika/synced", (number,), timeout_seconds)

    def listen(self, callback: Callback) -> None:
        """Calls `callback(address, values)` in the receiver thread for every message that arrives from now on: answers
        to this client alone, unless it subscribes."""
        with self._lock:
            self._callbacks.append(callback)

    def subscribe(self, callback: Callback) -> None:
        """The same, and has everything told that changes."""
        self.listen(callback)
        self._subscribed = True
        self.set("/musika/subscribe")

    def _ask(
        self, message: OscMessage, reply: str, first: tuple[Value, ...], timeout_seconds: float | None
    ) -> tuple[Value, ...]:
        timeout = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        answer = _Answer(message.address, reply, first)
        with self._lock:
            self._answers.append(answer)
        try:
            self._send(message.dgram)
            if not answer.came.wait(timeout):
                host, port = self._peer[:2]
                raise TimeoutError(
                    f"no answer to {message.address} from {host}:{port} within {timeout:g} s: "
                    "is Musika DAW running there?"
                )
        finally:
            with self._lock:
                self._answers.remove(answer)
        if answer.error is not None:
            raise answer.error
        return answer.values

    def _send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._peer)

    def _receive(self) -> None:
        while not self._closed.is_set():
            try:
                datagram, sender = self._socket.recvfrom(_LARGEST_DATAGRAM)
            except TimeoutError:
                continue
            except ConnectionError:  # Windows reports an earlier packet's closed port here
                continue
            except OSError:
                return
            if sender[:2] != self._peer[:2]:
                continue
            try:
                messages = [timed.message for timed in OscPacket(datagram).messages]
            except (ParseError, ValueError):
                _log.warning("ignored a packet of %d bytes that is not OSC", len(datagram))
                continue
            for message in messages:
                self._deliver(message.address, tuple(message.params))

    def _deliver(self, address: str, values: tuple[Value, ...]) -> None:
        with self._lock:
            answers, callbacks = list(self._answers), list(self._callbacks)
        for answer in answers:
            answer.offer(address, values)
        for callback in callbacks:
            try:
                callback(address, values)
            except Exception:
                _log.exception("a subscriber failed on %s", address)


def _message(address: str, values: Sequence[Value]) -> OscMessage:
    """A message that the table allows, its values in the table's types.

    Raises:
        ProtocolError: it does not.
    """
    row = find(address).row
    if not row.access.writable or is_query(row, values):
        raise ProtocolError("access", f"{address} without a value cannot be set: it is {row.access.value}")
    builder = OscMessageBuilder(address)
    for value in convert_arguments(row, values):
        builder.add_arg(value)
    return builder.build()

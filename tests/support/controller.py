"""A controller on a real UDP port that sends anything and keeps what comes back."""

from __future__ import annotations

import contextlib
import itertools
import socket
from types import TracebackType
from typing import Self

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

Received = tuple[str, list[object]]


def message(address: str, *values: object) -> bytes:
    return built(address, *values).dgram


def built(address: str, *values: object) -> OscMessage:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)  # type: ignore[arg-type]
    return builder.build()


def bundle(*contents: OscMessage | bytes, due: float = IMMEDIATELY) -> bytes:
    """`bytes` are bundles."""
    whole = OscBundleBuilder(due).build().dgram
    for content in contents:
        part = content if isinstance(content, bytes) else content.dgram
        whole += len(part).to_bytes(4, "big") + part
    return whole


class Controller:
    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self._peer = ("127.0.0.1", port)
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def send(self, address: str, *values: object) -> None:
        self.send_raw(message(address, *values))

    def send_raw(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._peer)

    def receive(self) -> Received:
        datagram, sender = self._socket.recvfrom(65536)
        assert sender == self._peer, "answers come from the port that was asked"
        parsed = OscMessage(datagram)
        return parsed.address, list(parsed.params)

    def expect(self, address: str) -> list[object]:
        """The arguments of the next message there, whatever comes before."""
        while True:
            found, values = self.receive()
            if found == address:
                return values

    def ask(self, address: str, *values: object) -> list[Received]:
        """Everything that comes back for a message."""
        return self.ask_raw(message(address, *values))

    def ask_raw(self, datagram: bytes) -> list[Received]:
        self.send_raw(datagram)
        return self.sync()

    def outlast(self) -> None:
        """Asks until an answer comes: packets are lost while the server's socket is full."""
        self._socket.settimeout(0.2)
        for number in range(-50, 0):
            self.send("/musika/sync", number)
            with contextlib.suppress(TimeoutError):
                while self.receive() != ("/musika/synced", [number]):
                    pass
                break
        else:
            raise TimeoutError("no answer after the flood")
        self._socket.settimeout(10)

    def sync(self) -> list[Received]:
        """Everything that comes until all sent before has been applied."""
        number = next(self._numbers)
        self.send("/musika/sync", number)
        received = []
        while (answer := self.receive()) != ("/musika/synced", [number]):
            received.append(answer)
        return received

"""The UDP socket in the loop: reads in bounded turns, sends without waiting, and hears who has vanished."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_LARGEST_DATAGRAM = 65536
_MAX_PER_TURN = 32
_BUFFER_BYTES = 1 << 20  # a flood of two hundred milliseconds
_LINUX_IP_RECVERR, _LINUX_IPV6_RECVERR = 11, 25  # not named by the socket module
_NO_WAY = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN)

Address = tuple[Any, ...]


@dataclass(frozen=True)
class UdpPeer:
    """A sender over UDP: its address, and the socket that answers it."""

    endpoint: UdpEndpoint
    address: Address

    @property
    def key(self) -> Address:
        return self.address[:2]

    @property
    def host(self) -> str:
        return str(self.address[0])

    def send(self, datagram: bytes) -> None:
        self.endpoint.send(datagram, self.address)

    def at_port(self, port: int) -> UdpPeer:
        return UdpPeer(self.endpoint, (self.address[0], port, *self.address[2:]))


class UdpEndpoint:
    """One bound socket; everything happens in the loop's thread."""

    def __init__(
        self,
        bound: socket.socket,
        loop: asyncio.AbstractEventLoop,
        receive: Callable[[bytes, UdpPeer], None],
        turn_ends: Callable[[], None],
        unreachable: Callable[[Address], None],
    ) -> None:
        """Starts to read.

        Args:
            receive: gets each datagram.
            turn_ends: called when there is no more to read for now.
            unreachable: told the key of an address that nobody listens at.
        """
        self._socket, self._loop = bound, loop
        self._receive, self._turn_ends, self._unreachable = receive, turn_ends, unreachable
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        if sys.platform == "linux":
            if bound.family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, _LINUX_IPV6_RECVERR, 1)
            else:
                bound.setsockopt(socket.IPPROTO_IP, _LINUX_IP_RECVERR, 1)
        self._pause: asyncio.TimerHandle | None = None
        loop.add_reader(bound, self._read)

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
        self._loop.remove_reader(self._socket)
        self._socket.close()

    def send(self, datagram: bytes, address: Address) -> None:
        """Sends; a full buffer loses the packet, as the network may."""
        for _ in range(2):
            try:
                self._socket.sendto(datagram, address)
                return
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # tells of an earlier packet, to whomever: this one was not sent yet
            except OSError as error:
                if error.errno in _NO_WAY:
                    self._unreachable(address[:2])
                return

    def _read(self) -> None:
        began = self._loop.time()
        self._read_errors()
        for _ in range(_MAX_PER_TURN):
            try:
                datagram, sender = self._socket.recvfrom(_LARGEST_DATAGRAM)
            except BlockingIOError:
                break
            except OSError:
                continue  # tells of an earlier packet that could not be delivered
            self._receive(datagram, UdpPeer(self, sender))
        else:
            # More waits: the flood gets half of the time at most, the rest is everyone else's.
            self._loop.remove_reader(self._socket)
            self._pause = self._loop.call_later(self._loop.time() - began, self._resume)
        self._turn_ends()

    def _resume(self) -> None:
        self._pause = None
        self._loop.add_reader(self._socket, self._read)

    def _read_errors(self) -> None:
        """Only Linux says to whom a packet could not be delivered."""
        if sys.platform != "linux":
            return
        for _ in range(_MAX_PER_TURN):
            with contextlib.suppress(ConnectionError):
                try:
                    address = self._socket.recvmsg(0, 0, socket.MSG_ERRQUEUE)[3]
                except BlockingIOError:
                    return
                self._unreachable(address[:2])

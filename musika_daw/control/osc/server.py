"""The OSC server: its UDP sockets, the instrument behind them, and whoever has subscribed.

On this machine alone means on both of its loopbacks: many programs look `localhost` up and send to ::1 first.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Sequence

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.dispatcher import Dispatcher
from musika_daw.control.osc.feed import Feed
from musika_daw.control.osc.later import Later
from musika_daw.control.osc.port_holder import port_holder
from musika_daw.control.osc.subscribers import Subscribers
from musika_daw.control.osc.udp import UdpEndpoint, UdpPeer
from musika_daw.controls.move import Notice
from musika_daw.errors import UserError
from osc_protocol.table import DEFAULT_PORT

LOOPBACK, LOOPBACK_6 = "127.0.0.1", "::1"
_FREE_PORT_ATTEMPTS = 8
_NOT_THERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # a machine without IPv6
_log = logging.getLogger(__name__)


class OscServer:
    """Serves from `start` to `close`, both called in the loop."""

    def __init__(self, instrument: Instrument, feed: Feed, host: str = LOOPBACK, port: int = DEFAULT_PORT) -> None:
        """`port`: 0 takes a free one."""
        self._instrument, self._feed = instrument, feed
        self._host, self._port = host, port
        self._endpoints: list[UdpEndpoint] = []
        self._dispatcher: Dispatcher | None = None

    def start(self) -> None:
        """Listens.

        Raises:
            UserError: the port is taken, or the host is none of this machine.
        """
        bound = _bind_all(hosts_of(self._host), self._port)
        loop = asyncio.get_running_loop()
        self._subscribers = Subscribers(loop.time)
        later = Later(lambda peer: peer in self._subscribers)
        self._dispatcher = dispatcher = Dispatcher(self._instrument, self._subscribers, later, loop)
        self._endpoints = [
            UdpEndpoint(each, loop, self._receive, dispatcher.turn_ends, self._subscribers.unreachable)
            for each in bound
        ]
        self._feed.add(self._push)
        self._feed.add(later.tell)

    @property
    def port(self) -> int:
        return self._endpoints[0].port

    @property
    def dispatcher(self) -> Dispatcher:
        assert self._dispatcher is not None
        return self._dispatcher

    def close(self) -> None:
        if self._endpoints and self._dispatcher is not None:
            self._dispatcher.close()
            for endpoint in self._endpoints:
                endpoint.close()
            self._endpoints = []

    def _receive(self, datagram: bytes, peer: UdpPeer) -> None:
        self._subscribers.heard(peer.key)
        self.dispatcher.receive(datagram, peer)

    def _push(self, _notice: Notice, packet: bytes) -> None:
        for peer in self._subscribers:
            peer.send(packet)


def hosts_of(host: str) -> tuple[str, ...]:
    """Every address that is meant by one: both loopbacks by either of them."""
    return (LOOPBACK, LOOPBACK_6) if host in (LOOPBACK, LOOPBACK_6, "localhost") else (host,)


def _bind_all(hosts: Sequence[str], port: int) -> list[socket.socket]:
    """Sockets at the same port of all hosts; what comes after the first may not be there, or be somebody else's."""
    for _ in range(_FREE_PORT_ATTEMPTS if port == 0 else 1):
        bound = [_bind(hosts[0], port)]
        try:
            bound += [_bind(host, bound[0].getsockname()[1]) for host in hosts[1:]]
        except UserError as error:
            if port == 0 and isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE:
                bound[0].close()
                continue
            if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in _NOT_THERE:
                _log.warning("%s; %s is listened at", error, hosts[0])
        return bound
    raise UserError("no UDP port is free on both loopbacks: choose one with --osc-port")


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UserError(f"{host} is no host: {error.strerror}; choose one with --osc-host") from error
    try:
        bound.bind(address)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            holder = port_holder(port) or "another program"
            raise UserError(
                f"UDP port {port} is taken by {holder}: end it, or choose another with --osc-port"
            ) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise UserError(f"{host} is no address of this machine: choose one with --osc-host") from error
        raise UserError(
            f"cannot listen at UDP port {port} of {host}: {error.strerror}; choose with --osc-port"
        ) from error
    return bound

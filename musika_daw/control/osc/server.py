"""The OSC server: one UDP socket, the instrument behind it, and whoever has subscribed."""

from __future__ import annotations

import asyncio
import errno
import socket

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.dispatcher import Dispatcher
from musika_daw.control.osc.feed import Feed
from musika_daw.control.osc.port_holder import port_holder
from musika_daw.control.osc.subscribers import Subscribers
from musika_daw.control.osc.udp import UdpEndpoint, UdpPeer
from musika_daw.errors import UserError
from osc_protocol.table import DEFAULT_PORT

LOOPBACK = "127.0.0.1"


class OscServer:
    """Serves from `start` to `close`, both called in the loop."""

    def __init__(self, instrument: Instrument, feed: Feed, host: str = LOOPBACK, port: int = DEFAULT_PORT) -> None:
        """`port`: 0 takes a free one."""
        self._instrument, self._feed = instrument, feed
        self._host, self._port = host, port
        self._endpoint: UdpEndpoint | None = None
        self._dispatcher: Dispatcher | None = None

    def start(self) -> None:
        """Listens.

        Raises:
            UserError: the port is taken, or the host is none of this machine.
        """
        bound = _bind(self._host, self._port)
        loop = asyncio.get_running_loop()
        self._subscribers = Subscribers(loop.time)
        self._dispatcher = Dispatcher(self._instrument, self._subscribers, loop)
        self._endpoint = UdpEndpoint(
            bound, loop, self._receive, self._dispatcher.turn_ends, self._subscribers.unreachable
        )
        self._feed.add(self._push)

    @property
    def port(self) -> int:
        assert self._endpoint is not None
        return self._endpoint.port

    @property
    def dispatcher(self) -> Dispatcher:
        assert self._dispatcher is not None
        return self._dispatcher

    def close(self) -> None:
        if self._endpoint is not None and self._dispatcher is not None:
            self._dispatcher.close()
            self._endpoint.close()
            self._endpoint = None

    def _receive(self, datagram: bytes, peer: UdpPeer) -> None:
        self._subscribers.heard(peer.key)
        self.dispatcher.receive(datagram, peer)

    def _push(self, _address: str, packet: bytes) -> None:
        for peer in self._subscribers:
            peer.send(packet)


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

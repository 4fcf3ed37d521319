"""OSCQuery: the address tree over HTTP, and changes over WebSockets, on one TCP port."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import json
import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.dispatcher import Dispatcher
from musika_daw.control.osc.feed import Feed
from musika_daw.control.osc.page import page_file
from musika_daw.control.osc.query_socket import QuerySocket
from musika_daw.control.osc.query_tree import ATTRIBUTES, node_at
from musika_daw.controls.move import Notice
from musika_daw.controls.target import address_of

NAME = "Musika DAW"
_MAX_SOCKETS = 32
# Web pages of others must not play what listens on this machine: browsers say which page asks, programs say nothing.
_LOCAL_PAGES = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_EXTENSIONS = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "LISTEN", "PATH_CHANGED")
_LOOK_SECONDS = 1.0  # a preset with other effects has other addresses
_CLOSE_SECONDS = 2.0


class QueryServer:
    """Serves from `start` to `close`, both called in the loop."""

    def __init__(self, instrument: Instrument, dispatcher: Dispatcher, feed: Feed) -> None:
        self._instrument, self._dispatcher = instrument, dispatcher
        self._sockets: set[QuerySocket] = set()
        self._servers: list[Server] = []
        feed.add(self._push)

    async def start(self, hosts: Sequence[str], osc_port: int) -> None:
        """Listens at the TCP port with the number of the OSC port; where that is taken, at any free one.

        Args:
            hosts: addresses to listen at; what comes after the first may not be there.
        """
        self._osc_port = osc_port
        try:
            self._servers = [await self._listen(hosts[0], osc_port)]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            self._servers = [await self._listen(hosts[0], 0)]
        for host in hosts[1:]:
            with contextlib.suppress(OSError):
                self._servers.append(await self._listen(host, self.port))
        self._watch = asyncio.create_task(self._watch_addresses())

    @property
    def port(self) -> int:
        return int(next(iter(self._servers[0].sockets)).getsockname()[1])

    async def close(self) -> None:
        if self._servers:
            self._watch.cancel()
        for server in self._servers:
            server.close()
        for server in self._servers:
            with contextlib.suppress(TimeoutError):  # somebody has connected and says nothing
                await asyncio.wait_for(server.wait_closed(), _CLOSE_SECONDS)

    async def _listen(self, host: str, port: int) -> Server:
        quiet = logging.getLogger(__name__)
        quiet.setLevel(logging.CRITICAL)  # strangers that speak no HTTP are no event of ours
        return await serve(
            self._converse,
            host or None,
            port,
            process_request=self._respond,
            compression=None,
            max_size=1 << 16,
            close_timeout=1,
            logger=quiet,
        )

    async def _converse(self, connection: ServerConnection) -> None:
        client = QuerySocket(connection, self._instrument, self._dispatcher)
        self._sockets.add(client)
        try:
            await client.run()
        finally:
            self._sockets.discard(client)

    def _push(self, notice: Notice, packet: bytes) -> None:
        for client in self._sockets:
            client.tell(address_of(notice.target), packet)

    async def _watch_addresses(self) -> None:
        addresses = self._instrument.targets()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            before, addresses = addresses, self._instrument.targets()
            if addresses != before:
                for client in self._sockets:
                    client.tell_changed("/")

    def _respond(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer to plain HTTP; None lets a WebSocket open."""
        if "upgrade" in request.headers:
            hosts = request.headers.get_all("Host")
            for origin in request.headers.get_all("Origin"):
                if not (_LOCAL_PAGES.fullmatch(origin) or (hosts and _is_own_page(origin, hosts[0]))):
                    return connection.respond(HTTPStatus.FORBIDDEN, f"pages of {origin} are not let in\n")
            full = len(self._sockets) >= _MAX_SOCKETS
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too many clients\n") if full else None
        if getattr(request, "method", "GET") != "GET":  # older websockets refuse other methods themselves
            return connection.respond(HTTPStatus.METHOD_NOT_ALLOWED, "expected GET\n")
        path, _, query = request.path.partition("?")
        attribute, path = query.split("&")[0].split("=")[0], unquote(path)
        if not query and (file := page_file(path, ",".join(request.headers.get_all("Accept")))) is not None:
            return _response(*file)
        if attribute == "HOST_INFO":
            return _json(self._host_info(connection))
        node = node_at(self._instrument, path)
        if node is None:
            return connection.respond(HTTPStatus.NOT_FOUND, f"{path} is not there\n")
        if not attribute:
            return _json(node)
        if attribute not in ATTRIBUTES:
            return connection.respond(
                HTTPStatus.BAD_REQUEST, f"{attribute} is no attribute: expected {', '.join(ATTRIBUTES)} or HOST_INFO\n"
            )
        if attribute not in node:
            return Response(HTTPStatus.NO_CONTENT, HTTPStatus.NO_CONTENT.phrase, Headers({"Connection": "close"}))
        return _json({attribute: node[attribute]})

    def _host_info(self, connection: ServerConnection) -> dict[str, Any]:
        asked_at = str(connection.local_address[0])
        return {
            "NAME": NAME,
            "EXTENSIONS": dict.fromkeys(_EXTENSIONS, True),
            "OSC_IP": asked_at,
            "OSC_PORT": self._osc_port,
            "OSC_TRANSPORT": "UDP",
            "WS_IP": asked_at,
            "WS_PORT": self.port,
        }


def _json(document: dict[str, Any]) -> Response:
    return _response(json.dumps(document).encode(), "application/json")


def _response(body: bytes, kind: str) -> Response:
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"})
    return Response(HTTPStatus.OK, HTTPStatus.OK.phrase, headers, body)


def _is_own_page(origin: str, host: str) -> bool:
    """Whether a page that opens a WebSocket came from here, asked for by number: a name could be anybody's."""
    name = origin.partition("://")[2]
    if name != host:
        return False
    try:
        ipaddress.ip_address(re.sub(r":\d+$", "", name).strip("[]"))
    except ValueError:
        return False
    return True

"""OSCQuery: the address tree over HTTP, and changes over WebSockets, on one TCP port."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.dispatcher import Dispatcher
from musika_daw.control.osc.feed import Feed
from musika_daw.control.osc.query_socket import QuerySocket
from musika_daw.control.osc.query_tree import ATTRIBUTES, node_at

NAME = "Musika DAW"
_MOST_SOCKETS = 32
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
        self._server: Server | None = None
        feed.add(self._push)

    async def start(self, host: str, osc_port: int) -> None:
        """Listens at the TCP port with the number of the OSC port; where that is taken, at any free one."""
        self._osc_port = osc_port
        try:
            self._server = await self._listen(host, osc_port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            self._server = await self._listen(host, 0)
        self._watch = asyncio.create_task(self._watch_addresses())

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def close(self) -> None:
        if self._server is not None:
            self._watch.cancel()
            self._server.close()
            with contextlib.suppress(TimeoutError):  # somebody has connected and says nothing
                await asyncio.wait_for(self._server.wait_closed(), _CLOSE_SECONDS)

    async def _listen(self, host: str, port: int) -> Server:
        quiet = logging.getLogger(__name__)
        quiet.setLevel(logging.CRITICAL)  # strangers that speak no HTTP are no event of ours
        return await serve(
            self._converse,
            host or None,
            port,
            origins=[None, _LOCAL_PAGES],
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

    def _push(self, address: str, packet: bytes) -> None:
        for client in self._sockets:
            client.tell(address, packet)

    async def _watch_addresses(self) -> None:
        addresses = self._instrument.addresses()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            before, addresses = addresses, self._instrument.addresses()
            if addresses != before:
                for client in self._sockets:
                    client.tell_changed("/")

    def _respond(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer to plain HTTP; None lets a WebSocket open."""
        if "upgrade" in request.headers:
            full = len(self._sockets) >= _MOST_SOCKETS
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too many clients\n") if full else None
        if getattr(request, "method", "GET") != "GET":  # older websockets refuse other methods themselves
            return connection.respond(HTTPStatus.METHOD_NOT_ALLOWED, "expected GET\n")
        path, _, query = request.path.partition("?")
        attribute, path = query.split("&")[0].split("=")[0], unquote(path)
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
    body = json.dumps(document).encode()
    headers = Headers(
        {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"},
    )
    return Response(HTTPStatus.OK, HTTPStatus.OK.phrase, headers, body)

"""One WebSocket of an OSCQuery client: it chooses what it listens to, and may send OSC packets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Hashable

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.dispatcher import Dispatcher
from musika_daw.control.osc.packet import build
from musika_daw.control.osc.peer import Peer
from musika_daw.controls.move import RefusedError
from musika_daw.controls.target import target_of
from osc_protocol.types import ProtocolError, find

_MAX_PATHS = 1024
_MAX_WAITING = 1024


class QuerySocket:
    """Text frames are commands (`LISTEN`, `IGNORE`), binary ones OSC packets, in both directions."""

    def __init__(self, connection: ServerConnection, instrument: Instrument, dispatcher: Dispatcher) -> None:
        self._connection, self._instrument, self._dispatcher = connection, instrument, dispatcher
        self._paths: set[str] = set()
        self._out: asyncio.Queue[bytes | str] = asyncio.Queue(_MAX_WAITING)

    @property
    def key(self) -> Hashable:
        return self._connection.id

    @property
    def host(self) -> Hashable:
        return self._connection.id

    def at_port(self, _port: int) -> Peer | None:
        return None

    def send(self, datagram: bytes) -> None:
        self._put(datagram)

    def tell(self, address: str, packet: bytes) -> None:
        if address in self._paths:
            self.send(packet)

    def tell_changed(self, path: str) -> None:
        """What is below a path is not what it was."""
        self._put(json.dumps({"COMMAND": "PATH_CHANGED", "DATA": path}))

    async def run(self) -> None:
        """Until the client leaves."""
        sender = asyncio.create_task(self._send_all())
        try:
            async for frame in self._connection:
                if isinstance(frame, str):
                    self._command(frame)
                else:
                    self._dispatcher.receive(frame, self)
                    self._dispatcher.turn_ends()
        except ConnectionClosed:
            pass  # however it left
        finally:
            sender.cancel()

    def _put(self, frame: bytes | str) -> None:
        """A client that does not read loses packets, as over UDP."""
        if not self._out.full():
            self._out.put_nowait(frame)

    async def _send_all(self) -> None:
        while True:
            try:
                await self._connection.send(await self._out.get())
            except ConnectionClosed:
                return

    def _command(self, frame: str) -> None:
        try:
            command = json.loads(frame)
            name, path = command["COMMAND"], str(command["DATA"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return  # the proposal has no answer for it
        if name == "IGNORE":
            self._paths.discard(path)
        elif name == "LISTEN" and len(self._paths) < _MAX_PATHS:
            self._listen(path)

    def _listen(self, path: str) -> None:
        try:
            row = find(path).row
            if row.access.readable and not row.replies:
                self.send(build(path, self._instrument.get(target_of(path))))
        except (ProtocolError, RefusedError):
            return
        self._paths.add(path)

"""The control thread: one asyncio loop for OSC, OSCQuery and whatever else moves controls (MIDI, clocks).

`start` and `close` are called by the thread that owns it, `call` by any.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.announce import Announcement
from musika_daw.control.osc.feed import Feed, Listener
from musika_daw.control.osc.query_server import NAME, QueryServer
from musika_daw.control.osc.server import LOOPBACK, OscServer, hosts_of
from osc_protocol.table import DEFAULT_PORT

_log = logging.getLogger(__name__)

Task = Callable[[], Awaitable[None]]
"""Runs beside the servers until it is cancelled; if it fails, the others go on."""


@dataclass(frozen=True)
class ControlSettings:
    """Where to listen.

    Attributes:
        port: of OSC; 0 takes a free one. OSCQuery takes the TCP port of the same number if it can.
        query: serve OSCQuery.
        announce: by zeroconf.
    """

    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    query: bool = True
    announce: bool = True


class ControlThread:
    """Plays an instrument from outside while it runs."""

    def __init__(
        self,
        instrument: Instrument,
        settings: ControlSettings,
        tasks: Sequence[Task] = (),
        listeners: Sequence[Listener] = (),
    ) -> None:
        """`listeners`: get what there is to tell, as subscribers do, in the loop's thread."""
        self._instrument, self._settings, self._tasks = instrument, settings, tasks
        self._listeners = listeners
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)
        self.osc_port = 0
        self.query_port: int | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Returns when the ports are open.

        Raises:
            UserError: a port is taken, or the host is none of this machine.
        """
        self._thread.start()
        self._ready.wait()
        if self._failed is not None:
            self._thread.join()
            raise self._failed

    def close(self) -> None:
        """Ends tasks and servers; may be called again."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread.ident is not None:
            self._thread.join()

    def call(self, function: Callable[[], None]) -> None:
        """Has a function called in the loop's thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(function)

    def _run(self) -> None:
        # The selector loop on every system: Windows' own one cannot watch a UDP socket.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            try:
                runner.run(self._serve())
            except BaseException as error:
                if self._ready.is_set():
                    _log.critical("the control thread has ended", exc_info=True)
                self._failed = error
            finally:
                self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        settings = self._settings
        async with contextlib.AsyncExitStack() as stack:
            feed = Feed(self._instrument)
            for listener in self._listeners:
                feed.add(listener)
            server = OscServer(self._instrument, feed, settings.host, settings.port)
            server.start()
            stack.callback(server.close)
            self.osc_port = server.port
            if settings.query:
                query = QueryServer(self._instrument, server.dispatcher, feed)
                await self._open(query, stack)
            running = [asyncio.create_task(_guarded(task)) for task in (feed.run, *self._tasks)]
            self._ready.set()
            await self._stop.wait()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _open(self, query: QueryServer, stack: contextlib.AsyncExitStack) -> None:
        """OSCQuery, announced; a machine where it cannot be has OSC still."""
        settings = self._settings
        try:
            await query.start(hosts_of(settings.host), self.osc_port)
        except OSError as error:
            _log.warning("no OSCQuery: %s", error)
            return
        stack.push_async_callback(query.close)
        self.query_port = query.port
        if settings.announce:
            stack.push_async_callback(Announcement(NAME, settings.host, self.osc_port, query.port).close)


async def _guarded(task: Task) -> None:
    try:
        await task()
    except Exception:
        _log.exception("a task of the control thread failed")

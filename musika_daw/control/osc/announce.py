"""Says on the network where we are, so that nobody types addresses: `_osc._udp` and `_oscjson._tcp` by zeroconf.

It is a convenience: a machine without network or multicast plays on without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket

from zeroconf import Error, InterfaceChoice, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

_log = logging.getLogger(__name__)
_CLOSE_SECONDS = 2.0


class Announcement:
    """Made in the loop; it takes a second to be heard, and nobody waits for it."""

    def __init__(self, name: str, host: str, osc_port: int, query_port: int) -> None:
        self._name, self._host = name, host
        self._ports = {"_osc._udp.local.": osc_port, "_oscjson._tcp.local.": query_port}
        self._zeroconf: AsyncZeroconf | None = None
        self._task = asyncio.create_task(self._announce())

    async def close(self) -> None:
        """Says goodbye."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        if self._zeroconf is not None:
            with contextlib.suppress(TimeoutError, OSError, Error):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._zeroconf.async_close()

    async def _announce(self) -> None:
        try:
            address = str(socket.getaddrinfo(self._host, 0)[0][4][0])
            everywhere = ipaddress.ip_address(address).is_unspecified
            # Also on loopback alone: programs on this machine find each other there.
            self._zeroconf = AsyncZeroconf(InterfaceChoice.All if everywhere else [address])
            for kind, port in self._ports.items():
                info = ServiceInfo(
                    kind,
                    f"{self._name} {port}.{kind}",
                    port=port,
                    parsed_addresses=[_outward_address() if everywhere else address],
                    server=f"musika-daw-{port}.local.",
                )
                await (await self._zeroconf.async_register_service(info, allow_name_change=True))
        except (OSError, Error) as error:
            _log.warning("not announced by zeroconf: %s", error)


def _outward_address() -> str:
    """The address of this machine that others see; loopback if it is on no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only picks the route
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])

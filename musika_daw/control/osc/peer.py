"""Whoever sent a message: answers go there."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Protocol


class Peer(Protocol):
    """One sender, over UDP or a WebSocket."""

    @property
    def key(self) -> Hashable:
        """Equal for all messages of the same sender."""
        ...

    @property
    def host(self) -> Hashable:
        """Equal for all senders of one machine."""
        ...

    def send(self, datagram: bytes) -> None:
        """Sends a packet, or loses it: nothing waits and nothing is raised."""
        ...

    def at_port(self, port: int) -> Peer | None:
        """Another port of the same machine; None where there are no ports."""
        ...

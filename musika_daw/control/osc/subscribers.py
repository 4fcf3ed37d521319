"""Who is told of changes: bounded in number, and those that have vanished are let go.

A subscription needs no renewal: a patch that subscribes once stays subscribed. It ends with `/musika/unsubscribe`, or
when the subscriber's machine has answered for some seconds that nobody listens there. Not every machine says so; so,
when the list is full, a newcomer takes the place of the one that has been silent for longest, if that was long.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from musika_daw.control.osc.peer import Peer

MOST = 32
UNREACHABLE_SECONDS = 5.0
_FORGET_SECONDS = 60.0  # an error this long after the last one is the first of new ones
_SILENT_SECONDS = 60.0


@dataclass
class _Subscription:
    peer: Peer
    heard: float
    first_error: float | None = None
    last_error: float = 0.0


class Subscribers:
    """Peers by their key."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_key: dict[Hashable, _Subscription] = {}

    def __iter__(self) -> Iterator[Peer]:
        return iter([subscription.peer for subscription in self._by_key.values()])

    def __contains__(self, peer: object) -> bool:
        return getattr(peer, "key", None) in self._by_key

    def __len__(self) -> int:
        return len(self._by_key)

    def add(self, peer: Peer) -> bool:
        """False if there is no room; adding one again renews it."""
        now = self._clock()
        if peer.key not in self._by_key and len(self._by_key) >= MOST:
            silent = min(self._by_key.values(), key=lambda subscription: subscription.heard)
            if now - silent.heard < _SILENT_SECONDS:
                return False
            del self._by_key[silent.peer.key]
        self._by_key[peer.key] = _Subscription(peer, now)
        return True

    def remove(self, peer: Peer) -> None:
        self._by_key.pop(peer.key, None)

    def heard(self, key: Hashable) -> None:
        """A message came from there."""
        if subscription := self._by_key.get(key):
            subscription.heard, subscription.first_error = self._clock(), None

    def unreachable(self, key: Hashable) -> None:
        """A packet could not be delivered there."""
        subscription = self._by_key.get(key)
        if subscription is None:
            return
        now = self._clock()
        if subscription.first_error is None or now - subscription.last_error > _FORGET_SECONDS:
            subscription.first_error = now
        subscription.last_error = now
        if now - subscription.first_error >= UNREACHABLE_SECONDS:
            del self._by_key[key]

"""How often something may happen: a burst, then so many a second; what was held back is counted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_MAX_KEYS = 64


@dataclass
class _Bucket:
    left: float
    seen: float
    held_back: int = 0


class RateLimit:
    """One allowance per key; the key that was not seen for longest is forgotten when there are too many."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, key: Hashable) -> int | None:
        """None if it may not happen now, else how often it was held back since it last could."""
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > _MAX_KEYS:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + (now - bucket.seen) * self._per_second)
        bucket.seen = now
        if bucket.left < 1:
            bucket.held_back += 1
            return None
        bucket.left -= 1
        held_back, bucket.held_back = bucket.held_back, 0
        return held_back

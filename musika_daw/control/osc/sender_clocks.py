"""Clocks of senders that are wrong: a tablet that is half a minute ahead would have every bundle wait for so long.

A sender whose time tags all lie ahead, or behind, by the same seconds has a clock that is wrong by that much: from then
on its tags are counted from there. Programs that plan ahead do so by fractions of a second, or by changing times.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from musika_daw.control.osc.schedule import MAX_SECONDS

_AHEAD_SECONDS, _BEHIND_SECONDS = 5.0, 2.0  # less may be meant, or is the network's delay
_SAME_SECONDS = 0.15  # tags of a clock that is wrong by one number differ by the network's delays alone
_BUNDLES, _SPAN_SECONDS = 3, 0.3  # looked at: a burst that was planned at one moment tells nothing
_MAX_SENDERS = 64


@dataclass
class _Sender:
    seen: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=16))  # moment, seconds ahead
    offset: float | None = None
    hinted: bool = False


@dataclass(frozen=True)
class Corrected:
    """What a time tag is taken for.

    Attributes:
        seconds: from now, negative in the past.
        told: a line for the sender, once.
        found: by how much the sender's clock was found to be ahead just now: what waits already waits too long.
    """

    seconds: float
    told: str | None = None
    found: float | None = None


class SenderClocks:
    """One of each host; the one that was not heard for longest is forgotten when there are too many."""

    def __init__(self) -> None:
        self._senders: OrderedDict[Hashable, _Sender] = OrderedDict()

    def correct(self, host: Hashable, seconds: float, now: float) -> Corrected:
        """A time tag of a host lies so many seconds ahead of `now`, a moment of a steady clock."""
        sender = self._senders.setdefault(host, _Sender())
        self._senders.move_to_end(host)
        if len(self._senders) > _MAX_SENDERS:
            self._senders.popitem(last=False)
        if sender.offset is not None and abs(seconds - sender.offset) > _AHEAD_SECONDS:
            sender.offset = None  # the clock was set, or somebody else speaks
            sender.seen.clear()
        sender.seen.append((now, seconds))
        if sender.offset is not None:
            sender.offset = min(sender.offset, seconds)
            return Corrected(seconds - sender.offset)
        offset = _constant(sender.seen)
        if offset is not None:
            sender.offset, sender.hinted = offset, True
            way = "ahead of" if offset > 0 else "behind"
            told = f"your clock is {abs(offset):.1f} s {way} this computer's: time tags are counted from there"
            return Corrected(seconds - offset, told, offset)
        if _AHEAD_SECONDS < seconds <= MAX_SECONDS and not sender.hinted:
            sender.hinted = True
            return Corrected(
                seconds, f"waits {seconds:.1f} s for its time tag; if that is not meant, set your device's clock"
            )
        return Corrected(seconds)


def _constant(seen: deque[tuple[float, float]]) -> float | None:
    """By how much the latest tags all lie ahead; None if they do not, or it is too early to tell."""
    latest: list[tuple[float, float]] = []
    for moment, seconds in reversed(seen):
        aheads = [ahead for _, ahead in latest] + [seconds]
        if max(aheads) - min(aheads) > _SAME_SECONDS:
            break
        latest.append((moment, seconds))
    if len(latest) < _BUNDLES or latest[0][0] - latest[-1][0] < _SPAN_SECONDS:
        return None
    least = min(ahead for _, ahead in latest)
    return least if least >= _AHEAD_SECONDS or least <= -_BEHIND_SECONDS else None

"""Datagrams into messages, at a cost that no datagram can drive up.

They are read here and in `message`: python-osc's own parser runs for ever on a bundle with a negative size, drops types
that it does not know, and refuses what widespread programs send.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pythonosc.osc_message_builder import BuildError, OscMessageBuilder
from pythonosc.parsing import osc_types

from musika_daw.control.osc.message import MAX_ARGUMENTS, MAX_BYTES, Message, PacketError, read_message

_MAX_DEPTH = 8
_BUNDLE = b"#bundle\0"
_HEADER_BYTES = len(_BUNDLE) + 8
_AT_ONCE = 0.0

__all__ = ["MAX_ARGUMENTS", "MAX_BYTES", "Group", "Message", "PacketError", "build", "parse", "seconds_until"]


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that are applied together.

    Attributes:
        due: seconds since the epoch, as time tags have them; 0 for at once.
    """

    due: float
    messages: tuple[Message, ...]


def parse(datagram: bytes) -> list[Group]:
    """What a datagram holds, earliest first.

    A bundle within a bundle belongs to it, unless its time tag is a later one.

    Raises:
        PacketError: it is no OSC, or too much of it.
    """
    if not datagram.startswith(_BUNDLE):
        return [Group(_AT_ONCE, (read_message(datagram),))]
    found: dict[float, list[Message]] = {}
    _walk(datagram, _AT_ONCE, 1, found)
    return [Group(due, tuple(messages)) for due, messages in sorted(found.items())]


def build(address: str, values: Sequence[object]) -> bytes:
    """The datagram of a message.

    Raises:
        ValueError: a value has no place in OSC.
    """
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)  # type: ignore[arg-type]  # raises for types that OSC has not
    try:
        return builder.build().dgram
    except (BuildError, OverflowError) as error:
        raise ValueError(str(error)) from error


def seconds_until(due: float) -> float:
    """From now to a time tag: the only thing that the wall clock is asked for."""
    return due - time.time() if due else 0.0


def _walk(bundle: bytes, outer_due: float, depth: int, found: dict[float, list[Message]]) -> None:
    if depth > _MAX_DEPTH:
        raise PacketError(f"bundles are nested too deep: expected at most {_MAX_DEPTH}")
    if len(bundle) < _HEADER_BYTES:
        raise PacketError("a bundle ends within its time tag")
    # The tag 1 means at once; one before the tag of the bundle around is not allowed, and becomes that.
    due = max(outer_due, float(osc_types.get_date(bundle, len(_BUNDLE))[0]), _AT_ONCE)
    place, end = _HEADER_BYTES, len(bundle.rstrip(b"\0"))
    while place < end:  # zeros at the end are padding
        size = int.from_bytes(bundle[place : place + 4], "big", signed=True)
        place += 4
        if size <= 0 or place + size > len(bundle):
            raise PacketError("a part of a bundle has an impossible size: the bundle is cut off or damaged")
        part = bundle[place : place + size]
        place += size
        if part.startswith(_BUNDLE):
            _walk(part, due, depth + 1, found)
        else:
            found.setdefault(due, []).append(read_message(part))

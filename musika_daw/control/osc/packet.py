"""Datagrams into messages, at a cost that no datagram can drive up.

python-osc reads single messages, within limits checked here. Bundles are walked here: a negative size within one keeps
python-osc's own parser busy for ever, and types it does not know vanish from its messages.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pythonosc import osc_message
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder
from pythonosc.parsing import osc_types

MOST_BYTES = 4096
"""Of one message: a path or a long chord list fits, a blob that would take long to read does not."""
MOST_ARGUMENTS = 32
_MOST_DEPTH = 8
_BUNDLE = b"#bundle\0"
_HEADER_BYTES = len(_BUNDLE) + 8
_KNOWN_TYPES = frozenset("ihfdsbrmtTFN")
_AT_ONCE = 0.0


class PacketError(ValueError):
    """A datagram that is not OSC, or beyond the limits; `address` as far as it could be read."""

    def __init__(self, message: str, address: str = "") -> None:
        super().__init__(message)
        self.address = address


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was sent; `address` may be a pattern."""

    address: str
    values: tuple[object, ...] = ()


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
        return [Group(_AT_ONCE, (_message(datagram),))]
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
    if depth > _MOST_DEPTH:
        raise PacketError(f"bundles are nested too deep: expected at most {_MOST_DEPTH}")
    if len(bundle) < _HEADER_BYTES:
        raise PacketError("a bundle ends within its time tag")
    # The tag 1 means at once; one before the tag of the bundle around is not allowed, and becomes that.
    due = max(outer_due, float(osc_types.get_date(bundle, len(_BUNDLE))[0]), _AT_ONCE)
    place = _HEADER_BYTES
    while place < len(bundle):
        size = int.from_bytes(bundle[place : place + 4], "big", signed=True)
        place += 4
        if size <= 0 or size % 4 or place + size > len(bundle):
            raise PacketError("a part of a bundle has an impossible size")
        part = bundle[place : place + size]
        place += size
        if part.startswith(_BUNDLE):
            _walk(part, due, depth + 1, found)
        else:
            found.setdefault(due, []).append(_message(part))


def _message(datagram: bytes) -> Message:
    if not datagram.startswith(b"/"):
        raise PacketError("not an OSC packet: expected a message (/...) or a bundle (#bundle)")
    address = datagram[: datagram.find(b"\0")].decode("ascii", "replace")[:256]
    if len(datagram) > MOST_BYTES:
        raise PacketError(f"a message of {len(datagram)} bytes: expected at most {MOST_BYTES}", address)
    try:
        _, place = osc_types.get_string(datagram, 0)
        tags, _ = osc_types.get_string(datagram, place) if place < len(datagram) else (",", place)
        if len(tags) > MOST_ARGUMENTS + 1:
            raise PacketError(f"too many arguments: expected at most {MOST_ARGUMENTS}", address)
        if unknown := set(tags[1:]) - _KNOWN_TYPES:
            raise PacketError(f"arguments of unknown type {', '.join(sorted(unknown))!a}", address)
        parsed = osc_message.OscMessage(datagram)
        return Message(parsed.address, tuple(parsed.params))
    except (osc_types.ParseError, osc_message.ParseError, UnicodeDecodeError, OverflowError) as error:
        raise PacketError("not an OSC message: its text or arguments are cut off or damaged", address) from error

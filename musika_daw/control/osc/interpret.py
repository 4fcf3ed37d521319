"""What a message asks for, by the table: moves of the instrument, answers, or something of the server itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from musika_daw.control.osc.packet import Message
from musika_daw.control.osc.pattern import PatternError, is_pattern, matching
from musika_daw.controls.move import Move
from musika_daw.controls.target import address_of, target_of
from osc_protocol.table import ROWS, Access, Row
from osc_protocol.types import ProtocolError, Value, convert_arguments, find, is_query, is_release

SUBSCRIBE = ROWS["/musika/subscribe"].pattern
UNSUBSCRIBE = ROWS["/musika/unsubscribe"].pattern
SYNC = ROWS["/musika/sync"].pattern
OWN = (SUBSCRIBE, UNSUBSCRIBE, SYNC)
"""Addresses that the server answers itself."""


@dataclass(frozen=True)
class Request:
    """What a message asks for.

    Attributes:
        asked: the address as it was sent; errors name it.
        moves: for the instrument.
        queries: addresses whose values are wanted.
        call: one of `OWN` and its arguments.
    """

    asked: str
    moves: tuple[Move, ...] = ()
    queries: tuple[str, ...] = ()
    call: tuple[str, tuple[Value, ...]] | None = None

    @property
    def continuous(self) -> bool:
        """Whether only the last of several such requests counts: faders, not buttons or choices."""
        return bool(self.moves) and all(_is_fader(find(address_of(move.target)).row) for move in self.moves)


def interpret(message: Message, addresses: Callable[[], Sequence[str]]) -> Request:
    """What a message asks for.

    Args:
        addresses: what a pattern can stand for.

    Raises:
        ProtocolError: the table does not allow it.
    """
    if is_pattern(message.address):
        return _interpret_pattern(message, addresses())
    address, values = message.address, message.values
    row = find(address).row
    if is_query(row, values):
        return Request(address, queries=(address,))
    if not row.access.writable:
        hint = "only the generator sends it" if row.access is Access.EVENT else "ask for it without arguments"
        raise ProtocolError("access", f"{address} cannot be set: {hint}")
    converted = convert_arguments(row, values)
    if address in OWN:
        return Request(address, call=(address, converted))
    return Request(address, _moves(row, address, converted))


def _interpret_pattern(message: Message, addresses: Sequence[str]) -> Request:
    """A pattern sets everything that it stands for, or asks for everything; it never presses buttons unasked."""
    pattern, values = message.address, message.values
    try:
        found = [(address, find(address).row) for address in matching(pattern, addresses)]
    except PatternError as error:
        raise ProtocolError("address", str(error)) from error
    if not found:
        raise ProtocolError("address", f"{pattern} stands for nothing that is there")
    if not values:
        queries = tuple(address for address, row in found if row.access.readable)
        if not queries:
            raise ProtocolError("access", f"{pattern} stands for nothing that can be asked for")
        return Request(pattern, queries=queries)
    moves: list[Move] = []
    for address, row in found:
        if row.access.writable:
            try:
                moves += _moves(row, address, convert_arguments(row, values))
            except ProtocolError as error:
                raise ProtocolError(error.code, f"{address}: {error}") from error
    if not moves:
        raise ProtocolError("access", f"{pattern} stands for nothing that can be set")
    return Request(pattern, tuple(moves))


def _moves(row: Row, address: str, values: tuple[Value, ...]) -> tuple[Move, ...]:
    if is_release(row, values):
        return ()
    # A button pressed is a command without arguments, whatever the controller sent with it.
    return (Move.of(target_of(address), *(() if is_release(row, (False,)) else values)),)


def _is_fader(row: Row) -> bool:
    return row.access is Access.READ_WRITE and all(argument.types == "f" for argument in row.arguments)

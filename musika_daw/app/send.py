"""`musika-daw send`: one OSC message to the generator from a terminal, and what it answers."""

from __future__ import annotations

import argparse
import shlex
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.control.osc.near_address import near_address
from musika_daw.control.osc.pattern import is_pattern
from musika_daw.errors import UserError

if TYPE_CHECKING:
    from osc_protocol import Client

_SWITCHES = {"true": True, "on": True, "false": False, "off": False}
_LIST_SECONDS = 5.0
_SOON_SECONDS = 0.1  # in which what is done at once is answered


def add_arguments(parser: Parser) -> None:
    parser.add_argument("address", metavar="ADDRESS", help=f"e.g. /musika/density; '{PROGRAM} protocol' lists them all")
    parser.add_argument("values", nargs="*", metavar="VALUE", help="what to set; none: ask for the value")
    parser.add_argument("--host", default="localhost", help="machine that plays (default localhost)")
    parser.add_argument("--port", type=int, default=None, help="its OSC port (default 7771)")


def run(options: argparse.Namespace) -> None:
    from osc_protocol import Client, ProtocolError
    from osc_protocol.table import DEFAULT_PORT

    try:
        with Client(options.host, options.port or DEFAULT_PORT) as client:
            for line in _sent(client, options.address, options.values):
                print(line)
    except TimeoutError as error:
        raise UserError(f"{error} Start '{PROGRAM} live', or say where it listens: --port N") from error
    except (ProtocolError, OSError) as error:
        raise UserError(f"{options.address}: {error}") from error


def _sent(client: Client, address: str, words: Sequence[str]) -> list[str]:
    """Sends it; the lines of the answer.

    Raises:
        ProtocolError: it is not possible.
        TimeoutError: nobody answers.
    """
    from osc_protocol import ProtocolError
    from osc_protocol.types import DONE, ERROR, TOLD, find, is_query

    heard: list[tuple[str, tuple[object, ...]]] = []
    client.listen(lambda told, values: heard.append((told, values)))
    if is_pattern(address):
        client.set_all(address, *map(_guessed, words))
    else:
        try:
            row = find(address).row
        except ProtocolError as error:
            raise ProtocolError(error.code, f"{near_address(address, _addresses())}{error}") from None
        if is_query(row, words):
            return [_shown(client.query(address) or _made_list(address, heard))]
        arguments = row.arguments[-1:] if row.arguments and row.arguments[-1].repeated else row.arguments
        kinds = [argument.types for argument in arguments] + ["s"] * len(words)
        client.set(address, *[_read(word, kind) for word, kind in zip(words, kinds, strict=False)])
    client.sync()
    time.sleep(_SOON_SECONDS)
    for told, values in heard:
        if told == ERROR:
            raise ProtocolError(str(values[1]), str(values[2]))
    return [_shown(values[-1:]) for told, values in heard if told in (TOLD, DONE)]


def _made_list(address: str, heard: Sequence[tuple[str, tuple[object, ...]]]) -> tuple[object, ...]:
    """A list that is made once it is asked for, or nothing."""
    end = time.monotonic() + _LIST_SECONDS
    while address.endswith("/list") and time.monotonic() < end:
        for told, values in heard[1:]:
            if told == address:
                return values
        time.sleep(0.01)
    return ()


def _shown(values: Sequence[object]) -> str:
    """Numbers as people write them, texts with spaces in quotes where there are several."""
    return " ".join(
        f"{value:.7g}"
        if isinstance(value, float)
        else shlex.quote(value)
        if isinstance(value, str) and len(values) > 1
        else str(value)
        for value in values
    )


def _read(word: str, types: str) -> bool | int | float | str:
    """A word as an argument of these types: a text where it may be one and is no number."""
    if "T" in types and word.lower() in _SWITCHES:
        return _SWITCHES[word.lower()]
    return word if types == "s" else _guessed(word)


def _guessed(word: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            pass
    return word


def _addresses() -> tuple[str, ...]:
    from osc_protocol.table import TABLE

    return tuple(row.pattern for row in TABLE)


COMMAND = Command(
    "Send one OSC message, or ask for a value.", f"{PROGRAM} send /musika/density 0.8", add_arguments, run
)

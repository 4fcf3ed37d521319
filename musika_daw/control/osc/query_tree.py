"""The address tree as OSCQuery describes it: what there is now, derived from the table and the instrument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.interpret import OWN
from musika_daw.controls.control import Value
from musika_daw.controls.move import RefusedError
from musika_daw.controls.target import address_of, target_of
from osc_protocol.table import Access, Argument
from osc_protocol.types import find

ATTRIBUTES = ("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT")
_ACCESS = {Access.READ: 1, Access.WRITE: 2, Access.READ_WRITE: 3, Access.EVENT: 0}
_UNITS = {"dB": "gain.db", "bpm": "time.bpm", "ms": "time.ms"}  # the proposal's words; ours where it has none
_LARGEST_INT32 = 2**31 - 1

Node = dict[str, Any]


def node_at(instrument: Instrument, path: str) -> Node | None:
    """The node of a path with everything below it; None if there is none."""
    wanted = f"/{path.strip('/')}".rstrip("/")
    root: Node = {"FULL_PATH": "/", "ACCESS": 0, "DESCRIPTION": "Musika DAW"}
    found = root if not wanted else None
    for address in (*map(address_of, instrument.targets()), *OWN):
        if not f"{address}/".startswith(f"{wanted}/"):
            continue
        node, below = root, ""
        for part in address[1:].split("/"):
            below += f"/{part}"
            node = node.setdefault("CONTENTS", {}).setdefault(part, {"FULL_PATH": below, "ACCESS": 0})
            found = node if below == wanted else found
        node.update(_method(instrument, address))
    return found


def _method(instrument: Instrument, address: str) -> Node:
    row = find(address).row
    node: Node = {"ACCESS": _ACCESS[row.access], "DESCRIPTION": row.help}
    values: Sequence[Value] = ()
    arguments: Sequence[Argument] = row.arguments
    if row.access.readable and not row.replies:
        try:
            values = instrument.get(target_of(address))
        except RefusedError:
            return node | {"TYPE": _types(arguments, ())}  # it was there a moment ago
        node["VALUE"] = list(values)
        if arguments and arguments[-1].repeated:
            arguments = [arguments[-1]] * len(values)
    node["TYPE"] = _types(arguments, values)
    ranges = [_range(argument) for argument in arguments]
    if limits := instrument.limits(target_of(address)):
        ranges = [{"MIN": limits[0], "MAX": limits[1]}]
    if any(ranges):
        node["RANGE"] = ranges
    units = [_UNITS.get(argument.units, argument.units) or None for argument in arguments]
    if any(units):
        node["UNIT"] = units
    return node


def _types(arguments: Sequence[Argument], values: Sequence[Value]) -> str:
    """A type tag each; where the table takes several types, the one of the value it has now."""
    tags = []
    for place, argument in enumerate(arguments):
        tag = argument.types[0]
        if place < len(values) and isinstance(values[place], str):
            tag = "s"
        wide = tag == "i" and (argument.high or 0) > _LARGEST_INT32
        tags.append("h" if wide else tag)
    return "".join(tags)


def _range(argument: Argument) -> Node | None:
    if argument.choices:
        return {"VALS": list(argument.choices)}
    limits = {"MIN": argument.low, "MAX": argument.high}
    return {name: limit for name, limit in limits.items() if limit is not None} or None

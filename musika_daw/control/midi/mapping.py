"""Which MIDI control moves what: rows of data, kept as TOML.

[[map]]
source = "cc 20"            # cc, cc14, nrpn, bend, note, program: see sources.py
channel = 1                 # left out: any
to = "/musika/density"
low = 0.2                   # left out: the whole range
high = 0.9
curve = "linear"            # or log, exp
mode = "continuous"         # or toggle, momentary, trigger
take_over = true            # soft: moves nothing until it passes the value
argument = 0                # of several, e.g. 1 for y of /musika/morph
values = ["verse"]          # what a trigger sends
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.control.midi.curves import CURVES
from musika_daw.control.midi.sources import Source, parse_source
from musika_daw.controls.control import Value
from musika_daw.errors import UsageError
from musika_daw.storage.files import write_text
from musika_daw.storage.toml_file import read_toml
from osc_protocol import ProtocolError, convert_arguments, find

LEARNT = "learnt"
"""Name of the map that what is learnt is kept in."""
MODES = ("continuous", "toggle", "momentary", "trigger")


@dataclass(frozen=True, slots=True)
class Route:
    """One row: from a source to an argument of an address; the fields are those above."""

    source: Source
    to: str
    low: float | None = None
    high: float | None = None
    curve: str = "linear"
    mode: str = "continuous"
    take_over: bool = True
    argument: int = 0
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        """Raises UsageError if the table has no such address, or it cannot be played so."""
        try:
            row = find(self.to).row
            if self.mode == "trigger":
                convert_arguments(row, self.values)
        except ProtocolError as error:
            raise UsageError(f"MIDI map, {self.source}: {error}") from None
        if not row.access.writable:
            raise UsageError(f"MIDI map, {self.source}: {self.to} cannot be set: it is {row.access.value}")
        if self.mode not in MODES or self.curve not in CURVES:
            raise UsageError(
                f"MIDI map, {self.source}: mode {self.mode!r}, curve {self.curve!r}: expected one of "
                f"{', '.join(MODES)} and one of {', '.join(CURVES)}"
            )
        if self.mode == "trigger":
            return
        if not 0 <= self.argument < len(row.arguments):
            raise UsageError(
                f"MIDI map, {self.source}: {self.to} has {len(row.arguments)} arguments: no {self.argument}"
            )
        argument = row.arguments[self.argument]
        if argument.types == "s" and not argument.choices:
            raise UsageError(f"MIDI map, {self.source}: {self.to} takes a text: use mode 'trigger' with values")


@dataclass(frozen=True, slots=True)
class Mapping:
    """All rows of one controller.

    Attributes:
        chords_channel: notes held on this channel, 1-16, are the harmony; None: on none.
        stem_channels: stem -> channel on which its notes are played in.
    """

    name: str
    routes: tuple[Route, ...] = ()
    chords_channel: int | None = None
    stem_channels: MappingType[str, int] = dataclasses.field(default_factory=lambda: STEM_CHANNELS)

    def moves_by(self, source: Source) -> bool:
        """Whether a control, with its channel, moves anything."""
        return any(route.source.matches(source) for route in self.routes)

    def learnt(self, route: Route) -> Mapping:
        """With one more row; it takes the source from what it moved before, and replaces the address's own."""
        kept = [
            old
            for old in self.routes
            if old.source != route.source
            and (old.to, old.argument, old.values) != (route.to, route.argument, route.values)
        ]
        return dataclasses.replace(self, name=LEARNT, routes=(*kept, route))

    def forgotten(self, address: str) -> Mapping:
        """Without the rows of an address, or of `all`."""
        kept = tuple(route for route in self.routes if address not in (route.to, "all"))
        return dataclasses.replace(self, name=LEARNT, routes=kept)


def load_mapping(path: Path) -> Mapping:
    """Raises UsageError: not there, no TOML, or a row that is not possible."""
    try:
        data = read_toml(path)
    except OSError as error:
        raise UsageError(f"MIDI map {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"MIDI map {path} is not TOML: {error}") from None
    try:
        routes = tuple(_route(row) for row in data.get("map", ()))
        channels = data.get("stem_channels", STEM_CHANNELS)
        used = [*channels.values(), *([data["chords_channel"]] if "chords_channel" in data else [])]
        if not all(type(channel) is int and 1 <= channel <= 16 for channel in used):
            raise UsageError("channels are 1 to 16")
        return Mapping(data.get("name", path.stem), routes, data.get("chords_channel"), channels)
    except (AttributeError, TypeError, ValueError, OverflowError, UsageError) as error:
        raise UsageError(f"{path}: {' '.join(str(error).split())}") from None


def save_mapping(path: Path, mapping: Mapping) -> None:
    lines = [f"name = {json.dumps(mapping.name)}"]
    if mapping.chords_channel is not None:
        lines.append(f"chords_channel = {mapping.chords_channel}")
    if mapping.stem_channels != STEM_CHANNELS:
        lines += ["[stem_channels]", *(f"{json.dumps(stem)} = {n}" for stem, n in mapping.stem_channels.items())]
    for route in mapping.routes:
        lines += ["", "[[map]]", f'source = "{route.source}"']
        if route.source.channel is not None:
            lines.append(f"channel = {route.source.channel}")
        for field in dataclasses.fields(Route)[1:]:
            value = getattr(route, field.name)
            if value != field.default:
                # Texts, numbers, booleans and lists of them are written alike in JSON and TOML.
                lines.append(f"{field.name} = {json.dumps(value)}")
    write_text(path, "\n".join(lines) + "\n")


def _route(row: MappingType[str, Any]) -> Route:
    fields = dict(row)
    source = fields.pop("source", None)
    if not isinstance(source, str):
        raise UsageError(f"MIDI map: a row without source: {row}")
    if "values" in fields:
        fields["values"] = tuple(fields["values"])
    parsed = parse_source(source, fields.pop("channel", None))
    if unknown := fields.keys() - {field.name for field in dataclasses.fields(Route)}:
        raise UsageError(f"MIDI map, {parsed}: {', '.join(sorted(unknown))} is not known")
    if "to" not in fields:
        raise UsageError(f"MIDI map, {parsed}: 'to' is missing: expected an address")
    return Route(parsed, **fields)

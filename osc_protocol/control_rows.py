"""The rows of the table that are controls: each is made from its row in the book."""

from __future__ import annotations

from collections.abc import Iterator

from musika_daw.controls.book import CONTROLS
from musika_daw.controls.control import Control, Field, Kind, PerStem, Surface
from musika_daw.controls.target import Target, address_of
from osc_protocol.row import Access, Argument, Row

_TYPES = {
    Kind.NUMBER: "f",
    Kind.INTEGER: "i",
    Kind.SWITCH: "T",
    Kind.CHOICE: "s",
    Kind.TEXT: "s",
    Kind.STYLE: "is",
}


def control_rows() -> Iterator[Row]:
    """An address of the whole, one of each stem, or both, of every control that OSC has."""
    for control in CONTROLS:
        if not control.on(Surface.OSC):
            continue
        also = control.per_stem is PerStem.ALSO
        if control.per_stem is not PerStem.ONLY:
            yield _row(control, None, "; all stems" if also else "")
        if control.per_stem is not PerStem.NO:
            yield _row(control, "{name}", "; one stem" if also else "")


def _row(control: Control, stem: str | None, which: str) -> Row:
    arguments = tuple(_argument(part) for part in control.fields)
    return Row(address_of(Target(control.name, stem)), Access.READ_WRITE, control.help + which, arguments)


def _argument(part: Field) -> Argument:
    return Argument(
        part.name,
        _TYPES[part.kind],
        part.help,
        part.low,
        part.high,
        part.unit,
        part.default,
        part.choices,
        part.optional,
    )

"""What a control surface shows: every address that can be played, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from osc_protocol.table import PLACEHOLDERS, PRESSED, TABLE, Argument, Row

_NOT_FOR_HANDS = frozenset({"/musika/subscribe", "/musika/unsubscribe", "/musika/sync", "/musika/render"})


@dataclass(frozen=True)
class Control:
    """One address of a surface."""

    address: str
    row: Row

    @property
    def is_button(self) -> bool:
        return self.row.arguments == (PRESSED,)

    @property
    def needed(self) -> tuple[Argument, ...]:
        return tuple(argument for argument in self.row.arguments if not argument.optional)

    @property
    def name(self) -> str:
        """The address without what all have in common."""
        return self.address.removeprefix("/musika/")


def controls(stems: Sequence[str]) -> Iterator[Control]:
    """Everything but parameters of effects, which differ from preset to preset."""
    for row in TABLE:
        if not row.access.writable or row.pattern in _NOT_FOR_HANDS or "parameter" in row.placeholders:
            continue
        if not row.placeholders:
            yield Control(row.pattern, row)
            continue
        (placeholder,) = row.placeholders
        for value in PLACEHOLDERS[placeholder].choices or stems:
            yield Control(row.address(**{placeholder: value}), row)

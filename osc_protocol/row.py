"""One address of the table as data: its arguments, what it does, and the parts of it that name something."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


class Access(enum.Enum):
    """What an address does."""

    READ = "read"  # without arguments: a query
    WRITE = "write"  # acts, cannot be queried: a message without arguments acts too, if none are needed
    READ_WRITE = "read-write"  # without arguments a query, with arguments it sets
    EVENT = "event"  # sent by the generator

    @property
    def readable(self) -> bool:
        return self in (Access.READ, Access.READ_WRITE)

    @property
    def writable(self) -> bool:
        return self in (Access.WRITE, Access.READ_WRITE)


@dataclass(frozen=True)
class Argument:
    """One value of a message.

    Attributes:
        types: `f` number, `i` whole number, `s` text, `T` boolean; several where several are taken (`is`).
        low, high: limits of numbers, both included; None where there is none.
        units: of numbers, e.g. `bpm`, `dB`.
        default: its value in a fresh process; None where model or preset decide.
        choices: the texts that are taken; empty where any is.
        optional: a message may leave it out.
        repeated: may come any number of times, or not at all; the last one of its row.
    """

    name: str
    types: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    units: str = ""
    default: float | str | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Placeholder:
    """A part of an address that names something: what it may be and an example of it."""

    help: str
    example: str
    choices: tuple[str, ...] = ()


# OSC forbids these within a part of an address: space # * , / ? [ ] { }
_PART = r"[^ #*,/?\[\]{}]+"

PLACEHOLDERS: Mapping[str, Placeholder] = {
    "name": Placeholder("a stem of the model; effects: or mix", "bass"),
    "i": Placeholder("place in the chain, from 0", "0", tuple(map(str, range(16)))),
    "parameter": Placeholder("name of the effect's parameter", "cutoff_hz"),
}


@dataclass(frozen=True)
class Row:
    """One address.

    Attributes:
        pattern: the address, with `{placeholder}` where `PLACEHOLDERS` names something.
        arguments: in order; optional ones last. Of a readable address they are what a query is answered with, too.
        replies: patterns of the events that answer it; a query without any is answered at its own address.
    """

    pattern: str
    access: Access
    help: str
    arguments: tuple[Argument, ...] = ()
    replies: tuple[str, ...] = ()

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.pattern))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Matches addresses of this row; a group per placeholder."""
        parts = re.split(r"\{(\w+)\}", self.pattern)
        expression = ""
        for i, part in enumerate(parts):
            if i % 2 == 0:
                expression += re.escape(part)
            else:
                choices = "|".join(PLACEHOLDERS[part].choices)
                expression += f"(?P<{part}>{choices or _PART})"
        return re.compile(expression)

    def address(self, **names: str | int) -> str:
        """The address with its placeholders filled in, e.g. `row.address(name="bass")`."""
        filled = self.pattern.format(**names)
        if not self.regex.fullmatch(filled):
            raise ValueError(f"{filled} is not an address of {self.pattern}")
        return filled

    @property
    def example(self) -> str:
        return self.pattern.format(**{name: PLACEHOLDERS[name].example for name in self.placeholders})

"""Which control is meant, and of which stem; as an address it is the OSC address without what all have in common."""

from __future__ import annotations

from typing import NamedTuple

_ROOT = "/musika/"
_STEM = "stem"


class Target(NamedTuple):
    """A control, command or event by its name, e.g. `density` or `clock/offset`.

    Attributes:
        stem: of which stem; None: of the whole.
    """

    control: str
    stem: str | None = None

    def __str__(self) -> str:
        """`density`, `stem/bass/density`: what logs hold."""
        return self.control if self.stem is None else f"{_STEM}/{self.stem}/{self.control}"


def parse_target(text: str) -> Target:
    """The target that `str` wrote; any text is one, whether the book has it or not."""
    first, _, rest = text.partition("/")
    stem, slash, control = rest.partition("/")
    return Target(control, stem) if first == _STEM and slash else Target(text)


def address_of(target: Target) -> str:
    """The OSC address of a control, command or event, e.g. `/musika/stem/bass/density`."""
    return f"{_ROOT}{target}"


def target_of(address: str) -> Target:
    """What an OSC address names; `address_of` read backwards."""
    return parse_target(address.removeprefix(_ROOT))

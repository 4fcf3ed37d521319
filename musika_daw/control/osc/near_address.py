"""The address that was meant by one that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from musika_daw.controls.book import CONTROLS
from musika_daw.controls.target import Target, address_of
from musika_daw.near_names import did_you_mean

_ALIASES = {address_of(Target(alias)): control.name for control in CONTROLS for alias in control.aliases}


def near_address(address: str, addresses: Iterable[str]) -> str:
    """`did you mean /musika/density? `, by letters or by another name of a control; empty where none is near."""
    if (name := _ALIASES.get(address.lower())) is not None:
        return f"did you mean {address_of(Target(name))}? "
    return did_you_mean(address, addresses)

"""The desk: where levels and effects stand, and what may be set on them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

from musika_daw.engine.fx.catalogue import FxSpec, Parameter
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.live.moves import Move, RefusedError, Value
from musika_daw.music.notes import MIX

Catalogue = Callable[[FxSpec], Mapping[str, Parameter]]

LEVELS: Mapping[str, Value] = {"gain": 0.0, "pan": 0.0, "mute": False, "solo": False}
"""What can be set on a stem, and its default."""


class Desk:
    """As last set; whoever changes it holds the engine's lock. What was set on effects goes when the chains change."""

    def __init__(self, stems: tuple[str, ...], fx: FxOf, catalogue: Catalogue) -> None:
        """`catalogue`: what can be set on an effect."""
        self._stems, self._catalogue = stems, catalogue
        self._fx = fx
        self._values: dict[str, Value] = {}

    def copy(self) -> Desk:
        other = Desk(self._stems, self._fx, self._catalogue)
        other._values = dict(self._values)
        return other

    def use(self, fx: FxOf) -> None:
        """Other chains."""
        if fx != self._fx:
            self._fx = fx
            self._values = {address: v for address, v in self._values.items() if "/fx/" not in address}

    def restore(self) -> list[Move]:
        """Sets effects back to what their chains say; the moves that do so."""
        moved = [address for address in self._values if "/fx/" in address]
        for address in moved:
            del self._values[address]
        return [Move(address, (self._default(address),)) for address in moved]

    def set(self, move: Move) -> None:
        """Takes a move.

        Raises:
            RefusedError: there is no such effect or parameter, or the value is out of its range.
        """
        self._default(move.address)
        if limits := self.limits(move.address):
            low, high = limits
            if not low <= float(move.values[0]) <= high:
                raise RefusedError(
                    move.address, "range", f"{float(move.values[0]):g} is out of range: expected {low:g} to {high:g}"
                )
        self._values[move.address] = move.values[0]

    def value(self, address: str) -> Value:
        default = self._default(address)
        return self._values.get(address, default)

    def chain(self, stem: str) -> tuple[FxSpec, ...] | None:
        """A stem's effects as they are set; None if nothing was set on them."""
        places = {a: v for a, v in self._values.items() if a.startswith(f"/musika/stem/{stem}/fx/")}
        if not places:
            return None
        chain = []
        for i, spec in enumerate(self._fx.get(stem, ())):
            start = f"/musika/stem/{stem}/fx/{i}/"
            own = {a.removeprefix(start): float(v) for a, v in places.items() if a.startswith(start)}
            chain.append(dataclasses.replace(spec, parameters={**spec.parameters, **own}))
        return tuple(chain)

    def limits(self, address: str) -> tuple[float, float] | None:
        """Range of an effect's parameter; None for what the address table knows."""
        if "/fx/" not in address:
            return None
        parameter = self._parameter(address)[1]
        return parameter.low, parameter.high

    def addresses(self) -> Iterator[str]:
        for stem in self._stems:
            yield from (f"/musika/stem/{stem}/{name}" for name in LEVELS)
        for stem in dict.fromkeys((*self._stems, MIX)):
            for i, spec in enumerate(self._fx.get(stem, ())):
                yield from (f"/musika/stem/{stem}/fx/{i}/{name}" for name in self._catalogue(spec))

    def _default(self, address: str) -> Value:
        return self._parameter(address)[0] if "/fx/" in address else LEVELS[address.rsplit("/", 1)[1]]

    def _parameter(self, address: str) -> tuple[float, Parameter]:
        _, _, _, stem, _, index, name = address.split("/", 6)
        chain = self._fx.get(stem, ())
        if int(index) >= len(chain):
            there = ", ".join(f"{i} {spec.type}" for i, spec in enumerate(chain)) or "none"
            raise RefusedError(address, "address", f"{stem} has no effect {index}: its effects are {there}")
        known = self._catalogue(chain[int(index)])
        if name not in known:
            kind = chain[int(index)].type
            raise RefusedError(address, "address", f"{kind} has no parameter {name}: expected {', '.join(known)}")
        return chain[int(index)].parameters.get(name, known[name].default), known[name]

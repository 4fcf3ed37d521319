"""What can be set on the effects that play: parameters, their ranges and where they stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from musika_daw.controls.move import RefusedError
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.fx.catalogue import FxSpec, Parameter
from musika_daw.engine.fx.rack import FxOf
from musika_daw.music.notes import MIX

Catalogue = Callable[[FxSpec], Mapping[str, Parameter]]
_FX = "fx/"


def is_parameter(target: Target) -> bool:
    """Whether a target is a parameter of an effect."""
    return target.control.startswith(_FX)


@dataclass(frozen=True)
class Effects:
    """The chains that play.

    Attributes:
        chains: stem or `mix` -> its effects.
        catalogue: what can be set on an effect.
    """

    chains: FxOf
    catalogue: Catalogue

    def chain_of(self, target: Target) -> tuple[FxSpec, ...] | None:
        """The chain that a parameter is of; None of what is no parameter."""
        return tuple(self.chains.get(target.stem or "", ())) if is_parameter(target) else None

    def check(self, target: Target, value: float) -> None:
        """Raises RefusedError: there is no such effect or parameter, or the value is out of its range."""
        low, high = self.limits(target)
        if not low <= value <= high:
            raise RefusedError(target, "range", f"{value:g} is out of range: expected {low:g} to {high:g}")

    def limits(self, target: Target) -> tuple[float, float]:
        """Range of a parameter.

        Raises:
            RefusedError: there is no such effect or parameter.
        """
        _, parameter = self._find(target)
        return parameter.low, parameter.high

    def value(self, state: ControlState, target: Target) -> float:
        """Where a parameter stands.

        Raises:
            RefusedError: there is no such effect or parameter.
        """
        default, _ = self._find(target)
        moved = state.own(*target)
        return default if moved is None else float(moved[0])

    def targets(self, stems: tuple[str, ...]) -> Iterator[Target]:
        """Every parameter of the effects of these stems and of the mix."""
        for stem in dict.fromkeys((*stems, MIX)):
            for i, spec in enumerate(self.chains.get(stem, ())):
                yield from (Target(f"{_FX}{i}/{name}", stem) for name in self.catalogue(spec))

    def values(self, state: ControlState, stems: tuple[str, ...]) -> dict[Target, float]:
        """Where every parameter of the effects of these stems and of the mix stands."""
        return {target: self.value(state, target) for target in self.targets(stems)}

    def described(self, stem: str) -> tuple[str, ...]:
        """A text for each effect of a stem or the mix: `LowpassFilter; cutoff_frequency_hz 20 20000; bypass 0 1`."""
        return tuple(
            "; ".join([_name(spec), *(f"{n} {p.low:g} {p.high:g}" for n, p in self.catalogue(spec).items())])
            for spec in self.chains.get(stem, ())
        )

    def moved_chains(self, state: ControlState, stems: tuple[str, ...]) -> FxOf:
        """The chains of these stems and of the mix on which something was set, as they are set."""
        chains = {stem: self._moved_chain(state, stem) for stem in dict.fromkeys((*stems, MIX))}
        return {stem: chain for stem, chain in chains.items() if chain is not None}

    def _moved_chain(self, state: ControlState, stem: str) -> tuple[FxSpec, ...] | None:
        own = {t.control: values[0] for t, values in state.settings.items() if t.stem == stem and is_parameter(t)}
        if not own:
            return None
        chain = []
        for i, spec in enumerate(self.chains.get(stem, ())):
            start = f"{_FX}{i}/"
            said = {name.removeprefix(start): float(v) for name, v in own.items() if name.startswith(start)}
            chain.append(dataclasses.replace(spec, parameters={**spec.parameters, **said}))
        return tuple(chain)

    def _find(self, target: Target) -> tuple[float, Parameter]:
        """Value of a parameter in its chain, and what may be set on it."""
        _, index, name = target.control.split("/", 2)
        chain = self.chains.get(target.stem or "", ())
        if int(index) >= len(chain):
            there = ", ".join(f"{i} {spec.type}" for i, spec in enumerate(chain)) or "none"
            raise RefusedError(target, "address", f"{target.stem} has no effect {index}: its effects are {there}")
        known = self.catalogue(chain[int(index)])
        if name not in known:
            kind = chain[int(index)].type
            raise RefusedError(target, "address", f"{kind} has no parameter {name}: expected {', '.join(known)}")
        return chain[int(index)].parameters.get(name, known[name].default), known[name]


def _name(spec: FxSpec) -> str:
    return spec.plugin or Path(spec.path).stem or spec.type


def without_parameters(state: ControlState) -> ControlState:
    """The state without what was set on effects."""
    return state.without({target.control for target in state.settings if is_parameter(target)})


def parameters(state: ControlState) -> list[Target]:
    """The parameters of effects that were set."""
    return [target for target in state.settings if is_parameter(target)]

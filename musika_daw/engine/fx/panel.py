"""What can be set on an effect, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from musika_daw.engine.fx.catalogue import BYPASS, EFFECTS, FxSpec, unit_of
from musika_daw.engine.fx.parse import check_value
from musika_daw.engine.fx.ramp import Ramp


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter as it stands: as last set, even while the sound is still on its way there."""

    value: float
    low: float
    high: float
    unit: str


class Panel(Protocol):
    """The parameters of one effect."""

    @property
    def spec(self) -> FxSpec:
        """The effect as it is set now: what a preset of it holds."""
        ...

    @property
    def bypass(self) -> Ramp:
        """Share of the sound that goes past the effect."""
        ...

    def settings(self) -> dict[str, Setting]:
        """Every parameter by its name."""
        ...

    def set(self, name: str, value: float, where: str) -> None:
        """Moves a parameter from the next sample on.

        Raises:
            UserError: there is none of that name, or out of range; the line begins with `where`.
        """
        ...


class Knobs(dict[str, Ramp]):
    """The panel of an effect of the catalogue: a ramp per parameter, which the effect reads."""

    def __init__(self, spec: FxSpec, sample_rate: int) -> None:
        super().__init__(
            (name, Ramp(spec.parameters.get(name, p.default), round(p.ramp_seconds * sample_rate), p.octaves))
            for name, p in EFFECTS[spec.type].items()
        )
        self._type = spec.type

    @property
    def spec(self) -> FxSpec:
        return FxSpec(self._type, {name: r.goal for name, r in self.items() if name != BYPASS or r.goal})

    @property
    def bypass(self) -> Ramp:
        return self[BYPASS]

    @property
    def own(self) -> Mapping[str, Ramp]:
        """What the effect itself knows."""
        return {name: ramp for name, ramp in self.items() if name != BYPASS}

    def settings(self) -> dict[str, Setting]:
        allowed = EFFECTS[self._type]
        return {n: Setting(ramp.goal, allowed[n].low, allowed[n].high, unit_of(n)) for n, ramp in self.items()}

    def set(self, name: str, value: float, where: str) -> None:
        checked = check_value(where, self._type, name, value)
        self[name].to(checked)

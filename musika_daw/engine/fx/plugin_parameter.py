"""Parameters of plug-ins as pedalboard shows them, as numbers with a range."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from musika_daw.engine.fx.catalogue import Parameter
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.errors import UserError

_RAMP_SECONDS = 0.04


def as_parameter(parameter: Any) -> Parameter:
    """Range of a parameter, and how it stands, as the catalogue has those of effects."""
    low, high, value, moves = _range(parameter, _choices(parameter))
    return Parameter(low, high, value, _RAMP_SECONDS if moves else 0.0)


class PluginParameter:
    """One parameter of a plug-in: a number of its own unit, 0 or 1 for a switch, the place of a choice from 0."""

    def __init__(self, parameter: Any, sample_rate: int) -> None:
        self._parameter = parameter
        self._choices = _choices(parameter)
        self.low, self.high, self.value, moves = _range(parameter, self._choices)
        self.hand_on: Callable[[float], None] = partial(setattr, parameter, "raw_value")
        self.knob = Ramp(parameter.raw_value, round(_RAMP_SECONDS * sample_rate) if moves else 0)

    def to(self, value: float, where: str) -> None:
        if not self.low <= value <= self.high:
            raise UserError(f"{where} = {value:g} is not possible; expected {self.low:g} to {self.high:g}")
        if self._choices:
            raw = self._parameter.get_raw_value_for(self._choices[round(value)])
        elif self._parameter.type is bool:
            raw = self._parameter.get_raw_value_for(value >= 0.5)
        else:
            raw = _raw(self._parameter, value)
        self.value = value
        self.knob.to(float(raw))

    def arrive(self) -> None:
        """Stands at its goal at once: nothing is heard yet."""
        self.knob.jump(self.knob.goal)
        self.hand_on(self.knob.goal)


def _choices(parameter: Any) -> list[str]:
    return list(dict.fromkeys(parameter.valid_values)) if parameter.type is str else []


def _raw(parameter: Any, value: float) -> float:
    """Where a number lies between 0 and 1: as the plug-in says, if it reads its own texts; pedalboard rounds it."""
    rounded = float(parameter.get_raw_value_for(value))
    exact = float(parameter.get_raw_value_for_text(str(value)))
    return exact if abs(exact - rounded) < 0.002 else rounded


def _range(parameter: Any, choices: list[str]) -> tuple[float, float, float, bool]:
    """Lowest, highest and present value, and whether there is anything between them."""
    if choices:
        return 0.0, float(len(choices) - 1), float(choices.index(parameter.string_value)), False
    if parameter.type is bool:
        return 0.0, 1.0, float(parameter.raw_value >= 0.5), False
    return float(parameter.min_value), float(parameter.max_value), _value(parameter), parameter.num_steps > 2


def _value(parameter: Any) -> float:
    """How a number stands: as the plug-in shows it, or as pedalboard reads what it shows."""
    try:
        return float(parameter.string_value)
    except ValueError:
        raw = parameter.raw_value
        return next(float(value) for (first, last), value in parameter.ranges.items() if first <= raw <= last)

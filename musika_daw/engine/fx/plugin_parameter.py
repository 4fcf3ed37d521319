"""Parameters of plug-ins as pedalboard shows them, as numbers with a range."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from musika_daw.engine.fx.catalogue import Parameter
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.errors import UserError

_RAMP_SECONDS = 0.04


@dataclass(frozen=True)
class _Scale:
    """What the numbers of a parameter mean.

    Attributes:
        value: how it stands.
        moves: whether there is anything between the values it can have.
        choices: texts of a choice, whose place from 0 is the number.
        raw: the number is the plug-in's own, 0 to 1, because its texts cannot be made sense of.
    """

    low: float
    high: float
    value: float
    moves: bool
    choices: tuple[str, ...] = ()
    raw: bool = False


def as_parameter(parameter: Any) -> Parameter:
    """Range of a parameter, and how it stands, as the catalogue has those of effects."""
    scale = _scale(parameter)
    return Parameter(scale.low, scale.high, scale.value, _RAMP_SECONDS if scale.moves else 0.0)


def unit_of_parameter(parameter: Any) -> str:
    """Its unit; empty if it has none or does not say."""
    try:
        return str(parameter.units or "")
    except Exception:  # whatever a plug-in's text leads to
        return ""


class PluginParameter:
    """One parameter of a plug-in: a number of its own unit, 0 or 1 for a switch, the place of a choice from 0, or its
    raw value 0 to 1 where the texts that the plug-in shows do not fit together."""

    def __init__(self, parameter: Any, sample_rate: int) -> None:
        self._parameter = parameter
        self._scale = _scale(parameter)
        self.value = self._scale.value
        self.hand_on: Callable[[float], None] = partial(setattr, parameter, "raw_value")
        self.knob = Ramp(float(parameter.raw_value), round(_RAMP_SECONDS * sample_rate) if self._scale.moves else 0)

    def to(self, value: float, where: str) -> None:
        """Moves it there.

        Raises:
            UserError: out of range; the line begins with `where`.
        """
        low, high = self._scale.low, self._scale.high
        if not low <= value <= high:
            raise UserError(f"{where} = {value:g} is not possible; expected {low:g} to {high:g}")
        self.value = value
        self.knob.to(self._raw(value))

    def arrive(self) -> None:
        """Stands at its goal at once: nothing is heard yet."""
        self.knob.jump(self.knob.goal)
        self.hand_on(self.knob.goal)

    def _raw(self, value: float) -> float:
        scale = self._scale
        if scale.raw:
            return value
        try:
            if scale.choices:
                raw = float(self._parameter.get_raw_value_for(scale.choices[round(value)]))
            elif self._parameter.type is bool:
                raw = float(self._parameter.get_raw_value_for(value >= 0.5))
            else:
                raw = _exact(self._parameter, value)
        except Exception:  # it does not read what it shows: a line from one end to the other is all there is
            raw = (value - scale.low) / (scale.high - scale.low) if scale.high > scale.low else 0.0
        return min(max(raw, 0.0), 1.0) if math.isfinite(raw) else float(self._parameter.raw_value)


def _exact(parameter: Any, value: float) -> float:
    """Where a number lies between 0 and 1: as the plug-in says, if it reads its own texts; pedalboard rounds it."""
    rounded = float(parameter.get_raw_value_for(value))
    exact = float(parameter.get_raw_value_for_text(str(value)))
    return exact if abs(exact - rounded) < 0.002 else rounded


def _scale(parameter: Any) -> _Scale:
    """By the texts that it shows, or by its raw value.

    pedalboard looks at a thousand values; what a plug-in shows now may be none of their texts, or depend on other
    parameters, or be no text at all.
    """
    try:
        scale = _told_scale(parameter)
        if all(map(math.isfinite, (scale.low, scale.high, scale.value))) and scale.low <= scale.value <= scale.high:
            return scale
    except Exception:  # noqa: S110  whatever a plug-in's texts lead to: its raw value is a number always
        pass
    return _Scale(0.0, 1.0, min(max(float(parameter.raw_value), 0.0), 1.0), True, raw=True)


def _told_scale(parameter: Any) -> _Scale:
    if parameter.type is str:
        choices = tuple(dict.fromkeys(parameter.valid_values))
        return _Scale(0.0, len(choices) - 1.0, float(choices.index(parameter.string_value)), False, choices)
    if parameter.type is bool:
        return _Scale(0.0, 1.0, float(parameter.raw_value >= 0.5), False)
    ends = [v for v in map(float, parameter.ranges.values()) if math.isfinite(v)]  # -inf dB is an end that is none
    low, high = min(ends), max(ends)
    return _Scale(low, high, min(max(_value(parameter), low), high), parameter.num_steps > 2)


def _value(parameter: Any) -> float:
    """How a number stands: as the plug-in shows it, or as pedalboard reads what it shows."""
    try:
        return float(parameter.string_value)
    except ValueError:
        raw = parameter.raw_value
        return next(float(value) for (first, last), value in parameter.ranges.items() if first <= raw <= last)

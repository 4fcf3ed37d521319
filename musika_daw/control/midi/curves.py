"""How the way of a knob becomes a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_EXPONENT = 4.0  # of exp and log: half the way is 12 % or 88 % of the range


@dataclass(frozen=True, slots=True)
class Curve:
    """Way 0-1 to share of the range 0-1, and back."""

    forth: Callable[[float], float]
    back: Callable[[float], float]


def _exp(way: float) -> float:
    return math.expm1(_EXPONENT * way) / math.expm1(_EXPONENT)


def _log(way: float) -> float:
    return math.log1p(way * math.expm1(_EXPONENT)) / _EXPONENT


CURVES = {
    "linear": Curve(lambda way: way, lambda share: share),
    "exp": Curve(_exp, _log),
    "log": Curve(_log, _exp),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Range and curve; `low` may be above `high`: then the knob turns the other way."""

    low: float
    high: float
    curve: str = "linear"

    def value(self, way: float) -> float:
        return self.low + (self.high - self.low) * CURVES[self.curve].forth(way)

    def way(self, value: float) -> float:
        """Where the knob would stand; beyond the range, at its end."""
        if self.low == self.high:
            return 0.0
        share = (value - self.low) / (self.high - self.low)
        return CURVES[self.curve].back(min(1.0, max(0.0, share)))

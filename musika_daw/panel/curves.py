"""The way of a fader or knob, 0 to 1, to a value and back."""

from __future__ import annotations

import math

_EXPONENT = 4.0  # of exp and log, as MIDI knobs have them: half the way is 12 % or 88 % of the range
_WIDE = 50.0  # from this ratio of its ends on, a range of frequencies, times or ratios is moved through in octaves


def curve_of(low: float, high: float, curve: str) -> str:
    """The curve of a range; `octaves` for one that is wide and above zero."""
    return "octaves" if curve == "linear" and low > 0.0 and high / low >= _WIDE else curve


def value_at(way: float, low: float, high: float, curve: str) -> float:
    """The value at a part of the way."""
    way = min(max(way, 0.0), 1.0)
    if curve == "octaves":
        return float(low * (high / low) ** way)
    if curve == "exp":
        way = math.expm1(_EXPONENT * way) / math.expm1(_EXPONENT)
    elif curve == "log":
        way = math.log1p(way * math.expm1(_EXPONENT)) / _EXPONENT
    return low + (high - low) * way


def way_of(value: float, low: float, high: float, curve: str) -> float:
    """Where the fader stands for a value; beyond the range, at its end."""
    if high <= low:
        return 0.0
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    if curve == "octaves":
        return math.log(min(max(value, low), high) / low) / math.log(high / low)
    if curve == "exp":
        return math.log1p(share * math.expm1(_EXPONENT)) / _EXPONENT
    return math.expm1(_EXPONENT * share) / math.expm1(_EXPONENT) if curve == "log" else share

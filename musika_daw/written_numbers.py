"""Numbers as people write them: `128bpm`, `128,5`, `50%`."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"([+-]?)\s*(\d+(?:[.,]\d*)?|[.,]\d+)(e[+-]?\d{1,3})?\s*(.*)", re.IGNORECASE | re.DOTALL)
_LONGEST = 80
_INFINITE = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf}
_UNITS = (
    "bpm",
    "db",
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "bar",
    "bars",
    "beat",
    "beats",
    "ms",
    "hz",
    "x",
    "h",
    "hours",
)


def read_number(text: str) -> float:
    """The number of a text, with a decimal point or comma, and with or without its unit; `50%` is 0.5. NaN for none.

    A unit is not checked against what is asked for: who writes `128 bpm` or `3 dB` knows what the control is.
    """
    text = text.strip().replace("−", "-").replace("\u00a0", " ")
    if text.lower() in _INFINITE:
        return _INFINITE[text.lower()]
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return math.nan
    sign, digits, power, unit = match.groups()
    if unit and unit != "%" and unit.lower() not in _UNITS:
        return math.nan
    value = float(f"{sign}{digits.replace(',', '.')}{power or ''}")
    return value / 100.0 if unit == "%" else value


def read_whole(text: str) -> int | None:
    """The whole number of a text, with or without its unit; None for none."""
    match = re.fullmatch(r"([+-]?\d{1,30})\s*([a-z]*)", text.strip(), re.IGNORECASE)
    if match is None or (match[2] and match[2].lower() not in _UNITS):
        return None
    return int(match[1])

"""Values of messages: what controllers send becomes what the table asks for, or an error that states the range."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osc_protocol.table import PRESSED, ROWS, TABLE, Argument, Row

Value = bool | int | float | str

_TYPE_NAMES = {"f": "a number", "i": "a whole number", "s": "a text", "T": "true or false (T, F, 0 or 1)"}
_ROUNDING = 0.01  # of a fader's range: what lies outside by less is its end
_WIDEST_FADER = 1000.0  # of a wider range, a hundredth is no rounding
_FINE_ROUNDING = 1e-6
ERROR, TOLD, DONE = (ROWS[name].pattern for name in ("/musika/error", "/musika/told", "/musika/done"))
"""What the generator tells of what it was sent: that it is not possible, what came of it, that it is done."""
_LITERAL = {row.pattern: row for row in TABLE if not row.placeholders}
_PATTERNS = tuple(row for row in TABLE if row.placeholders)


class ProtocolError(ValueError):
    """A message that the table does not allow; `code` is one of the codes of `/musika/error`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Match:
    """The row of an address and what stands for its placeholders."""

    row: Row
    names: Mapping[str, str]


def find(address: str) -> Match:
    """The row that an address belongs to.

    Raises:
        ProtocolError: there is none.
    """
    if address in _LITERAL:
        return Match(_LITERAL[address], {})
    for row in _PATTERNS:
        if match := row.regex.fullmatch(address):
            return Match(row, match.groupdict())
    raise ProtocolError("address", f"{address} is not known: 'musika-daw protocol' lists all addresses")


def is_query(row: Row, values: Sequence[object]) -> bool:
    """Whether a message with these arguments asks for the value."""
    return row.access.readable and not values


def is_release(row: Row, values: Sequence[object]) -> bool:
    """Whether a message is a button let go, which does nothing; `values` are converted ones."""
    return row.arguments == (PRESSED,) and tuple(values) == (False,)


def range_text(argument: Argument) -> str:
    """What is expected: `0 to 1`, `40 to 240 bpm`, `now, beat, bar or phrase`, `a text`."""
    if argument.choices:
        return f"{', '.join(argument.choices[:-1])} or {argument.choices[-1]}"
    expected = " or ".join(_TYPE_NAMES[kind] for kind in argument.types)
    low, high = argument.low, argument.high
    if low is None and high is None:
        return f"{expected} ({argument.units})" if argument.units else expected
    limits = f"{_number(low)} to {_number(high)}" if high is not None else f"{_number(low)} or more"
    limits = f"{limits} {argument.units}".strip()
    return limits if argument.types == "f" else f"{expected}, {limits}"


def convert(argument: Argument, value: object) -> Value:
    """A value as the table has it: f for i, i for f, and T, F, 0 and 1 for booleans are taken.

    Numbers that miss a limit or a whole number by a rounding, as faders do that count in 32 bits, are what they miss.

    Raises:
        ProtocolError: of another type, or out of range.
    """
    if isinstance(value, int | float) and f"{value:g}" in argument.choices:
        value = f"{value:g}"  # a choice that reads like a number comes as one from those who have no texts
    for kind in argument.types:
        converted = _CONVERTERS[kind](value)
        if converted is not None:
            return _checked(argument, converted)
    raise ProtocolError("type", f"{argument.name} {_shown(value)} has the wrong type: expected {range_text(argument)}")


def convert_arguments(row: Row, values: Sequence[object]) -> tuple[Value, ...]:
    """The arguments of a message, converted; optional ones that were left out stay out.

    Raises:
        ProtocolError: too few, too many, or one of them is not possible.
    """
    arguments: Sequence[Argument] = row.arguments
    if arguments and arguments[-1].repeated:
        arguments = (*arguments[:-1], *[arguments[-1]] * (len(values) - len(arguments) + 1))
    most = len(arguments)
    least = sum(not argument.optional for argument in arguments)
    if not least <= len(values) <= most:
        names = ", ".join(argument.name for argument in row.arguments) or "none"
        count = f"{most}" if least == most else f"{least} to {most}"
        raise ProtocolError("count", f"{row.pattern} got {len(values)} arguments: expected {count} ({names})")
    return tuple(convert(argument, value) for argument, value in zip(arguments, values, strict=False))


def default(pattern: str, argument: int = 0) -> Value:
    """The default of an argument that has one."""
    value = ROWS[pattern].arguments[argument].default
    if value is None:
        raise KeyError(f"{pattern} has no default")
    return value


def _to_float(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _to_int(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Pure Data has no other numbers than floats.
    if not math.isfinite(value):
        return None
    return round(value) if abs(value - round(value)) <= _FINE_ROUNDING * max(1.0, abs(value)) else None


def _to_str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _to_bool(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    whole = _to_int(value)
    return bool(whole) if whole in (0, 1) else None


_CONVERTERS = {"f": _to_float, "i": _to_int, "s": _to_str, "T": _to_bool}


def clamped(value: float, low: float, high: float) -> float | None:
    """A number between two limits; one outside by a rounding is the limit, one further away is None."""
    width = high - low
    allowed = _ROUNDING * width if width <= _WIDEST_FADER else _FINE_ROUNDING * width if math.isfinite(width) else 0.0
    if not low - allowed <= value <= high + allowed:
        return None
    return min(max(value, low), high)


def _checked(argument: Argument, value: Value) -> Value:
    """The value, or the limit that it misses by a rounding.

    Raises:
        ProtocolError: it is out of range.
    """
    found: Value | None = value
    if isinstance(value, str):
        found = value if not argument.choices or value in argument.choices else None
    elif isinstance(value, float):
        low = -math.inf if argument.low is None else argument.low
        high = math.inf if argument.high is None else argument.high
        found = clamped(value, low, high) if math.isfinite(value) else None
    elif not isinstance(value, bool):
        within = (argument.low is None or argument.low <= value) and (argument.high is None or value <= argument.high)
        found = value if within else None
    if found is None:
        raise ProtocolError(
            "range", f"{argument.name} {_shown(value)} is out of range: expected {range_text(argument)}"
        )
    return found


def _number(value: float | None) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."

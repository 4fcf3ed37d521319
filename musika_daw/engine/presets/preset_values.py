"""Values of a preset's file: each is what it should be, or one line says what is possible."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from musika_daw.controls.control import Control, Field, Kind
from musika_daw.controls.music import LARGEST_SEED
from musika_daw.engine.presets.control_texts import check_style, check_text
from musika_daw.errors import UserError
from musika_daw.near_names import did_you_mean, same_name

Read = Callable[[str, object], Any]
"""Takes a key and what the file holds there; gives the value or raises UserError, a line that begins with the key."""

_SHOWN_CHARACTERS = 40


def shown(value: object) -> str:
    """A value within a message, quoted and short."""
    text = str(value)
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "...")


def listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def number(low: float, high: float, unit: str = "") -> Read:
    expected = f"expected {low:g} to {high:.6g}{f' {unit}' if unit else ''}"

    def read(key: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or _is_nan(value):
            raise UserError(f"{key} {shown(value)} is not a number: {expected}")
        if not low <= value <= high:
            raise UserError(f"{key} {shown(value)} is out of range: {expected}")
        return float(value)

    return read


def _is_nan(value: float) -> bool:
    """Of whole numbers of any length, too."""
    return isinstance(value, float) and math.isnan(value)


def whole(low: int, high: int, unit: str = "") -> Read:
    expected = f"expected {low} to {high}{f' {unit}' if unit else ''}"

    def read(key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise UserError(f"{key} {shown(value)} is not a whole number: {expected}")
        if not low <= value <= high:
            raise UserError(f"{key} {shown(value)} is out of range: {expected}")
        return value

    return read


def text(key: str, value: object) -> str:
    """A text of one line."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise UserError(f"{key} {shown(value)} is not possible: expected a text of one line")
    return value


def choice(*allowed: str) -> Read:
    def read(key: str, value: object) -> str:
        found = same_name(str(value), allowed)
        if found is None:
            raise UserError(
                f"{key} {shown(value)} is not known: {did_you_mean(str(value), allowed)}expected {listed(allowed)}"
            )
        return found

    return read


def checked(parse: Callable[[str], object]) -> Read:
    """A text that something else can read, kept as it was typed."""

    def read(key: str, value: object) -> str:
        typed = text(key, value)
        try:
            parse(typed)
        except UserError as error:
            raise UserError(f"{key}: {error}") from error
        return typed

    return read


def table(key: str, value: object, of: str, allowed: Sequence[str]) -> Mapping[str, object]:
    """A table whose keys are all known; `of` says what they are."""
    if not isinstance(value, Mapping):
        raise UserError(f"{key} {shown(value)} is not possible: expected a table of {of}: {listed(allowed)}")
    for name in value:
        if name not in allowed:
            hint = did_you_mean(str(name), allowed)
            raise UserError(f"{key}: {of} {shown(name)} is not known: {hint}expected {listed(allowed)}")
    return value


def style(key: str, value: object) -> str:
    """A seed, the name of a shipped style or the path of a style's file, loaded to see that it can be played."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UserError(f"{key} {shown(value)} is not possible: expected the name of a style, or a seed")
    if isinstance(value, int) or value.isdigit():
        return str(whole(0, LARGEST_SEED)(key, int(value)))
    try:
        return check_style(value)
    except UserError as error:
        raise UserError(f"{key}: {error}") from error


def switch(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UserError(f"{key} {shown(value)} is not possible: expected true or false")
    return value


def some_of(stems: Sequence[str]) -> Read:
    """A list, or a text as options have it."""

    def read(key: str, value: object) -> tuple[str, ...]:
        wanted = value.split(",") if isinstance(value, str) else value
        if not isinstance(wanted, list) or not wanted:
            raise UserError(f"{key} {shown(value)} is not possible: expected a list of {listed(stems)}")
        names = [choice(*stems)(key, str(name).strip()) for name in wanted]
        return tuple(stem for stem in stems if stem in names)

    return read


def field(control: Control, part: Field) -> Read:
    """How one value of a control is read, by its row in the book."""
    if part.kind is Kind.NUMBER and part.low is not None and part.high is not None:
        return number(part.low, part.high, part.unit)
    if part.kind is Kind.INTEGER and part.low is not None and part.high is not None:
        return whole(int(part.low), int(part.high), part.unit)
    if part.kind is Kind.CHOICE:
        return choice(*part.choices)
    if part.kind is Kind.TEXT:
        return checked(lambda typed: check_text(control, typed))
    readers: Mapping[Kind, Read] = {Kind.SWITCH: switch, Kind.STYLE: style}
    return readers[part.kind]


def values(control: Control) -> Callable[[str, object], tuple[Any, ...]]:
    """How all values of a control are read: one as it is, several as a list."""
    parts = control.needed

    def read(key: str, value: object) -> tuple[Any, ...]:
        if len(parts) == 1:
            return (field(control, parts[0])(key, value),)
        if not isinstance(value, list) or len(value) != len(parts):
            count = {2: "two"}.get(len(parts), str(len(parts)))
            limits = f" from {parts[0].low:g} to {parts[0].high:g}" if parts[0].high is not None else ""
            raise UserError(f"{key} {shown(value)} is not possible: expected {count} numbers{limits}, e.g. [0.5, 0.25]")
        return tuple(field(control, part)(f"{key} {part.name}", each) for part, each in zip(parts, value, strict=True))

    return read

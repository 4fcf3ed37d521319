"""Values of a preset's file: each is what it should be, or one line says what is possible."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from musika_daw.engine.mixer import Level
from musika_daw.errors import UserError
from musika_daw.music.harmony import parse_chords, parse_key
from musika_daw.music.notes import ALL
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM

Read = Callable[[str, object], Any]
"""Takes a key and what the file holds there; gives the value or raises UserError, a line that begins with the key."""

LARGEST_SEED = 2**63 - 1
CORNERS = ("a", "b", "c", "d")
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
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise UserError(f"{key} {shown(value)} is not a number: {expected}")
        if not low <= value <= high:
            raise UserError(f"{key} {shown(value)} is out of range: {expected}")
        return float(value)

    return read


def whole(low: int, high: int) -> Read:
    def read(key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise UserError(f"{key} {shown(value)} is not a whole number: expected {low} to {high}")
        if not low <= value <= high:
            raise UserError(f"{key} {shown(value)} is out of range: expected {low} to {high}")
        return value

    return read


def text(key: str, value: object) -> str:
    """A text of one line."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise UserError(f"{key} {shown(value)} is not possible: expected a text of one line")
    return value


def choice(*allowed: str) -> Read:
    def read(key: str, value: object) -> str:
        if str(value) not in allowed:
            raise UserError(f"{key} {shown(value)} is not known: expected {listed(allowed)}")
        return str(value)

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
            raise UserError(f"{key}: {of} {shown(name)} is not known: expected {listed(allowed)}")
    return value


def share_per_stem(stems: Sequence[str]) -> Read:
    """`0.7` for all stems, or `{all = 0.5, drums = 0.9}`."""
    share = number(0.0, 1.0)

    def read(key: str, value: object) -> dict[str, float]:
        if not isinstance(value, Mapping):
            return {ALL: share(key, value)}
        return {stem: share(f"{key}.{stem}", v) for stem, v in table(key, value, "stem", (ALL, *stems)).items()}

    return read


def style(key: str, value: object) -> str:
    """A seed, the name of a shipped style or the path of a style's file, loaded to see that it can be played."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise UserError(f"{key} {shown(value)} is not possible: expected the name of a style, or a seed")
    if isinstance(value, int) or value.isdigit():
        return str(whole(0, LARGEST_SEED)(key, int(value)))
    from musika_daw.engine.style_preset import load_style_preset

    try:
        loaded = load_style_preset(value)
    except UserError as error:
        raise UserError(f"{key}: {error}") from error
    if not loaded.settings:
        raise UserError(f"{key}: style {shown(value)} has no [settings]: it cannot be played")
    return value


def anchors(key: str, value: object) -> dict[str, str]:
    return {corner: style(f"{key}.{corner}", v) for corner, v in table(key, value, "corner", CORNERS).items()}


def morph(key: str, value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise UserError(f"{key} {shown(value)} is not possible: expected two numbers from 0 to 1, e.g. [0.5, 0.25]")
    x, y = (number(0.0, 1.0)(f"{key} {axis}", v) for axis, v in zip("xy", value, strict=True))
    return x, y


def some_of(stems: Sequence[str]) -> Read:
    """A list, or a text as options have it."""

    def read(key: str, value: object) -> tuple[str, ...]:
        wanted = value.split(",") if isinstance(value, str) else value
        if not isinstance(wanted, list) or not wanted:
            raise UserError(f"{key} {shown(value)} is not possible: expected a list of {listed(stems)}")
        names = [choice(*stems)(key, str(name).strip()) for name in wanted]
        return tuple(stem for stem in stems if stem in names)

    return read


def levels(stems: Sequence[str]) -> Read:
    def read(key: str, value: object) -> dict[str, Level]:
        return {stem: _level(f"{key}.{stem}", v) for stem, v in table(key, value, "stem", stems).items()}

    return read


def _level(key: str, value: object) -> Level:
    given = dict(table(key, value, "level", ("gain", "pan", "mute", "solo")))
    for name, v in given.items():
        if name in ("mute", "solo"):
            if not isinstance(v, bool):
                raise UserError(f"{key}.{name} {shown(v)} is not possible: expected true or false")
        elif isinstance(v, bool) or not isinstance(v, int | float):
            raise UserError(f"{key}.{name} {shown(v)} is not a number: expected e.g. -3.0")
    try:
        return Level(**given)  # type: ignore[arg-type]
    except UserError as error:
        raise UserError(f"{key}: {error}") from error


bpm = number(MIN_BPM, MAX_BPM)
key = checked(parse_key)
chords = checked(parse_chords)

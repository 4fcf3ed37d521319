"""Texts of options and presets become values; every refusal is one line that says what was expected."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Sequence

from musika_daw.controls.music import LARGEST_SEED
from musika_daw.controls.setup import MAX_SECONDS
from musika_daw.errors import UsageError
from musika_daw.music.notes import STEMS
from musika_daw.near_names import did_you_mean, same_name
from musika_daw.written_numbers import read_number, read_whole

_SHOWN_CHARACTERS = 40
_ON, _OFF = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


def shown(text: str) -> str:
    """A value within a message, quoted and short."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "...")


def parse_number(name: str, text: str, low: float, high: float, units: str = "") -> float:
    """A finite number between two limits."""
    expected = f"expected {low:g} to {high:.6g}{f' {units}' if units else ''}"
    value = read_number(text)
    if math.isnan(value):
        raise UsageError(f"{name} {shown(text)} is not a number: {expected}")
    if not low <= value <= high:
        raise UsageError(f"{name} {shown(text)} is out of range: {expected}")
    return value


def parse_whole(name: str, text: str, low: int, high: int, units: str = "") -> int:
    """A whole number between two limits."""
    expected = f"expected {low} to {high}{f' {units}' if units else ''}"
    value = read_whole(text)
    if value is None:
        raise UsageError(f"{name} {shown(text)} is not a whole number: {expected}")
    if not low <= value <= high:
        raise UsageError(f"{name} {shown(text)} is out of range: {expected}")
    return value


def parse_seconds(text: str) -> float:
    """A length in seconds."""
    return parse_number("seconds", text, 0.1, MAX_SECONDS)


def parse_seed(text: str) -> int:
    return parse_whole("seed", text, 0, LARGEST_SEED)


def is_random(text: str) -> bool:
    """Whether someone asks for any seed."""
    return text.strip().lower() == "random"


def random_seed() -> int:
    """A seed that nobody chose, short enough to be noted down."""
    return secrets.randbelow(1_000_000)


def parse_switch(name: str, text: str) -> bool:
    """`on` or `off`, or a word that means the same."""
    word = text.strip().lower()
    if word not in (*_ON, *_OFF):
        raise UsageError(f"{name} {shown(text)} is not possible: expected on or off")
    return word in _ON


def check_stem(name: str, stems: Sequence[str] = STEMS) -> str:
    """The name as the model has it, however it is capitalised."""
    found = same_name(name, stems)
    if found is None:
        hint = did_you_mean(name, stems)
        raise UsageError(f"stem {shown(name)} is not known: {hint}expected one of {', '.join(stems)}")
    return found


def parse_choice(name: str, text: str, choices: Sequence[str]) -> str:
    """One of some texts."""
    found = same_name(text, choices)
    if found is None:
        hint = did_you_mean(text, choices)
        raise UsageError(f"{name} {shown(text)} is not known: {hint}expected {' or '.join(choices)}")
    return found


def parse_style(text: str) -> str:
    """A seed, the name of a shipped style, or a style's `.toml` file; loaded to see that it can be."""
    if re.fullmatch(r"[0-9]+", text):
        return str(parse_whole("style", text, 0, LARGEST_SEED))
    from musika_daw.engine.presets.control_texts import check_style

    return check_style(text)


SAMPLE_FORMATS = {"16": "pcm16", "24": "pcm24", "float": "float32", "flac": "flac24", "flac16": "flac16"}
"""Names of sample formats as options and presets have them, and as the engine does."""

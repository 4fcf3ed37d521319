"""Texts of options and presets become values; every refusal is one line that says what was expected."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from musika_daw.errors import UsageError
from musika_daw.music.notes import ALL, STEMS
from musika_daw.music.tempo_map import MAX_BPM, MIN_BPM

MOST_BARS = 100_000
MOST_SECONDS = 200_000.0
LARGEST_SEED = 2**63 - 1
_SHOWN_CHARACTERS = 40


def shown(text: str) -> str:
    """A value within a message, quoted and short."""
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "...")


def parse_number(name: str, text: str, low: float, high: float, units: str = "") -> float:
    """A finite number between two limits."""
    expected = f"expected {low:g} to {high:.6g}{f' {units}' if units else ''}"
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise UsageError(f"{name} {shown(text)} is not a number: {expected}")
    if not low <= value <= high:
        raise UsageError(f"{name} {shown(text)} is out of range: {expected}")
    return value


def parse_whole(name: str, text: str, low: int, high: int) -> int:
    """A whole number between two limits."""
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text.strip()):
        raise UsageError(f"{name} {shown(text)} is not a whole number: expected {low} to {high}")
    value = int(text)
    if not low <= value <= high:
        raise UsageError(f"{name} {shown(text)} is out of range: expected {low} to {high}")
    return value


def parse_bpm(text: str) -> float:
    return parse_number("bpm", text, MIN_BPM, MAX_BPM)


def parse_bars(text: str) -> int:
    return parse_whole("bars", text, 1, MOST_BARS)


def parse_seconds(text: str) -> float:
    return parse_number("seconds", text, 0.1, MOST_SECONDS)


def parse_start_bar(text: str) -> int:
    return parse_whole("start bar", text, 1, MOST_BARS)


def parse_seed(text: str) -> int:
    return parse_whole("seed", text, 0, LARGEST_SEED)


def parse_variation(text: str) -> float:
    return parse_number("variation", text, 0.0, 1.0)


def parse_truncation(text: str) -> float:
    return parse_number("truncation", text, 0.05, 10.0)


def parse_switch(name: str, text: str) -> bool:
    """`on` or `off`."""
    if text not in ("on", "off"):
        raise UsageError(f"{name} {shown(text)} is not possible: expected on or off")
    return text == "on"


def check_stem(name: str, stems: Sequence[str] = STEMS) -> str:
    if name not in stems:
        raise UsageError(f"stem {shown(name)} is not known: expected one of {', '.join(stems)}")
    return name


def parse_per_stem(name: str, text: str) -> dict[str, float]:
    """`0.7` for `all`, or `drums=0.9,bass=0.3` for those named; the model knows whether it has them."""
    if "=" not in text:
        return {ALL: parse_number(name, text, 0.0, 1.0)}
    values: dict[str, float] = {}
    for part in text.split(","):
        stem, equals, number = part.partition("=")
        stem = stem.strip()
        if not equals:
            raise UsageError(f"{name} {shown(text)} is not possible: expected a number, or e.g. drums=0.9,bass=0.3")
        if stem in values:
            raise UsageError(f"{name} {shown(text)} names {stem} twice: expected every stem once at most")
        values[stem] = parse_number(f"{name} of {stem}", number, 0.0, 1.0)
    return values


def parse_stems(text: str) -> tuple[str, ...]:
    """`drums,bass` -> those stems; the model knows whether it has them."""
    return tuple(part.strip() for part in text.split(","))


def parse_notes(text: str) -> tuple[str, Path]:
    """`bass=line.mid` -> stem and file."""
    stem, equals, path = text.partition("=")
    if not equals or not path:
        raise UsageError(f"notes {shown(text)} is not possible: expected STEM=FILE.mid, e.g. bass=line.mid")
    return check_stem(stem.strip()), Path(path)


def parse_style(text: str) -> str:
    """A seed, the name of a shipped style, or a style's `.toml` file; loaded to see that it can be."""
    if re.fullmatch(r"[0-9]+", text):
        return str(parse_whole("style", text, 0, LARGEST_SEED))
    from musika_daw.engine.style_preset import load_style_preset

    load_style_preset(text)
    return text


SAMPLE_FORMATS = {"24": "pcm24", "float": "float32"}


def parse_format(text: str) -> str:
    """`24` or `float` -> the engine's name of it."""
    if text not in SAMPLE_FORMATS:
        raise UsageError(f"format {shown(text)} is not known: expected {' or '.join(SAMPLE_FORMATS)}")
    return SAMPLE_FORMATS[text]

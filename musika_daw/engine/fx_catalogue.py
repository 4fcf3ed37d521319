"""Which effects a preset may name, what can be set on them and how far."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from musika_daw.errors import UserError


@dataclass(frozen=True, slots=True)
class Parameter:
    """Range and default of one setting; the unit is part of its name."""

    low: float
    high: float
    default: float


@dataclass(frozen=True)
class FxSpec:
    """One effect of a chain: a type of `EFFECTS` and a value for each of its parameters."""

    type: str
    parameters: Mapping[str, float]


def _shelf() -> dict[str, Parameter]:
    return {
        "cutoff_frequency_hz": Parameter(20, 20000, 1000),
        "gain_db": Parameter(-24, 24, 0),
        "q": Parameter(0.1, 10, math.sqrt(0.5)),
    }


_MIX = Parameter(0, 1, 0.5)  # share of the wet sound; the dry sound has the rest
EFFECTS: Mapping[str, Mapping[str, Parameter]] = {
    "Gain": {"gain_db": Parameter(-60, 24, 0)},
    "HighpassFilter": {"cutoff_frequency_hz": Parameter(10, 20000, 30)},
    "LowpassFilter": {"cutoff_frequency_hz": Parameter(20, 20000, 12000)},
    "HighShelf": _shelf(),
    "LowShelf": _shelf(),
    "Peak": _shelf(),
    "Compressor": {
        "threshold_db": Parameter(-60, 0, -18),
        "ratio": Parameter(1, 20, 2),
        "attack_ms": Parameter(0.1, 200, 10),
        "release_ms": Parameter(5, 1000, 100),
    },
    # Brings what reaches the threshold up to full scale, as JUCE's limiter does.
    "Limiter": {"threshold_db": Parameter(-24, 0, -1), "release_ms": Parameter(5, 1000, 100)},
    "Distortion": {"drive_db": Parameter(0, 40, 6)},
    "Bitcrush": {"bit_depth": Parameter(2, 24, 12)},
    # A centre of 1 to 5 ms makes a flanger.
    "Chorus": {
        "rate_hz": Parameter(0.01, 8, 0.5),
        "depth_ms": Parameter(0, 20, 2),
        "centre_delay_ms": Parameter(1, 40, 8),
        "mix": _MIX,
    },
    "Delay": {
        "beats": Parameter(0.03125, 4, 0.75),
        "feedback": Parameter(0, 0.95, 0.4),
        "mix": _MIX,
        "ping_pong": Parameter(0, 1, 0),
        "tone_hz": Parameter(200, 20000, 20000),
    },
    # dry_level 0.5 leaves the dry sound as it is.
    "Reverb": {
        "room_size": Parameter(0, 0.97, 0.5),
        "damping": Parameter(0, 1, 0.5),
        "wet_level": Parameter(0, 1, 0.15),
        "dry_level": Parameter(0, 1, 0.5),
        "width": Parameter(0, 1, 1),
    },
}


def parse_fx(tables: Sequence[object], where: str) -> tuple[FxSpec, ...]:
    """A chain as a preset describes it, e.g. `[{"type": "Delay", "beats": 0.75, "mix": 0.2}]`.

    Args:
        where: the preset and stem, for messages, e.g. `preset fathom, fx.chords`.

    Raises:
        UserError: one line that names the entry (counted from 1) and what is allowed there.
    """
    return tuple(_parse_entry(table, f"{where} {number}") for number, table in enumerate(tables, 1))


def _parse_entry(table: object, where: str) -> FxSpec:
    kind = table.get("type") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(kind, str):
        raise UserError(f'{where}: expected a table with a type, e.g. type = "Delay"')
    if kind not in EFFECTS:
        raise UserError(f"{where}: effect {kind!r} is not known; expected one of {', '.join(EFFECTS)}")
    allowed = EFFECTS[kind]
    parameters = {name: parameter.default for name, parameter in allowed.items()}
    for name, value in table.items():
        if name == "type":
            continue
        if name not in allowed:
            raise UserError(f"{where}: {kind} has no parameter {name!r}; expected {', '.join(allowed)}")
        low, high = allowed[name].low, allowed[name].high
        # `not low <= value <= high` also refuses nan
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise UserError(f"{where}: {kind} {name} = {value!r} is not possible; expected {low:g} to {high:g}")
        parameters[name] = float(value)
    return FxSpec(kind, parameters)

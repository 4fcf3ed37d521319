"""Which effects a preset may name, what can be set on them and how far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

_UNITS = {"hz": "Hz", "db": "dB", "ms": "ms", "beats": "beats", "depth": "bit"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Range and default of one setting; the unit is part of its name.

    Attributes:
        ramp_seconds: how long a new value takes to be reached; 0 where the effect fades by itself.
        octaves: moves evenly in octaves (by factors), as pitch does.
    """

    low: float
    high: float
    default: float
    ramp_seconds: float = 0.02
    octaves: bool = False


@dataclass(frozen=True)
class FxSpec:
    """One effect of a chain.

    Attributes:
        type: one of `EFFECTS`, or `Plugin`.
        parameters: a value for each of its parameters, `bypass` only if it is not 0; of a plug-in those that are not
            left as they are.
        path: of a plug-in, its file or folder.
        plugin: which one of several that the file holds; empty for the only one.
    """

    type: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    path: str = ""
    plugin: str = ""


PLUGIN = "Plugin"
BYPASS = "bypass"
"""A parameter of every effect, of plug-ins too: share of the sound that goes past it."""


def unit_of(parameter: str) -> str:
    """`cutoff_frequency_hz` -> `Hz`; empty for shares and ratios."""
    return _UNITS.get(parameter.rsplit("_", 1)[-1], "")


def _hz(low: float, high: float, default: float) -> Parameter:
    return Parameter(low, high, default, octaves=True)


def _shelf() -> dict[str, Parameter]:
    return {
        "cutoff_frequency_hz": _hz(20, 20000, 1000),
        "gain_db": Parameter(-24, 24, 0, ramp_seconds=0.03),  # a shelf that moves faster overshoots
        "q": Parameter(0.1, 10, math.sqrt(0.5), octaves=True),
    }


_MIX = Parameter(0, 1, 0.5)  # share of the wet sound; the dry sound has the rest
_DELAY_RAMP_SECONDS = 0.1  # a delay that moves bends the pitch: the slower, the less
_OWN: Mapping[str, Mapping[str, Parameter]] = {
    "Gain": {"gain_db": Parameter(-60, 24, 0)},
    "HighpassFilter": {"cutoff_frequency_hz": _hz(10, 20000, 30)},
    "LowpassFilter": {"cutoff_frequency_hz": _hz(20, 20000, 12000)},
    "HighShelf": _shelf(),
    "LowShelf": _shelf(),
    "Peak": _shelf(),
    "Compressor": {
        "threshold_db": Parameter(-60, 0, -18),
        "ratio": Parameter(1, 20, 2, octaves=True),
        "attack_ms": Parameter(0.1, 200, 10),
        "release_ms": Parameter(5, 1000, 100),
    },
    # Brings what reaches the threshold up to full scale, as JUCE's limiter does.
    "Limiter": {"threshold_db": Parameter(-24, 0, -1), "release_ms": Parameter(5, 1000, 100)},
    "Distortion": {"drive_db": Parameter(0, 40, 6)},
    "Bitcrush": {"bit_depth": Parameter(2, 24, 12)},
    # A centre of 1 to 5 ms makes a flanger.
    "Chorus": {
        "rate_hz": Parameter(0.01, 8, 0.5, ramp_seconds=0),
        "depth_ms": Parameter(0, 20, 2, _DELAY_RAMP_SECONDS),
        "centre_delay_ms": Parameter(1, 40, 8, _DELAY_RAMP_SECONDS),
        "mix": _MIX,
    },
    "Delay": {
        "beats": Parameter(0.03125, 4, 0.75, ramp_seconds=0),
        "feedback": Parameter(0, 0.95, 0.4),
        "mix": _MIX,
        "ping_pong": Parameter(0, 1, 0),
        "tone_hz": _hz(200, 20000, 20000),
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

BYPASSED = Parameter(0, 1, 0)
EFFECTS: Mapping[str, Mapping[str, Parameter]] = {kind: {**own, BYPASS: BYPASSED} for kind, own in _OWN.items()}

"""The style vector: a producer's own settings, each on a scale of its own.

A style is a set of named settings (drum pitches and decays, wave shapes, filters, envelopes, ducking) and a genre.
As a vector every setting lies in -1..1 between the ends of its range, so that styles can be mixed and morphed, and a
direction in the vector means what its name says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError

GENRES = ("peak", "minimal", "dub", "acid", "melodic", "electro", "hypnotic", "hard")


@dataclass(frozen=True, slots=True)
class Setting:
    """One knob: its name (with unit), its range and whether it moves in ratios."""

    name: str
    low: float
    high: float
    ratio: bool = False

    def to_unit(self, value: float) -> float:
        """Value -> -1..1."""
        if self.ratio:
            return 2.0 * math.log(value / self.low) / math.log(self.high / self.low) - 1.0
        return 2.0 * (value - self.low) / (self.high - self.low) - 1.0

    def from_unit(self, unit: float) -> float:
        """-1..1 -> value."""
        share = (unit + 1.0) / 2.0
        if self.ratio:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share


_DRUMS = (
    Setting("kick_pitch_hz", 41, 62, ratio=True),
    Setting("kick_sweep_octaves", 1.0, 3.5),
    Setting("kick_sweep_seconds", 0.006, 0.04, ratio=True),
    Setting("kick_decay_seconds", 0.06, 0.3, ratio=True),
    Setting("kick_drive", 0, 1),
    Setting("kick_click", 0, 1),
    Setting("snare_pitch_hz", 150, 260, ratio=True),
    Setting("snare_tone", 0, 1),
    Setting("snare_decay_seconds", 0.04, 0.18, ratio=True),
    Setting("snare_level", 0, 1),
    Setting("clap_tone_hz", 800, 2400, ratio=True),
    Setting("clap_decay_seconds", 0.04, 0.2, ratio=True),
    Setting("clap_level", 0, 1),
    Setting("hat_tone_hz", 4500, 10000, ratio=True),
    Setting("hat_metal", 0, 1),
    Setting("hat_closed_seconds", 0.01, 0.05, ratio=True),
    Setting("hat_open_seconds", 0.06, 0.25, ratio=True),
    Setting("hat_level", 0, 1),
    Setting("ride_tone_hz", 3000, 8000, ratio=True),
    Setting("ride_decay_seconds", 0.15, 0.6, ratio=True),
    Setting("tom_pitch_hz", 70, 180, ratio=True),
    Setting("tom_decay_seconds", 0.08, 0.3, ratio=True),
    Setting("perc_pitch_hz", 300, 1400, ratio=True),
    Setting("perc_decay_seconds", 0.02, 0.12, ratio=True),
    Setting("perc_metal", 0, 1),
    Setting("perc_level", 0, 1),
    Setting("drum_room", 0, 1),
    Setting("drum_drive", 0, 1),
    Setting("drum_width", 0, 1),
)
_PITCHED = (
    Setting("square", 0, 1),
    Setting("sub", 0, 1),
    Setting("detune_cents", 0, 24),
    Setting("width", 0, 1),
    Setting("cutoff_hz", 180, 4500, ratio=True),
    Setting("filter_env_octaves", 0, 4),
    Setting("filter_decay_seconds", 0.03, 0.6, ratio=True),
    Setting("resonance", 0, 1),
    Setting("attack_seconds", 0.001, 0.12, ratio=True),
    Setting("decay_seconds", 0.05, 1.0, ratio=True),
    Setting("sustain", 0, 1),
    Setting("release_seconds", 0.01, 0.3, ratio=True),
    Setting("drive", 0, 1),
    Setting("noise", 0, 1),
    Setting("room", 0, 1),
)
SETTINGS: tuple[Setting, ...] = (
    *_DRUMS,
    *(Setting(f"{stem}_{s.name}", s.low, s.high, s.ratio) for stem in ("bass", "chords", "lead") for s in _PITCHED),
    Setting("duck_depth", 0, 1),
    Setting("duck_seconds", 0.06, 0.25, ratio=True),
    Setting("swing", 0, 0.33),
)
STYLE_SIZE = len(GENRES) + len(SETTINGS)
_PLACES = {setting.name: place for place, setting in enumerate(SETTINGS)}


@dataclass(frozen=True)
class Style:
    """A genre mixture and a value for every setting."""

    genre: Mapping[str, float]
    settings: Mapping[str, float]

    def vector(self) -> NDArray[np.float32]:
        """`[STYLE_SIZE]`: genre weights in -1..1 first, then the settings in -1..1."""
        genre = [2.0 * self.genre.get(g, 0.0) - 1.0 for g in GENRES]
        return np.array([*genre, *(s.to_unit(self.settings[s.name]) for s in SETTINGS)], np.float32)


def style_from_vector(vector: NDArray[np.float32]) -> Style:
    """The inverse of `Style.vector`."""
    units = [float(v) for v in vector]
    genre = {g: (u + 1.0) / 2.0 for g, u in zip(GENRES, units, strict=False)}
    rest = units[len(GENRES) :]
    return Style(genre, {s.name: s.from_unit(u) for s, u in zip(SETTINGS, rest, strict=True)})


def settings_of(vector: NDArray[np.float32], names: tuple[str, ...]) -> list[float]:
    """The values of some settings of a style's vector."""
    places = [_PLACES[name] for name in names]
    return [SETTINGS[place].from_unit(float(vector[len(GENRES) + place])) for place in places]


def style_from_settings(genre: str, settings: Mapping[str, float]) -> Style:
    """A style from a preset's table; every setting must be there and in its range.

    Raises:
        UserError: unknown genre, unknown or missing setting, value out of range.
    """
    if genre not in GENRES:
        raise UserError(f"genre {genre!r} is not known: expected one of {', '.join(GENRES)}")
    known = {s.name: s for s in SETTINGS}
    for name in settings:
        if name not in known:
            raise UserError(f"style setting {name!r} is not known")
    for name, setting in known.items():
        if name not in settings:
            raise UserError(f"style setting {name!r} is missing: expected {setting.low:g} to {setting.high:g}")
        value = settings[name]
        if not setting.low - 1e-6 <= value <= setting.high + 1e-6:
            expected = f"expected {setting.low:g} to {setting.high:g}"
            raise UserError(f"style setting {name} = {value:g} is out of range: {expected}")
    return Style({genre: 1.0}, dict(settings))

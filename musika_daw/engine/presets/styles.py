"""Styles by name or seed: the vector the networks hear and the effects the engine adds."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.presets.style_file import StylePreset, load_style_preset, style_names
from musika_daw.engine.score import Morph
from musika_daw.errors import UsageError
from musika_daw.model.coordinates import STREAM_CHOICE, keyed_generator
from musika_daw.model.style import GENRES, Style, style_from_settings, style_from_vector
from musika_daw.music.notes import PITCHED_STEMS
from musika_daw.remember import remember


@dataclass(frozen=True)
class PlayedStyle:
    """A style ready to play.

    Attributes:
        preset: description and effects; of a seeded style, those of a named style of its genre.
        vector: `[STYLE_SIZE]` in -1..1.
        genre: weights in -1..1, the pattern net's share of the vector.
        swing: in steps.
        detune_cents: stem -> how far the excitation's two voices lie apart.
    """

    preset: StylePreset
    vector: NDArray[np.float32]
    genre: NDArray[np.float32]
    swing: float
    detune_cents: dict[str, float]


def _played(preset: StylePreset, style: Style) -> PlayedStyle:
    vector = style.vector()
    detune = {stem: style.settings[f"{stem}_detune_cents"] for stem in PITCHED_STEMS}
    return PlayedStyle(preset, vector, vector[: len(GENRES)], style.settings["swing"], detune)


class StyleBook:
    """Finds styles; `bank` holds the styles that seeds choose from, `[styles, STYLE_SIZE]`."""

    def __init__(self, bank: NDArray[np.float32]) -> None:
        self._bank = bank
        self.find = remember(self._find, 32)

    def _find(self, name: str | Morph) -> PlayedStyle:
        """A named style, a preset file, a seed, or a place between four of them.

        Raises:
            UsageError: neither a name nor a whole number >= 0.
        """
        if isinstance(name, Morph):
            return self._between(name)
        if not name.isdigit():
            preset = load_style_preset(name)
            if not preset.settings:
                raise UsageError(f"style {name!r} has no [settings]: it cannot be played")
            return _played(preset, style_from_settings(preset.genre, preset.settings))
        row = int(keyed_generator(int(name), STREAM_CHOICE, 0).integers(len(self._bank)))
        style = style_from_vector(self._bank[row])
        genre = max(style.genre, key=lambda g: style.genre[g])
        named = [load_style_preset(n) for n in style_names()]
        return _played(next(p for p in named if p.genre == genre), style)

    def _between(self, morph: Morph) -> PlayedStyle:
        """Sound from all four anchors, notes from the nearest one."""
        a, b, c, d = (self.find(name) for name in morph.anchors)
        upper, lower = slerp(a.vector, b.vector, morph.x), slerp(c.vector, d.vector, morph.x)
        vector = np.clip(slerp(upper, lower, morph.y), -1.0, 1.0)
        nearest = self.find(morph.nearest)
        sound = _played(nearest.preset, style_from_vector(vector))
        return dataclasses.replace(sound, genre=nearest.genre, swing=nearest.swing)


def slerp(start: NDArray[np.float32], end: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Along the arc from one vector to the other; the norm goes in a line, so it never dips between them."""
    norms = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    if min(norms) < 1e-6:
        return np.asarray(start + share * (end - start), np.float32)
    a, b = start / norms[0], end / norms[1]
    angle = math.acos(float(np.clip(a @ b, -1.0, 1.0)))
    if angle < 1e-4 or angle > math.pi - 1e-4:
        mixed = a + share * (b - a)
    else:
        mixed = (math.sin((1 - share) * angle) * a + math.sin(share * angle) * b) / math.sin(angle)
    return np.asarray(mixed * (norms[0] + share * (norms[1] - norms[0])), np.float32)

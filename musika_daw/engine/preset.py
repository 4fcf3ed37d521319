"""What a preset sets: a place to start playing from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from musika_daw.engine.console import Sound
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.mixer import Level
from musika_daw.engine.score import Morph
from musika_daw.music.notes import ALL


@dataclass(frozen=True)
class Preset:
    """Everything but name and description may be left out; what is not there stays as it is.

    Attributes:
        name: the file's name without `.toml`.
        description: one line for lists.
        model: shipped or installed model, or the path of one.
        bpm: tempo.
        key, chords: as they are typed; `off` lets the model choose.
        density, brightness: stem, or `all`, -> 0..1.
        anchors: corner of the morph square, `a` to `d`, -> a style's name, a seed as text, or a style's file.
        morph: place in the square, x and y in 0..1.
        quantize: when control moves land: `now`, `beat`, `bar` or `phrase`.
        stems: which are played.
        fx: stem, or `mix`, -> its chain in place of the style's; an empty one for no effects.
        levels: stem -> gain, pan, mute and solo.
        bus_map: which channels of the audio device play what, as `--bus` has it.
        bars, seconds, start_bar, sample_format: of a render.
    """

    name: str
    description: str = ""
    model: str | None = None
    seed: int | None = None
    bpm: float | None = None
    key: str | None = None
    chords: str | None = None
    density: Mapping[str, float] = field(default_factory=dict)
    brightness: Mapping[str, float] = field(default_factory=dict)
    variation: float | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)
    morph: tuple[float, float] | None = None
    quantize: str | None = None
    stems: tuple[str, ...] | None = None
    fx: Mapping[str, tuple[FxSpec, ...]] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    bus_map: str | None = None
    bars: int | None = None
    seconds: float | None = None
    start_bar: int | None = None
    sample_format: str | None = None

    @property
    def sound(self) -> Sound:
        """Effects and levels, as the console takes them."""
        return Sound(self.fx, self.levels)

    def style(self) -> str | Morph | None:
        """What plays if nothing was set before: corners that are missing have the style of the first that is there."""
        if not self.anchors:
            return None
        first = next(self.anchors[corner] for corner in "abcd" if corner in self.anchors)
        a, b, c, d = (self.anchors.get(corner, first) for corner in "abcd")
        x, y = self.morph or (0.0, 0.0)
        return a if (x, y) == (0.0, 0.0) else Morph((a, b, c, d), x, y)

    def of_stem(self, control: str, stem: str) -> float | None:
        """`density` or `brightness` of one stem; None if the preset leaves it as it is."""
        values: Mapping[str, float] = getattr(self, control)
        return values.get(stem, values.get(ALL))

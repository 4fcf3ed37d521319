"""The score: everything that decides how a song sounds, as functions of song position.

Audio is a pure function of (model, score, song position): the renderer asks the score for the value of a control at
a place and never keeps a state of its own.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from musika_daw.errors import UsageError
from musika_daw.music.form import Form
from musika_daw.music.harmony import ChordTrack, Key
from musika_daw.music.line import Line
from musika_daw.music.tempo_map import TempoMap


@dataclass(frozen=True)
class Curve:
    """A control over song position: (beat, value) points, held until the next or gliding to it."""

    points: tuple[tuple[float, float], ...]
    ramps: bool = False

    def at(self, beat: float) -> float:
        if len(self.points) == 1:
            return self.points[0][1]
        i = bisect.bisect_right([b for b, _ in self.points], beat) - 1
        if i < 0:
            return self.points[0][1]
        start, value = self.points[i]
        if not self.ramps or i + 1 == len(self.points):
            return value
        end, goal = self.points[i + 1]
        return value + (goal - value) * (beat - start) / (end - start)


def constant(value: float, name: str = "value", low: float = 0.0, high: float = 1.0) -> Curve:
    """A control that stays where it is; refuses values out of range."""
    if not (math.isfinite(value) and low <= value <= high):
        raise UsageError(f"{name} {value:g} is out of range: expected {low:g} to {high:g}")
    return Curve(((0.0, float(value)),))


@dataclass(frozen=True)
class Morph:
    """A place between four styles, names or seeds: A at (0, 0), B at (1, 0), C at (0, 1), D at (1, 1)."""

    anchors: tuple[str, str, str, str]
    x: float
    y: float

    @property
    def nearest(self) -> str:
        """The style whose notes are played: rhythms do not mix as sounds do."""
        return self.anchors[(self.x >= 0.5) + 2 * (self.y >= 0.5)]


@dataclass(frozen=True)
class StyleCurve:
    """Which style sounds from which beat on: (beat, style) points, a style being a name, a seed or a `Morph`."""

    points: tuple[tuple[float, str | Morph], ...]

    def at(self, beat: float) -> str | Morph:
        i = bisect.bisect_right([b for b, _ in self.points], beat) - 1
        return self.points[max(i, 0)][1]


@dataclass(frozen=True)
class Imported:
    """What only models of the official family know.

    Attributes:
        truncation: coordinates and styles lie within ± this; lower is plainer.
        noise: whether the networks add the noise they were trained with, seeded.
        warp: whether beats are moved to those of the tempo map.
    """

    truncation: float = 2.0
    noise: bool = True
    warp: bool = True


@dataclass(frozen=True)
class Score:
    """A song as the engine plays it.

    Attributes:
        seed: chooses the music; the same seed and controls give the same song.
        tempo_map: tempo over song position.
        style: named style (a file of `presets/styles`) or a seed, over song position.
        density, brightness: stem -> curve in 0..1.
        key: tonic and mode; None lets the model choose from the seed.
        chords: given harmony; None lets the model make it from key and style.
        variation: 0 repeats the loop, 1 never does.
        loop_bars: length of the loop, 1-16.
        notes: stem -> line to play instead of the model's own pattern.
        held: stem -> the score whose pattern it keeps, while its sound follows this one.
        stems: which stems are rendered.
        imported: settings of models of the official family.
        patterns: stem -> number of the pattern that it plays in place of the song's own.
        harmony_seed: chooses key and progressions; None: `seed`.
        motion: how far density and brightness move by themselves, 0-1.
        still: without given chords, the pattern net makes the harmony alone, which hardly leaves the tonic.
        form: its sections; None: the same from start to end.
    """

    seed: int
    tempo_map: TempoMap
    style: StyleCurve
    density: Mapping[str, Curve]
    brightness: Mapping[str, Curve]
    key: Key | None = None
    chords: ChordTrack | None = None
    variation: float = 0.15
    notes: Mapping[str, Line] = field(default_factory=dict)
    stems: tuple[str, ...] = ("drums", "bass", "chords", "lead")
    held: Mapping[str, Score] = field(default_factory=dict)
    imported: Imported = field(default_factory=Imported)
    patterns: Mapping[str, int] = field(default_factory=dict)
    harmony_seed: int | None = None
    motion: float = 0.0
    still: bool = False
    form: Form | None = None
    loop_bars: int = 16

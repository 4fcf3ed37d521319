"""Where every control stands, as one value: what moves change, and what a score is made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.live.moves import Move, RefusedError, Value
from musika_daw.engine.preset import Preset
from musika_daw.engine.preset_folder import load_preset
from musika_daw.engine.score import Imported, Morph, Score, StyleCurve, constant
from musika_daw.engine.style_preset import load_style_preset
from musika_daw.errors import UserError
from musika_daw.music.harmony import parse_chords, parse_key
from musika_daw.music.line import Line, line_text, parse_line
from musika_daw.music.notes import ALL, STEMS
from musika_daw.music.tempo_map import constant_tempo

ANCHORS = ("a", "b", "c", "d")
PRESET = "/musika/preset"


@dataclass(frozen=True)
class Controls:
    """Everything that decides how the song sounds, but for levels and effects.

    Attributes:
        key, chords: as text; `off` lets the model choose.
        anchors: styles at the corners of the morph square, names or seeds.
        density, brightness: of all stems, as last set; `stem_density` and `stem_brightness` hold what counts.
        held: stem -> the controls whose pattern it keeps.
        notes: stem -> line it plays instead of the model's own.
        fx: stem or `mix` -> chain in place of the style's.
        imported: settings of models of the official family.
    """

    model: str
    seed: int
    bpm: float
    density: float
    brightness: float
    variation: float
    anchors: tuple[str, str, str, str]
    morph: tuple[float, float] = (0.0, 0.0)
    key: str = "off"
    chords: str = "off"
    stem_density: Mapping[str, float] = field(default_factory=dict)
    stem_brightness: Mapping[str, float] = field(default_factory=dict)
    held: Mapping[str, Controls] = field(default_factory=dict)
    notes: Mapping[str, Line] = field(default_factory=dict)
    fx: Mapping[str, tuple[FxSpec, ...]] = field(default_factory=dict)
    stems: tuple[str, ...] = STEMS
    imported: Imported = field(default_factory=Imported)

    def of_stem(self, name: str, stem: str) -> float:
        """`density` or `brightness` of one stem."""
        per_stem: Mapping[str, float] = getattr(self, f"stem_{name}")
        return per_stem.get(stem, float(getattr(self, name)))

    def score(self) -> Score:
        """The song that these controls make, as if they had always stood there."""
        stems = tuple(dict.fromkeys((*STEMS, *self.stems)))
        return Score(
            self.seed,
            constant_tempo(self.bpm),
            StyleCurve(((0.0, Morph(self.anchors, *self.morph)),)),
            {stem: constant(self.of_stem("density", stem)) for stem in stems},
            {stem: constant(self.of_stem("brightness", stem)) for stem in stems},
            parse_key(self.key),
            parse_chords(self.chords),
            self.variation,
            self.notes,
            self.stems,
            {stem: kept.score() for stem, kept in self.held.items()},
            self.imported,
        )


def _checked_key(text: str) -> str:
    parse_key(text)
    return text


def _checked_chords(text: str) -> str:
    parse_chords(text)
    return text


def _checked_style(style: Value) -> str:
    if isinstance(style, str) and not style.isdigit():
        load_style_preset(style)
    return str(style)


# Address -> field, and what a value must pass to be taken.
_PLAIN: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "/musika/model": ("model", str),
    "/musika/tempo": ("bpm", float),
    "/musika/seed": ("seed", int),
    "/musika/variation": ("variation", float),
    "/musika/key": ("key", _checked_key),
    "/musika/chords": ("chords", _checked_chords),
}
_PER_STEM = ("density", "brightness")


def split_stem(address: str, stems: tuple[str, ...]) -> tuple[str, str] | None:
    """`/musika/stem/bass/density` -> ("bass", "density"); None for addresses of no stem.

    Raises:
        RefusedError: there is no such stem.
    """
    parts = address.split("/", 4)
    if len(parts) != 5 or parts[2] != "stem":
        return None
    if parts[3] not in stems:
        raise RefusedError(address, "address", f"there is no stem {parts[3]}: expected one of {', '.join(stems)}")
    return parts[3], parts[4]


def with_preset(controls: Controls, preset: Preset) -> Controls:
    """The controls after a preset: what it does not name stays as it is."""
    changes: dict[str, Any] = {
        name: value
        for name in ("model", "seed", "bpm", "key", "chords", "variation", "morph")
        if (value := getattr(preset, name)) is not None
    }
    for name in _PER_STEM:
        given: Mapping[str, float] = getattr(preset, name)
        if ALL in given:
            changes[name] = given[ALL]
        own = {stem: share for stem, share in given.items() if stem != ALL}
        changes[f"stem_{name}"] = own if ALL in given else {**getattr(controls, f"stem_{name}"), **own}
    a, b, c, d = (preset.anchors.get(corner, kept) for corner, kept in zip(ANCHORS, controls.anchors, strict=True))
    return dataclasses.replace(controls, **changes, anchors=(a, b, c, d), fx=dict(preset.fx), held={}, notes={})


def as_preset(controls: Controls, name: str, description: str) -> Preset:
    """The controls as a preset, levels and effects left aside."""
    return Preset(
        name,
        description,
        model=controls.model,
        seed=controls.seed,
        bpm=controls.bpm,
        key=controls.key,
        chords=controls.chords,
        variation=controls.variation,
        anchors=dict(zip(ANCHORS, controls.anchors, strict=True)),
        morph=controls.morph,
        density={ALL: controls.density, **controls.stem_density},
        brightness={ALL: controls.brightness, **controls.stem_brightness},
    )


def changed(controls: Controls, move: Move) -> Controls | None:
    """The controls after a move; None if it moves something else.

    Raises:
        RefusedError: its values name what is not there.
    """
    try:
        return _changed(controls, move.address, move.values)
    except UserError as error:
        raise RefusedError(move.address, "range", str(error)) from error


def _changed(controls: Controls, address: str, values: tuple[Value, ...]) -> Controls | None:
    if address in _PLAIN:
        name, check = _PLAIN[address]
        return dataclasses.replace(controls, **{name: check(values[0])})
    if address == PRESET:
        return with_preset(controls, load_preset(str(values[0])))
    name = address.removeprefix("/musika/")
    if name in _PER_STEM:
        changes: dict[str, Any] = {name: float(values[0]), f"stem_{name}": {}}
        return dataclasses.replace(controls, **changes)
    if name == "morph":
        return dataclasses.replace(controls, morph=(float(values[0]), float(values[1])))
    if name.startswith("anchor/"):
        place = ANCHORS.index(name[-1])
        style = _checked_style(values[0])
        a, b, c, d = (style if i == place else kept for i, kept in enumerate(controls.anchors))
        return dataclasses.replace(controls, anchors=(a, b, c, d))
    if found := split_stem(address, controls.stems):
        return _changed_stem(controls, *found, values)
    return None


def _changed_stem(controls: Controls, stem: str, name: str, values: tuple[Value, ...]) -> Controls | None:
    if name in _PER_STEM:
        changes: dict[str, Any] = {f"stem_{name}": {**getattr(controls, f"stem_{name}"), stem: float(values[0])}}
        return dataclasses.replace(controls, **changes)
    if name == "notes":
        notes = {other: own for other, own in controls.notes.items() if other != stem}
        if values[0] != "off":
            notes[stem] = parse_line(str(values[0]))
        return dataclasses.replace(controls, notes=notes)
    if name == "hold":
        held = {other: kept for other, kept in controls.held.items() if other != stem}
        if values[0]:
            # A pattern held already stays the one it is.
            held[stem] = controls.held.get(stem) or dataclasses.replace(controls, held={})
        return dataclasses.replace(controls, held=held)
    return None


def value_of(controls: Controls, address: str) -> tuple[Value, ...] | None:
    """What a query of an address answers; None if it asks for something else.

    Raises:
        RefusedError: there is no such stem.
    """
    if address in _PLAIN:
        return (getattr(controls, _PLAIN[address][0]),)
    name = address.removeprefix("/musika/")
    if name in _PER_STEM:
        return (getattr(controls, name),)
    if name == "morph":
        return controls.morph
    if name.startswith("anchor/"):
        style = controls.anchors[ANCHORS.index(name[-1])]
        return (int(style) if style.isdigit() else style,)
    if found := split_stem(address, controls.stems):
        stem, name = found
        if name in _PER_STEM:
            return (controls.of_stem(name, stem),)
        if name == "hold":
            return (stem in controls.held,)
        if name == "notes":
            return (line_text(controls.notes[stem]) if stem in controls.notes else "off",)
    return None

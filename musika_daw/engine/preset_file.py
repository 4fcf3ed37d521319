"""Presets as files: read whole or refused whole."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from musika_daw.engine import preset_values as values
from musika_daw.engine.bus.channel_map import parse_map
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.preset import Preset
from musika_daw.errors import UserError
from musika_daw.music.notes import ALL, MIX, STEMS

FORMAT = 1
_MOST_BARS, _MOST_SECONDS = 100_000, 200_000.0


def _format(key: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UserError(
            f"{key} {values.shown(value)} is not possible: expected {FORMAT}, the version of presets; "
            "the format of a render's samples is sample_format"
        )
    if value != FORMAT:
        raise UserError(f"{key} {value} is not known: expected {FORMAT}; a newer Musika DAW may read it")


def _style(key: str, value: object) -> dict[str, str]:
    return {"a": values.style(key, value)}


def _fx(stems: Sequence[str]) -> values.Read:
    def read(key: str, value: object) -> dict[str, tuple[FxSpec, ...]]:
        chains = {}
        for stem, entries in values.table(key, value, "stem", tuple(dict.fromkeys((*stems, MIX)))).items():
            if not isinstance(entries, list):
                raise UserError(f"{key}.{stem} is not possible: expected [[{key}.{stem}]], one for each effect")
            chains[stem] = parse_fx(entries, f"{key}.{stem}")
        return chains

    return read


def _stems(table: Mapping[str, object]) -> tuple[str, ...]:
    """What a preset may name: the stems of the shipped models, and those of the model that it is for."""
    parts = (table.get(key) for key in ("density", "brightness", "stems", "fx", "levels"))
    named = {str(stem) for part in parts if isinstance(part, Mapping | list) for stem in part}
    model = table.get("model")
    if named <= {*STEMS, MIX, ALL} or not isinstance(model, str):
        return STEMS
    from musika_daw.model.official.official_file import read_any_info  # takes a while

    try:
        return tuple(dict.fromkeys((*STEMS, *read_any_info(model).stems)))
    except UserError:
        return STEMS


def _keys(stems: tuple[str, ...]) -> Mapping[str, values.Read]:
    """Key of the file -> how it is read; the field of `Preset` has the same name but for `style`, the short form of
    anchors."""
    return {
        "description": values.text,
        "bars": values.whole(1, _MOST_BARS),
        "seconds": values.number(0.1, _MOST_SECONDS),
        "start_bar": values.whole(1, _MOST_BARS),
        "bpm": values.bpm,
        "seed": values.whole(0, values.LARGEST_SEED),
        "model": values.text,
        "style": _style,
        "anchors": values.anchors,
        "morph": values.morph,
        "density": values.share_per_stem(stems),
        "brightness": values.share_per_stem(stems),
        "variation": values.number(0.0, 1.0),
        "key": values.key,
        "chords": values.chords,
        "quantize": values.choice("now", "beat", "bar", "phrase"),
        "stems": values.some_of(stems),
        "fx": _fx(stems),
        "levels": values.levels(stems),
        "bus_map": values.checked(parse_map),
        "sample_format": values.choice("24", "float"),
        "format": _format,
    }


def parse_preset(table: Mapping[str, object], name: str) -> Preset:
    """A preset from what its file holds.

    Raises:
        UserError: one line that names the key and what is possible there.
    """
    # The version first: in another one, other keys may mean other things.
    _format("format", table.get("format", FORMAT))
    keys = _keys(_stems(table))
    for key in table:
        if key not in keys:
            raise UserError(f"{values.shown(key)} is not known: expected {values.listed(tuple(keys))}")
    if "style" in table and ("anchors" in table or "morph" in table):
        raise UserError("style is the short form of anchors.a: expected either style, or anchors and morph")
    if "bars" in table and "seconds" in table:
        raise UserError("bars and seconds exclude each other: expected one of them")
    read: dict[str, Any] = {key: keys[key](key, value) for key, value in table.items() if key != "format"}
    if "style" in read:
        read.update(anchors=read.pop("style"), morph=(0.0, 0.0))
    return Preset(name, **read)


def read_preset_file(path: Path) -> Preset:
    """A preset by the path of its file.

    Raises:
        UserError: it cannot be read, or something in it is not possible; one line that names file and key.
    """
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UserError(f"preset {path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"preset {path} is not a TOML file: {error}") from error
    try:
        return parse_preset(table, path.stem)
    except UserError as error:
        raise UserError(f"preset {path}: {error}") from error

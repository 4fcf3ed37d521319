"""Presets as the text of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.mixer import Level
from musika_daw.engine.preset import Preset
from musika_daw.engine.preset_file import FORMAT
from musika_daw.music.notes import ALL

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = ("model", "seed", "bpm", "key", "chords", "variation", "quantize", "bus_map")
_RENDER = ("bars", "seconds", "start_bar", "sample_format")


def preset_text(preset: Preset) -> str:
    """TOML that reads back as the same preset, but for its name."""
    return "\n".join(_lines(preset)) + "\n"


def _lines(preset: Preset) -> Iterator[str]:
    yield f"format = {FORMAT}"
    for name in ("description", *_PLAIN, *_RENDER):
        value = getattr(preset, name)
        if value not in (None, ""):
            yield f"{name} = {_value(value)}"
    for name in ("density", "brightness"):
        shares: Mapping[str, float] = getattr(preset, name)
        if shares:
            yield f"{name} = {_value(shares[ALL] if set(shares) == {ALL} else shares)}"
    if preset.stems is not None:
        yield f"stems = {_value(preset.stems)}"
    if preset.morph is not None:
        yield f"morph = {_value(preset.morph)}"
    if preset.anchors:
        yield from ("", "[anchors]")
        yield from (f"{corner} = {_value(style)}" for corner, style in preset.anchors.items())
    for stem, level in preset.levels.items():
        yield from ("", f"[levels.{stem}]")
        yield from _level(level)
    if empty := [stem for stem, chain in preset.fx.items() if not chain]:
        yield from ("", "[fx]")
        yield from (f"{stem} = []" for stem in empty)
    for stem, chain in preset.fx.items():
        for spec in chain:
            yield from ("", f"[[fx.{stem}]]")
            yield from _effect(spec)


def _level(level: Level) -> Iterator[str]:
    yield from (f"{name} = {_value(getattr(level, name))}" for name in ("gain", "pan", "mute", "solo"))


def _effect(spec: FxSpec) -> Iterator[str]:
    yield f"type = {_value(spec.type)}"
    if spec.type != PLUGIN:
        yield from (f"{name} = {_value(value)}" for name, value in spec.parameters.items())
        return
    yield f"path = {_value(spec.path)}"
    if spec.plugin:
        yield f"plugin = {_value(spec.plugin)}"
    if spec.parameters:
        yield f"parameters = {_value(spec.parameters)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(name)} = {_value(v)}" for name, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str):
        # JSON's strings are TOML's, but for a character that JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)

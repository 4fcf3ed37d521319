"""Presets as the text of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from musika_daw.controls.control import Kind, PerStem
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import ControlState
from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.presets.preset import Preset
from musika_daw.engine.presets.preset_file import ANCHORS, FORMAT, LEVELS, levels, plain
from musika_daw.music.notes import ALL

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def preset_text(preset: Preset) -> str:
    """TOML that reads back as the same preset, but for its name."""
    return "\n".join(_lines(preset)) + "\n"


def _lines(preset: Preset) -> Iterator[str]:
    state = preset.state
    yield f"format = {FORMAT}"
    if preset.description:
        yield f"description = {_value(preset.description)}"
    yield from _plain(state)
    corners = {corner: own[0] for corner in CORNERS if (own := state.own(f"anchor/{corner}")) is not None}
    if corners:
        yield from ("", f"[{ANCHORS}]")
        yield from (f"{corner} = {_value(style)}" for corner, style in corners.items())
    yield from _levels(state)
    yield from _chains(state)


def _plain(state: ControlState) -> Iterator[str]:
    """Keys that are names of controls."""
    for control in plain():
        if control.kind is Kind.CHAIN:
            continue
        own = state.own(control.name)
        values: Any = None if own is None else own if control.kind is Kind.STEMS or len(own) > 1 else own[0]
        stems = {stem: each[0] if len(each) == 1 else each for stem, each in state.of(control.name).items()}
        if stems and control.per_stem is not PerStem.NO:
            values = stems if values is None else {ALL: values, **stems}
        if values is not None:
            yield f"{control.name} = {_value(values)}"


def _levels(state: ControlState) -> Iterator[str]:
    rows = levels()
    for stem in dict.fromkeys(stem for control in rows for stem in state.of(control.name)):
        yield from ("", f"[{LEVELS}.{stem}]")
        for control in rows:
            if (own := state.own(control.name, stem)) is not None:
                yield f"{control.name} = {_value(own[0] if len(own) == 1 else own)}"


def _chains(state: ControlState) -> Iterator[str]:
    for control in plain():
        if control.kind is not Kind.CHAIN:
            continue
        chains = state.of(control.name)
        if empty := [stem for stem, chain in chains.items() if not chain]:
            yield from ("", f"[{control.name}]")
            yield from (f"{stem} = []" for stem in empty)
        for stem, chain in chains.items():
            for spec in chain:
                yield from ("", f"[[{control.name}.{stem}]]")
                yield from _effect(spec)


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
    return repr(_short(value) if isinstance(value, float) else value)


def _short(value: float) -> float:
    """0.9 of 0.8999999761581421: what came over OSC has seven digits."""
    short = float(f"{value:.7g}")
    return short if np.float32(short) == np.float32(value) else value


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)

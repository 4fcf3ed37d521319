"""What a musician sets about a song, as options and as keys of a preset: one row each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musika_daw.app import values
from musika_daw.errors import UsageError, UserError
from musika_daw.music.harmony import MODES, parse_chords, parse_key
from musika_daw.music.notes import STEMS
from musika_daw.resources import presets_folder
from osc_protocol.types import default


@dataclass(frozen=True)
class Control:
    """One control.

    Attributes:
        name: key in presets; the option is `--name`, with dashes.
        parse: text -> value; raises UsageError.
        default: as text; None where there is none.
    """

    name: str
    metavar: str
    help: str
    parse: Callable[[str], Any]
    default: str | None = None

    @property
    def option(self) -> str:
        return "--" + self.name.replace("_", "-")


def _default(address: str) -> str:
    """The default that live playing has, too."""
    value = default(address)
    return f"{value:g}" if isinstance(value, float) else str(value)


CONTROLS = (
    Control("bars", "N", "length in bars", values.parse_bars),
    Control("seconds", "S", "length in seconds, instead of --bars", values.parse_seconds),
    Control("start_bar", "N", "the song's bar to begin with, from 1", values.parse_start_bar, "1"),
    Control("bpm", "B", "tempo, 40 to 240", values.parse_bpm, _default("/musika/tempo")),
    Control("seed", "N", "which song it is", values.parse_seed, _default("/musika/seed")),
    Control("model", "NAME", "a shipped model or the path of one", str, _default("/musika/model")),
    Control("style", "NAME", "a named style, a seed or a style's .toml file", values.parse_style, "warehouse"),
    Control(
        "density",
        "D",
        "how many notes sound, 0 to 1; per stem as drums=0.9,bass=0.3",
        lambda text: values.parse_per_stem("density", text),
        _default("/musika/density"),
    ),
    Control(
        "brightness",
        "B",
        "how bright it sounds, 0 to 1; per stem as lead=0.8",
        lambda text: values.parse_per_stem("brightness", text),
        _default("/musika/brightness"),
    ),
    Control(
        "key",
        "KEY",
        f"e.g. Am, F#, 'D dorian' ({', '.join(MODES)}); off: the model chooses",
        parse_key,
        _default("/musika/key"),
    ),
    Control(
        "chords",
        "CHORDS",
        "e.g. 'Am F C G', one a bar; 'Am:2 E7:2' in beats; off: the model chooses",
        parse_chords,
        _default("/musika/chords"),
    ),
    Control(
        "variation",
        "V",
        "0 repeats the loop, 1 never does",
        values.parse_variation,
        _default("/musika/variation"),
    ),
    Control("stems", "LIST", "which stems to render", values.parse_stems, ",".join(STEMS)),
    Control("format", "F", "24 (bit) or float", values.parse_format, "24"),
)
_BY_NAME = {control.name: control for control in CONTROLS}

Values = Mapping[str, Any]
"""Control name -> its parsed value."""


def default_values() -> Values:
    """Every control that has a default."""
    return {control.name: control.parse(control.default) for control in CONTROLS if control.default is not None}


def read_preset(name_or_path: str) -> Values:
    """What a preset sets: a shipped one by name, or any `.toml` file by path. Its keys are the controls' names.

    Raises:
        UserError: there is none, or something in it is not possible; nothing of it counts then.
    """
    path = _preset_path(name_or_path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"preset {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UserError(f"preset {path} is not a TOML file: {error}") from error
    found = {}
    for name, value in table.items():
        if name == "description":
            continue
        if name not in _BY_NAME:
            raise UserError(f"preset {path}: {name!r} is not known: expected description, {', '.join(_BY_NAME)}")
        try:
            found[name] = _BY_NAME[name].parse(_as_option(value))
        except UserError as error:
            raise UserError(f"preset {path}: {error}") from error
    return found


def _preset_path(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml"):
        return Path(name_or_path)
    shipped = {path.stem: path for path in sorted(presets_folder().glob("*.toml"))}
    if name_or_path not in shipped:
        names = f"one of {', '.join(shipped)}, or " if shipped else ""
        raise UsageError(f"preset {values.shown(name_or_path)} is not known: expected {names}the path of a .toml file")
    return shipped[name_or_path]


def _as_option(value: object) -> str:
    """A TOML value as it would be typed: tables per stem as `drums=0.9,bass=0.3`, lists as `drums,bass`."""
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)

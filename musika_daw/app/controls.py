"""What a musician sets about a song, as options: one row each; and what a preset says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from musika_daw.app import values
from musika_daw.music.harmony import MODES, parse_chords, parse_key
from musika_daw.music.notes import STEMS
from osc_protocol.types import default


@dataclass(frozen=True)
class Control:
    """One control.

    Attributes:
        name: the option is `--name`, with dashes.
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
    Control("truncation", "T", "imported models: how far from the middle, 0.05 to 10 (2)", values.parse_truncation),
    Control(
        "noise",
        "on|off",
        "imported models: the noise they were trained with, seeded (on)",
        lambda text: values.parse_switch("noise", text),
    ),
    Control(
        "warp",
        "on|off",
        "imported models: beats are found and moved to --bpm (on)",
        lambda text: values.parse_switch("warp", text),
    ),
    Control("stems", "LIST", "which stems to render", values.parse_stems, ",".join(STEMS)),
    Control("format", "F", "24 (bit) or float", values.parse_format, "24"),
)
IMPORTED = ("truncation", "noise", "warp")
"""Controls that only imported models know."""

_BY_NAME = {control.name: control for control in CONTROLS}

# How a preset's fields become controls.
_AS_THEY_ARE = ("model", "seed", "bpm", "variation", "stems", "bars", "seconds", "start_bar")
_AS_TEXT = ("key", "chords")
_PER_STEM = ("density", "brightness")

Values = Mapping[str, Any]
"""Control name -> its parsed value."""


def imported_controls() -> tuple[Control, ...]:
    return tuple(_BY_NAME[name] for name in IMPORTED)


def default_values() -> Values:
    """Every control that has a default."""
    return {control.name: control.parse(control.default) for control in CONTROLS if control.default is not None}


def read_preset(name_or_path: str) -> Values:
    """What a preset sets, a shipped or own one by name or any `.toml` file by path: controls by name, and `sound`, its
    effects and levels.

    Raises:
        UserError: there is none, or something in it is not possible; nothing of it counts then.
    """
    from musika_daw.engine.preset_folder import load_preset

    preset = load_preset(name_or_path)
    given = {name: getattr(preset, name) for name in _AS_THEY_ARE}
    given["format"] = values.SAMPLE_FORMATS.get(preset.sample_format or "")
    given["style"] = preset.style()
    for name in _PER_STEM:
        given[name] = dict(getattr(preset, name)) or None
    said = {name: value for name, value in given.items() if value is not None}
    # `off` is a value, too, and parses to None.
    said |= {name: _BY_NAME[name].parse(text) for name in _AS_TEXT if (text := getattr(preset, name)) is not None}
    return {**said, "sound": preset.sound}

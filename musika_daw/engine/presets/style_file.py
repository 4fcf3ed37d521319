"""Named styles: what `presets/styles/NAME.toml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.mastering import MASTER
from musika_daw.errors import UsageError, UserError
from musika_daw.model.style import GENRES
from musika_daw.music.notes import STEMS
from musika_daw.near_names import did_you_mean, same_name
from musika_daw.paths import user_path
from musika_daw.resources import presets_folder
from musika_daw.storage.disk_errors import disk_errors
from musika_daw.storage.toml_file import read_toml

_LARGEST = 1e30  # also refuses nan and inf
_KEYS = ("description", "genre", "mastering_gain", "settings", "fx")


@dataclass(frozen=True)
class StylePreset:
    """A named style.

    Attributes:
        name: the file's name without `.toml`.
        description: one line for lists.
        genre: one of `GENRES`.
        settings: of the style vector, by name; empty where the preset has none.
        fx: stem -> its chain; stems without effects are missing.
        mastering_gain: dB that bring its mixes to `LOUDNESS_LUFS` once they are mastered.
    """

    name: str
    description: str
    genre: str
    settings: Mapping[str, float]
    fx: Mapping[str, tuple[FxSpec, ...]]
    mastering_gain: float = 0.0

    @property
    def chains(self) -> FxOf:
        """`fx`, and at `MASTER` what its mastering begins with."""
        return {**self.fx, MASTER: (FxSpec("Gain", {"gain_db": self.mastering_gain}),)}


def style_names() -> tuple[str, ...]:
    """Names of the shipped styles, in order of the alphabet."""
    return tuple(sorted(path.stem for path in _styles_folder().glob("*.toml")))


def load_style_preset(name_or_path: str) -> StylePreset:
    """A shipped style by its name, or any preset by the path of its `.toml` file.

    Raises:
        UsageError: there is no style of that name.
        UserError: the file cannot be read or something in it is not possible; one line that says where.
    """
    if name_or_path.endswith(".toml"):
        path = user_path(name_or_path)
    elif name := same_name(name_or_path, style_names()):
        path = _styles_folder() / f"{name}.toml"
    else:
        raise UsageError(
            f"style {name_or_path[:40]!r} is not known: {_hint(name_or_path)}expected one of {', '.join(style_names())}"
        )
    with disk_errors("read", path):
        try:
            table = read_toml(path)
        except ValueError as error:
            raise UserError(f"preset {path}: {error}; expected a TOML file") from error
    return _parse(table, path.stem, f"preset {path.stem}")


def _hint(name: str) -> str:
    """What may have been meant: a preset, or the nearest style."""
    if preset := same_name(name, (path.stem for path in presets_folder().glob("*.toml"))):
        return f"it is a preset: --preset {preset}; "
    return did_you_mean(name, style_names())


def _styles_folder() -> Path:
    return presets_folder() / "styles"


def _parse(table: Mapping[str, object], name: str, where: str) -> StylePreset:
    for key in table:
        if key not in _KEYS:
            raise UserError(f"{where}: {key!r} is not known; expected {', '.join(_KEYS)}")
    description, genre = table.get("description"), table.get("genre")
    if not isinstance(description, str) or not isinstance(genre, str):
        raise UserError(f"{where}: expected a description and a genre, both texts")
    if genre not in GENRES:
        raise UserError(f"{where}: genre {genre!r} is not known; expected one of {', '.join(GENRES)}")
    settings, fx = table.get("settings", {}), table.get("fx", {})
    if not isinstance(settings, Mapping) or not isinstance(fx, Mapping):
        raise UserError(f"{where}: settings and fx must be tables, e.g. [settings] and [[fx.drums]]")
    gain = table.get("mastering_gain", 0.0)
    for key, value in (*((f"setting {key}", value) for key, value in settings.items()), ("mastering_gain", gain)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST <= value <= _LARGEST:
            raise UserError(f"{where}: {key} = {value!r} is not possible; expected a number")
    chains = {}
    for stem, entries in fx.items():
        if stem not in STEMS or not isinstance(entries, list):
            raise UserError(f"{where}: fx.{stem} is not possible; expected [[fx.STEM]], STEM one of {', '.join(STEMS)}")
        chains[stem] = parse_fx(entries, f"{where}, fx.{stem}")
    return StylePreset(name, description, genre, {k: float(v) for k, v in settings.items()}, chains, float(str(gain)))

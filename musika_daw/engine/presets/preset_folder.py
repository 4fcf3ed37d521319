"""Presets by name: those that are shipped, and the user's own."""

from __future__ import annotations

import re
from pathlib import Path

from musika_daw.engine.presets.preset import Preset
from musika_daw.engine.presets.preset_file import read_preset_file
from musika_daw.engine.presets.preset_text import preset_text
from musika_daw.engine.presets.preset_values import listed, shown
from musika_daw.errors import UsageError, UserError
from musika_daw.near_names import did_you_mean, same_name
from musika_daw.paths import user_path
from musika_daw.resources import own_folder, presets_folder
from musika_daw.storage.disk_errors import disk_errors
from musika_daw.storage.files import write_text

PRESETS_VARIABLE = "MUSIKA_DAW_PRESETS"
DEFAULT_PRESET = "default"
_NAME = re.compile(r"\w(?:[\w .+-]{0,62}\w)?")
# Windows takes these for devices, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)\d)(\..*)?", re.IGNORECASE)


def own_presets_folder() -> Path:
    """Where a user's presets are saved: the folder `MUSIKA_DAW_PRESETS` names, or one of the user's data folder."""
    return own_folder("presets", PRESETS_VARIABLE)


def preset_names() -> tuple[str, ...]:
    """Shipped and own presets, in order of the alphabet."""
    return tuple(sorted(_paths()))


def load_preset(name_or_path: str) -> Preset:
    """A shipped or own preset by its name, or any by the path of its `.toml` file.

    Raises:
        UsageError: there is none of that name.
        UserError: the file cannot be read, or something in it is not possible; nothing of it counts then.
    """
    if name_or_path.endswith(".toml"):
        return read_preset_file(user_path(name_or_path))
    paths = _paths()
    name = same_name(name_or_path, paths)
    if name is None:
        from musika_daw.engine.presets.style_file import style_names

        known = listed(tuple(sorted(paths)))
        style = same_name(name_or_path, style_names())
        hint = f"it is a style: --style {style}; " if style else did_you_mean(name_or_path, paths)
        raise UsageError(
            f"preset {shown(name_or_path)} is not known: {hint}expected one of {known}, or the path of a .toml file"
        )
    return read_preset_file(paths[name])


def save_preset(preset: Preset) -> Path:
    """Writes a preset into the user's folder, whole or not at all; an own one of the same name is replaced.

    Raises:
        UserError: the name is not possible or that of a shipped one, or the disk refuses.
    """
    path = _own_path(preset.name)
    write_text(path, preset_text(preset))
    return path


def delete_preset(name: str) -> None:
    """Takes a preset out of the user's folder.

    Raises:
        UserError: it is not one of the user's, or the disk refuses.
    """
    path = _own(name)
    with disk_errors("delete", path):
        path.unlink()


def rename_preset(name: str, new: str) -> None:
    """Gives a preset of the user's another name.

    Raises:
        UserError: it is not one of the user's, the new name is not possible or taken, or the disk refuses.
    """
    path, goal = _own(name), _own_path(new)
    if new in _paths():
        raise UserError(f"there is a preset {new} already: choose another name")
    with disk_errors("rename", path):
        path.rename(goal)


def _own(name: str) -> Path:
    own = _toml_files(own_presets_folder())
    if name not in own:
        whose = "a shipped one" if name in _paths() else "not known"
        raise UserError(
            f"preset {shown(name)} is {whose}: expected one of yours, {listed(tuple(sorted(own))) or 'none yet'}"
        )
    return own[name]


def _own_path(name: str) -> Path:
    """Where a preset of the user's is kept.

    Raises:
        UserError: the name is not possible or that of a shipped one.
    """
    if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
        raise UserError(
            f"preset name {shown(name)} is not possible: expected up to 64 letters, digits, "
            "spaces and . + - _, a letter or digit first and last"
        )
    if name.casefold() in {shipped.casefold() for shipped in _toml_files(presets_folder())}:
        raise UserError(f"preset {name} is a shipped one: choose another name")
    return own_presets_folder() / f"{name}.toml"


def _paths() -> dict[str, Path]:
    """A shipped preset hides an own one of its name."""
    return {**_toml_files(own_presets_folder()), **_toml_files(presets_folder())}


def _toml_files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in folder.glob("*.toml")}

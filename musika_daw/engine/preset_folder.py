"""Presets by name: those that are shipped, and the user's own."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from musika_daw.engine.preset import Preset
from musika_daw.engine.preset_file import read_preset_file
from musika_daw.engine.preset_text import preset_text
from musika_daw.engine.preset_values import listed, shown
from musika_daw.engine.take.disk import disk_errors, sync_folder
from musika_daw.errors import UsageError, UserError
from musika_daw.resources import own_folder, presets_folder

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
        return read_preset_file(Path(name_or_path))
    paths = _paths()
    if name_or_path not in paths:
        known = listed(tuple(sorted(paths)))
        raise UsageError(
            f"preset {shown(name_or_path)} is not known: expected one of {known}, or the path of a .toml file"
        )
    return read_preset_file(paths[name_or_path])


def save_preset(preset: Preset) -> Path:
    """Writes a preset into the user's folder, whole or not at all; an own one of the same name is replaced.

    Raises:
        UserError: the name is not possible or that of a shipped one, or the disk refuses.
    """
    if not _NAME.fullmatch(preset.name) or _DEVICES.fullmatch(preset.name):
        raise UserError(
            f"preset name {shown(preset.name)} is not possible: expected up to 64 letters, digits, "
            "spaces and . + - _, a letter or digit first and last"
        )
    shipped = {name.casefold() for name in _toml_files(presets_folder())}
    if preset.name.casefold() in shipped:
        raise UserError(f"preset {preset.name} is a shipped one: choose another name")
    folder = own_presets_folder()
    path = folder / f"{preset.name}.toml"
    with disk_errors("write", path):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(preset_text(preset))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    sync_folder(folder)
    return path


def _paths() -> dict[str, Path]:
    """A shipped preset hides an own one of its name."""
    return {**_toml_files(own_presets_folder()), **_toml_files(presets_folder())}


def _toml_files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in folder.glob("*.toml")}

"""Where the shipped files are, in a checkout, in an installed wheel and in the desktop bundle; and the user's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def models_folder() -> Path:
    """Shipped model files and their cards."""
    return _bundle_root() / "musika_daw" / "models"


def presets_folder() -> Path:
    """Shipped presets: `presets/` beside the package in a checkout, inside it in a wheel."""
    inside = _PACKAGE / "presets"
    return inside if inside.is_dir() else _bundle_root() / "presets"


def own_folder(name: str, variable: str) -> Path:
    """Where files of a user's own are: the folder that an environment variable names, or `name` in the data folder."""
    if named := os.environ.get(variable):
        return Path(named).expanduser()
    if sys.platform == "win32":
        data = os.environ.get("LOCALAPPDATA", "") or "~/AppData/Local"
    elif sys.platform == "darwin":
        data = "~/Library/Application Support"
    else:
        data = os.environ.get("XDG_DATA_HOME", "") or "~/.local/share"
    return Path(data).expanduser() / "musika-daw" / name


def corpora_folder() -> Path:
    """Where corpora are kept: `MUSIKA_CORPORA`, or a folder among the user's own."""
    return own_folder("corpora", "MUSIKA_CORPORA")


def music_folder() -> Path:
    """Where takes land if no project folder is named."""
    music = Path.home() / "Music"
    return (music if music.is_dir() else Path.home()) / "Musika DAW"


def _bundle_root() -> Path:
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else _PACKAGE.parent

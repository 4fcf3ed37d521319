"""Where the shipped files are: in a checkout, in an installed wheel and in the desktop bundle."""

from __future__ import annotations

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


def _bundle_root() -> Path:
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else _PACKAGE.parent

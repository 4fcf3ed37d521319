"""Puts the built plug-in where hosts look, and says where this program is, so that the plug-in finds its engine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from musika_daw import __version__
from musika_daw.errors import UserError
from musika_daw.plugin.build import BUNDLES, copy_whole
from musika_daw.resources import own_folder
from musika_daw.storage.disk_errors import disk_errors

ENGINE_FILE_VARIABLE = "MUSIKA_DAW_ENGINE_FILE"
"""Names another file that says where the engine is."""

SERVE = ("plugin", "serve")


def engine_file() -> Path:
    """The file in which the plug-in looks for this program: its version, then the words that start it, a line each."""
    return own_folder("plugin", "") / "engine.txt"


def engine_words() -> list[str]:
    """How this program is started to serve a host."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *SERVE]
    # -P: what lies in the folder that the host was started in is not ours, whatever it is called.
    return [sys.executable, "-P", "-m", "musika_daw.app", *SERVE]


def write_engine_file(path: Path) -> None:
    """Says where this program is.

    Raises:
        UserError: the file cannot be written.
    """
    with disk_errors("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([__version__, *engine_words(), ""]), encoding="utf-8")


def plugin_folders() -> dict[str, Path]:
    """Bundle -> the folder of the user's own in which hosts of this system look for such."""
    home = Path.home()
    if sys.platform == "darwin":
        plugins = home / "Library" / "Audio" / "Plug-Ins"
        folders = (plugins / "VST3", plugins / "CLAP", plugins / "LV2")
    elif sys.platform == "win32":
        common = Path(os.environ.get("LOCALAPPDATA", str(home))) / "Programs" / "Common"
        folders = (common / "VST3", common / "CLAP", Path(os.environ.get("APPDATA", str(home))) / "LV2")
    else:
        folders = (home / ".vst3", home / ".clap", home / ".lv2")
    return dict(zip(BUNDLES, folders, strict=True))


def install(built: Path, folders: dict[str, Path]) -> list[Path]:
    """Copies the bundles in place of earlier ones; where they are now.

    Raises:
        UserError: it is not built, or a folder cannot be written.
    """
    missing = [bundle for bundle in BUNDLES if not (built / bundle).exists()]
    if missing:
        raise UserError(f"there is no {missing[0]} in {built}: run  musika-daw plugin build  first")
    done = []
    for bundle, folder in folders.items():
        target = folder / bundle
        with disk_errors("write", target):
            folder.mkdir(parents=True, exist_ok=True)
            copy_whole(built / bundle, target)
        done.append(target)
    return done

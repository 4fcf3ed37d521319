"""`musika-daw connect`: puts our scripts where a DAW finds them."""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from musika_daw.app.command import PROGRAM, Command, Group, Parser
from musika_daw.errors import UserError
from musika_daw.paths import user_path
from musika_daw.resources import presets_folder
from musika_daw.storage.disk_errors import disk_errors

_LIVE_SCRIPT = "MusikaDAW"
_REAPER_SCRIPT = "musika_daw_render.lua"
_REAPER_PROGRAM = "musika_daw_program.lua"
_ARDOUR_SCRIPT = "musika_daw_take.lua"
_SETTING = re.compile(r"^([A-Z_]+(?:, [A-Z_]+)*) = (.*)$", re.MULTILINE)
_ARDOUR_FOLDER = re.compile(r"ardour(\d+)", re.IGNORECASE)


def live_user_library() -> Path:
    """Where Ableton Live keeps its user library unless it was moved."""
    documents = "Documents" if sys.platform == "win32" else "Music"
    return Path.home() / documents / "Ableton" / "User Library"


def reaper_resources() -> Path:
    """Where Reaper keeps its settings and scripts."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "") or Path.home()) / "REAPER"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "REAPER"
    return Path(os.environ.get("XDG_CONFIG_HOME", "") or Path.home() / ".config") / "REAPER"


def ardour_config() -> Path:
    """Where the newest Ardour that was started here keeps its settings and scripts."""
    if sys.platform == "win32":
        parent = Path(os.environ.get("LOCALAPPDATA", "") or Path.home())
    elif sys.platform == "darwin":
        parent = Path.home() / "Library" / "Preferences"
    else:
        parent = Path(os.environ.get("XDG_CONFIG_HOME", "") or Path.home() / ".config")
    versions = {int(found[1]): path for path in parent.glob("*") if (found := _ARDOUR_FOLDER.fullmatch(path.name))}
    return versions[max(versions)] if versions else parent / "ardour8"


def install_live_script(library: Path) -> Path:
    """Copies the Remote Script into a user library, in place of an earlier version of it, whose settings it keeps.

    Raises:
        UserError: there is no such library, or it cannot be written.
    """
    _check_folder(library, "Ableton Live's user library", "--user-library")
    to = library / "Remote Scripts" / _LIVE_SCRIPT
    settings = to / "settings.py"
    with disk_errors("write", to):
        before = settings.read_text(encoding="utf-8", errors="replace") if settings.is_file() else ""
        shutil.copytree(
            _script("ableton") / _LIVE_SCRIPT, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
        settings.write_text(_with_values(settings.read_text(encoding="utf-8"), before), encoding="utf-8")
    return to


def _with_values(settings: str, before: str) -> str:
    """Settings with the values that an earlier file gave to the same names; what is none of Python's values is left."""
    values = dict(_SETTING.findall(before))
    for name in values:
        try:
            ast.literal_eval(values[name])
        except (SyntaxError, ValueError):
            values[name] = ""
    return _SETTING.sub(lambda found: f"{found[1]} = {values.get(found[1]) or found[2]}", settings)


def install_reaper_script(resources: Path) -> Path:
    """Copies the ReaScript into Reaper's folder, with the way to this program.

    Raises:
        UserError: there is no such folder, or it cannot be written.
    """
    _check_folder(resources, "Reaper's folder", "--resources")
    to = resources / "Scripts" / "Musika DAW"
    with disk_errors("write", to):
        to.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_script("reaper") / _REAPER_SCRIPT, to / _REAPER_SCRIPT)
        words = ", ".join(_lua_text(word) for word in this_program())
        (to / _REAPER_PROGRAM).write_text(f"return {{ {words} }}\n", encoding="utf-8")
    return to / _REAPER_SCRIPT


def install_ardour_script(config: Path) -> Path:
    """Copies the script into the scripts of Ardour.

    Raises:
        UserError: there is no such folder, or it cannot be written.
    """
    _check_folder(config, "Ardour's folder of settings", "--config")
    to = config / "scripts" / _ARDOUR_SCRIPT
    with disk_errors("write", to):
        to.parent.mkdir(exist_ok=True)
        shutil.copyfile(_script("ardour") / _ARDOUR_SCRIPT, to)
    return to


def this_program() -> list[str]:
    """How the command line of this very installation is started from outside."""
    if getattr(sys, "frozen", False):
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).with_name(f"musika-daw{suffix}"))]
    return [sys.executable, "-m", "musika_daw.app"]


def _lua_text(text: str) -> str:
    """A text as a Lua long string: nothing in it is an escape."""
    level = "="
    while f"]{level}]" in text:
        level += "="
    return f"[{level}[{text}]{level}]"


def _script(name: str) -> Path:
    return presets_folder() / "controllers" / name


def _check_folder(folder: Path, what: str, option: str) -> None:
    if not folder.is_dir():
        raise UserError(f"{what} is not at {folder}: start the program once, or say where it is with {option} FOLDER")


def _command(
    summary: str, name: str, option: str, folder: Callable[[], Path], install: Callable[[Path], Path], then: str
) -> Command:
    def add_arguments(parser: Parser) -> None:
        parser.add_argument(option, dest="folder", type=user_path, metavar="FOLDER", help=f"instead of {folder()}")

    def run(options: argparse.Namespace) -> None:
        print(install((options.folder or folder()).expanduser()))
        print(f"{PROGRAM}: {then}", file=sys.stderr)

    return Command(summary, f"{PROGRAM} connect {name}", add_arguments, run)


def _live() -> Command:
    return _command(
        "Put the Remote Script into Ableton Live's user library (Live 12.0.5 or newer, every edition).",
        "live",
        "--user-library",
        live_user_library,
        install_live_script,
        "choose MusikaDAW as a control surface in Live's settings (Link, Tempo & MIDI); restart Live if it is missing",
    )


def _reaper() -> Command:
    return _command(
        "Put the ReaScript into Reaper's folder.",
        "reaper",
        "--resources",
        reaper_resources,
        install_reaper_script,
        f"in Reaper: Actions, Show action list, New action, Load ReaScript, {_REAPER_SCRIPT}",
    )


def _ardour() -> Command:
    return _command(
        "Put the script that brings takes in into Ardour's folder (Ardour 7 or newer).",
        "ardour",
        "--config",
        ardour_config,
        install_ardour_script,
        "in Ardour: Edit, Lua Scripts, Script Manager, add Musika DAW Take; or as a template of a new session",
    )


GROUP = Group(
    "Put our scripts where a DAW finds them.",
    f"{PROGRAM} connect live",
    {
        "live": ("Ableton Live's Remote Script: takes land in the arrangement", _live),
        "ardour": ("Ardour's script: brings a take into the session", _ardour),
        "reaper": ("Reaper's ReaScript: renders into the open project", _reaper),
    },
)

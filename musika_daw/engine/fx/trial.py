"""A plug-in is tried in a process of its own before it comes into ours: some end theirs, and some never answer."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import musika_daw
from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.errors import UserError
from musika_daw.resources import own_folder
from musika_daw.storage.files import write_text

TRIAL_WORD = "--try-plug-in"
TRIED_VARIABLE, PATIENCE_VARIABLE = "MUSIKA_DAW_TRIED_PLUGINS", "MUSIKA_DAW_PLUGIN_SECONDS"
_PATIENCE_SECONDS = 30.0
_SECONDS = 1.0  # of sound that it has to play
_MAX_FILES = 1000  # of a plug-in's folder that are looked at for changes
_MAX_TRIED = 2000  # that are noted


def try_plugin(spec: FxSpec, path: Path, sample_rate: int) -> None:
    """Loads, sets and plays a plug-in in another process; one that passed is not tried again until it changes.

    It takes a second or two. Off the main thread it may be called, too.

    Raises:
        UserError: it ended that process, or did not answer; the line names the file.
    """
    task = json.dumps([str(path), spec.plugin, dict(sorted(spec.parameters.items())), sample_rate])
    state, tried = _state(path), _read_tried()
    if tried.get(task) == state:
        return
    patience = _patience()
    try:
        code = subprocess.run(  # noqa: S603  this program itself
            [*_program(), task],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
            env=_environment(),
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"plug-in {path} does not answer: it was given {patience:g} s; {PATIENCE_VARIABLE} gives it more"
        ) from error
    except OSError:  # no process can be started here: it has to be tried in ours
        return
    if code:
        raise UserError(f"plug-in {path} ended its process when it was tried ({_reason(code)})")
    _write_tried(dict([*tried.items(), (task, state)][-_MAX_TRIED:]))


def main(arguments: Sequence[str]) -> int:
    """Runs in the other process."""
    from musika_daw.engine.fx.hosted import Hosted
    from musika_daw.engine.fx.plugin_pool import PluginPool

    _no_dialogues()
    path, plugin, parameters, sample_rate = json.loads(arguments[0])
    with contextlib.suppress(Exception):  # what it raises it will raise in our process, too, where that is told
        plugins = PluginPool(sample_rate, lambda line: None, trial=False)
        Hosted(FxSpec(PLUGIN, parameters, path, plugin), plugins, sample_rate, 0).play_noise(_SECONDS)
    return 0


def _environment() -> dict[str, str]:
    """The other process finds this package wherever this one found it."""
    places = [str(Path(musika_daw.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def _program() -> list[str]:
    """The command of the other process, from an installation or from the bundle."""
    if getattr(sys, "frozen", False):
        return [sys.executable, TRIAL_WORD]
    return [sys.executable, "-m", "musika_daw.engine.fx.trial"]


def _patience() -> float:
    try:
        return max(1.0, float(os.environ.get(PATIENCE_VARIABLE, "")))
    except ValueError:
        return _PATIENCE_SECONDS


def _reason(code: int) -> str:
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            pass
    return f"exit code {code & 0xFFFFFFFF:#x}" if abs(code) > 255 else f"exit code {code}"


def _state(path: Path) -> list[int]:
    """What is the same as long as a plug-in has not been exchanged."""
    files = [path, *sorted(path.rglob("*"))[:_MAX_FILES]] if path.is_dir() else [path]
    stats = [file.stat() for file in files if file.exists()]
    return [max((s.st_mtime_ns for s in stats), default=0), sum(s.st_size for s in stats)]


def _tried_file() -> Path:
    return own_folder("plug-ins", TRIED_VARIABLE) / "tried.json"


def _read_tried() -> dict[str, object]:
    try:
        tried = json.loads(_tried_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return tried if isinstance(tried, dict) else {}


def _write_tried(tried: dict[str, object]) -> None:
    """Best effort: a plug-in that cannot be noted is tried again."""
    with contextlib.suppress(UserError):
        write_text(_tried_file(), json.dumps(tried))


def _no_dialogues() -> None:
    """Windows asks what to do with a program that fails; nobody is there to answer."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Entry point: finds the command, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

from musika_daw import __version__
from musika_daw.app.command import PROGRAM, Command, Group, run_command
from musika_daw.errors import UserError

TRACEBACK_VARIABLE = "MUSIKA_DAW_TRACEBACK"
TRIAL_WORD = "--try-plug-in"  # of `engine.fx.trial`, which takes a while to load
# What the `train` extra installs (pyproject.toml).
_TRAIN_EXTRA = ("numba", "scipy", "matplotlib")
_INTERRUPTED, _BROKEN_PIPE = 130, 141  # 128 + SIGINT, 128 + SIGPIPE, as shells have it


# Imports are written out, not made from names: PyInstaller has to find them.
def _render() -> Command:
    from musika_daw.app.render import COMMAND

    return COMMAND


def _app() -> Command:
    from musika_daw.app.desktop import COMMAND

    return COMMAND


def _live() -> Command:
    from musika_daw.app.live import COMMAND

    return COMMAND


def _replay() -> Command:
    from musika_daw.app.replay import COMMAND

    return COMMAND


def _send() -> Command:
    from musika_daw.app.send import COMMAND

    return COMMAND


def _styles() -> Command:
    from musika_daw.app.listing import STYLES

    return STYLES


def _presets() -> Command:
    from musika_daw.app.listing import PRESETS

    return PRESETS


def _models() -> Group:
    from musika_daw.app.models import GROUP

    return GROUP


def _data() -> Group:
    from musika_daw.app.data import GROUP

    return GROUP


def _train() -> Group:
    from musika_daw.app.train import GROUP

    return GROUP


def _evaluate() -> Group:
    from musika_daw.app.evaluate import GROUP

    return GROUP


def _bench() -> Group:
    from musika_daw.app.bench import GROUP

    return GROUP


def _devices() -> Command:
    from musika_daw.app.devices import COMMAND

    return COMMAND


def _plugin() -> Group:
    from musika_daw.app.plugin import GROUP

    return GROUP


def _connect() -> Group:
    from musika_daw.app.connect import GROUP

    return GROUP


def _doctor() -> Command:
    from musika_daw.app.doctor import COMMAND

    return COMMAND


def _protocol() -> Command:
    from musika_daw.app.protocol import COMMAND

    return COMMAND


COMMANDS = Group(
    "Musika DAW: endless techno stems on the grid of your song.",
    f"{PROGRAM} render --bars 16 --bpm 128 --seed 7 --out MySong",
    {
        "app": ("open the window", _app),
        "render": ("render stems into a project folder", _render),
        "live": ("play, controlled over OSC", _live),
        "send": ("send one OSC message, or ask for a value", _send),
        "replay": ("render a live take again from its log", _replay),
        "styles": ("list the styles", _styles),
        "presets": ("list the presets", _presets),
        "models": ("list, describe and assemble models", _models),
        "data": ("make and encode training corpora", _data),
        "train": ("train the networks of a model", _train),
        "eval": ("measure a model", _evaluate),
        "bench": ("measure the speed on this computer", _bench),
        "devices": ("list what can be played into and from", _devices),
        "connect": ("put our scripts where a DAW finds them", _connect),
        "plugin": ("build and install the plug-in for DAWs", _plugin),
        "doctor": ("find out what is wrong on this computer", _doctor),
        "protocol": ("print the OSC addresses", _protocol),
    },
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    _exit_on_termination()
    _say_any_name()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == [TRIAL_WORD]:  # the bundle has no other way to start a process
        return _try_plugin(words[1:])
    try:
        if words == ["--version"]:
            print(f"{PROGRAM} {__version__}")
        else:
            run_command(PROGRAM, COMMANDS, words)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has had enough (`| head`); Python must not try again on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _fail("interrupted", _INTERRUPTED)
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            traceback.print_exc()
        return _fail(_line(error), error.exit_code if isinstance(error, UserError) else 1)
    return 0


def _try_plugin(words: Sequence[str]) -> int:
    from musika_daw.engine.fx.trial import main as try_plugin

    return try_plugin(words)


def _line(error: Exception) -> str:
    """What went wrong in one line."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in _TRAIN_EXTRA:
        if getattr(sys, "frozen", False):
            return "this program plays; training needs an installation: pip install 'musika-daw[train]'"
        return f"{error.name} is not installed, this command needs it: pip install 'musika-daw[train]'"
    if isinstance(error, MemoryError):
        return "not enough memory: close other programs or ask for less"
    text = f"{type(error).__name__}: {error}"
    return f"{text}; please report this with what {TRACEBACK_VARIABLE}=1 shows"


def _say_any_name() -> None:
    """Paths that a terminal's encoding cannot say are printed with escapes: a take that is whole is no failure."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # streams that were put in place of these
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _fail(message: str, code: int) -> int:
    print(f"{PROGRAM}: {' '.join(message.split())}", file=sys.stderr)
    return code


def _exit_on_termination() -> None:
    """SIGTERM and SIGHUP raise `SystemExit` once, so that everything open is left clean; later ones do not disturb."""

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    wanted = (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP"))
    # Who started us with nohup wants SIGHUP ignored.
    ours = [number for number in wanted if number is not None and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)

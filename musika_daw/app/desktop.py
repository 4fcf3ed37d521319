"""`musika-daw app`: the window and, beside it, the generator process."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.engine_process import EngineProcess, free_port
from musika_daw.controls.target import Target, address_of
from musika_daw.errors import UserError
from musika_daw.paths import user_path
from musika_daw.resources import own_folder
from osc_protocol.client import Client
from osc_protocol.table import DEFAULT_PORT
from osc_protocol.types import ProtocolError

LOGS_VARIABLE = "MUSIKA_DAW_LOGS"
_LOG_BYTES, _LOGS = 1_000_000, 3
_ASK_SECONDS = 0.3


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--engine", metavar="HOST:PORT", help="show this engine instead of starting one")
    parser.add_argument("--out", type=user_path, metavar="FOLDER", help="project folder for takes")
    parser.add_argument("--language", metavar="CODE", help="language of the window, e.g. de (default: the system's)")
    parser.add_argument("--software", action="store_true", help="draw without a graphics card")


def run(options: argparse.Namespace) -> None:
    window = _window_module()
    from musika_daw.engine.take.project_folder import takes_folder
    from musika_daw.resources import music_folder

    if options.software:
        window.software_rendering()
    if problem := window.screen_problem():
        raise UserError(problem)
    log = start_log()
    takes = takes_folder((options.out or music_folder()).expanduser())
    host, port = parse_engine(options.engine) if options.engine else ("127.0.0.1", window.engine_port())
    if options.engine or window.raise_first(window.server_name(port)):
        code = window.run(window.WindowSettings(host, port, takes, options.language)) if options.engine else 0
    elif answers(host, port):
        code = window.run(window.WindowSettings(host, port, takes, options.language))
        end_left_engine(host, port, _left(log))
    else:
        port = free_port(port)
        engine = EngineProcess(port, options.out, options=window.engine_options())
        note_engine(port, _left(log))

        def attach(shown: Any) -> None:
            engine.tell(shown.preferences.engine_ended.emit)
            shown.preferences.engine_wished.connect(lambda: engine.start_again(window.engine_options()))

        try:
            settings = window.WindowSettings(
                host, port, takes, options.language, log, project_given=options.out is not None
            )
            code = window.run(settings, attach)
        finally:
            engine.close()
            forget_engine(_left(log))
    if code:
        raise SystemExit(code)


def parse_engine(text: str) -> tuple[str, int]:
    """`studio.local:7771`, `studio.local` or `:7772` -> host and port.

    Raises:
        UserError: it is none of these.
    """
    host, colon, port = text.rpartition(":")
    if not colon:
        host, port = text, str(DEFAULT_PORT)
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise UserError(f"engine {text!r} is no address: expected HOST:PORT, e.g. 192.168.1.20:{DEFAULT_PORT}")
    return host or "127.0.0.1", int(port)


def answers(host: str, port: int) -> bool:
    """Whether an engine is there."""
    try:
        with Client(host, port) as client:
            client.query(address_of(Target("status")), _ASK_SECONDS)
    except (OSError, ProtocolError):  # TimeoutError is an OSError
        return False
    return True


def note_engine(port: int, note: Path | None) -> None:
    """Notes on which port the engine of a window listens: it goes on if the window fails."""
    if note is not None:
        with contextlib.suppress(OSError):
            note.write_text(str(port), encoding="utf-8")


def forget_engine(note: Path | None) -> None:
    """It has ended."""
    if note is not None:
        with contextlib.suppress(OSError):
            note.unlink()


def end_left_engine(host: str, port: int, note: Path | None) -> None:
    """Ends the engine of a window that had failed, once the window that found it is closed: nobody else would."""
    with contextlib.suppress(OSError, ProtocolError):
        if note is not None and note.read_text(encoding="utf-8") == str(port):
            with Client(host, port) as client:
                client.set(address_of(Target("quit")))
            forget_engine(note)


def _left(log: Path | None) -> Path | None:
    return None if log is None else log.with_name("engine")


def start_log() -> Path | None:
    """Has everything that is logged, and errors nobody caught, written to a file that does not grow; its path.

    None where the disk does not take it: the window opens all the same.
    """
    path = own_folder("logs", LOGS_VARIABLE) / f"{PROGRAM}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger("musika_daw").setLevel(logging.INFO)
    before = sys.excepthook

    def note(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        logging.getLogger(__name__).error("the window failed", exc_info=(kind, error, at))
        before(kind, error, at)

    sys.excepthook = note
    return path


def _window_module() -> ModuleType:
    try:
        from musika_daw.panel import window
    except ImportError as error:
        raise UserError(f"the window needs PySide6 ({error}): pip install 'musika-daw[panel]'") from error
    return window


COMMAND = Command(
    "Open the window: play, move controls, record takes and drag them into the DAW. Starts the generator if none runs.",
    f"{PROGRAM} app",
    add_arguments,
    run,
)

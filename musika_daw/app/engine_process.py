"""The generator process beside the window: started with it, started again if it ends by itself, ended with it."""

from __future__ import annotations

import logging
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from musika_daw.app.command import PROGRAM
from musika_daw.app.connect import this_program

_END_SECONDS = 10.0
_MAX_STARTS, _WITHIN_SECONDS = 3, 60.0
_log = logging.getLogger(__name__)

Ended = Callable[[str, bool], None]
"""Gets what the process said last, and whether it was started again; called in a thread of its own."""


def free_port(wanted: int) -> int:
    """The port, if no other program has it; else one that is free."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
            except OSError:
                continue
    return wanted


class EngineProcess:
    """Runs `musika-daw live`; what it says goes to the log."""

    def __init__(
        self, port: int, project: Path | None, command: Sequence[str] | None = None, options: Sequence[str] = ()
    ) -> None:
        """
        Args:
            command: in place of our own program, without the port.
            options: more for it.
        """
        words = command or [*this_program(), "live", "--headless", *(["--out", str(project)] if project else [])]
        self._words, self._options = [*words, "--osc-port", str(port)], tuple(options)
        self._again = threading.Event()
        self._ended: Ended = lambda _said, _again: None
        self._closing = threading.Event()
        self._starts: list[float] = []
        self._process: subprocess.Popen[str] | None = None
        self._last = ""
        self._thread = threading.Thread(target=self._run, name="musika-engine", daemon=True)
        self._start()
        self._thread.start()

    def tell(self, ended: Ended) -> None:
        """Has somebody told when it ends by itself."""
        self._ended = ended

    def start_again(self, options: Sequence[str]) -> None:
        """Ends it and starts it with other options; a take that is being recorded is finished before."""
        self._options = tuple(options)
        self._again.set()
        if self._process is not None:
            self._process.terminate()

    def close(self) -> None:
        """Ends it; a take that is being recorded is finished."""
        self._closing.set()
        process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(_END_SECONDS)

    def _start(self) -> None:
        self._starts = [*self._starts, time.monotonic()][-_MAX_STARTS:]
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [*self._words, *self._options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _run(self) -> None:
        while not self._closing.is_set():
            process = self._process
            assert process is not None and process.stderr is not None
            for line in process.stderr:
                self._last = line.strip().removeprefix(f"{PROGRAM}: ") or self._last
                _log.info("%s", line.rstrip())
            code = process.wait()
            if self._closing.is_set():
                return
            if self._again.is_set():
                self._again.clear()
                self._starts.clear()
                self._start()
                continue
            again = len(self._starts) < _MAX_STARTS or time.monotonic() - self._starts[0] > _WITHIN_SECONDS
            _log.error("the generator ended by itself (%s)%s", code, ", it is started again" if again else "")
            if again:
                self._start()
            # One that was ended from outside had nothing to say of it.
            self._ended(f"signal {-code}" if code < 0 else self._last, again)
            if not again:
                return

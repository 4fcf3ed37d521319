"""Work that must not disturb the sound: loading a model, rendering a take."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.moves import Notice
from musika_daw.engine.live.notices import NoticeBoard
from musika_daw.engine.take.session_log import SessionStart, SessionWriter
from musika_daw.errors import UserError

_NICENESS = 10


class Background:
    """Runs jobs in threads of their own and tells how they end."""

    def __init__(self, notices: NoticeBoard) -> None:
        self._notices = notices
        self._programs: set[subprocess.Popen[str]] = set()
        self._closed = False

    def run(self, job: Callable[[], object], address: str) -> None:
        """`address`: whose failure it is."""

        def work() -> None:
            try:
                job()
            except UserError as error:
                self._fail(address, str(error))

        threading.Thread(target=work, name="musika-background", daemon=True).start()

    def render(self, controls: Controls, bars: float, project: Path) -> None:
        """Renders a take of the song as it stands, in a process of its own: it shares no lock with what plays."""
        self.run(lambda: self._render(controls, bars, project), "/musika/render")

    def close(self) -> None:
        """Ends what is running."""
        self._closed = True
        for program in list(self._programs):
            program.terminate()

    def _render(self, controls: Controls, bars: float, project: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="musika-daw-") as folder:
            log = Path(folder) / "session.jsonl"
            SessionWriter(log, SessionStart(controls.model, controls.score())).close()
            program = subprocess.Popen(  # noqa: S603  this program itself
                [*_program(), "render", "--session", str(log), "--bars", f"{bars:g}", "--out", str(project)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._programs.add(program)
            with contextlib.suppress(OSError, AttributeError):
                os.setpriority(os.PRIO_PROCESS, program.pid, _NICENESS)
            assert program.stderr is not None and program.stdout is not None
            last = ""
            for line in program.stderr:
                if share := re.search(r"(\d+) %", line):
                    self._notices.post(Notice("/musika/progress", (int(share[1]) / 100,)))
                last = line.strip() or last
            take = program.stdout.read().strip()
            code = program.wait()
            self._programs.discard(program)
        if code == 0:
            self._notices.post(Notice("/musika/done", (take,)))
        elif not self._closed:
            self._fail("/musika/render", last.removeprefix("musika-daw: "))

    def _fail(self, address: str, message: str) -> None:
        self._notices.post(Notice("/musika/error", (address, "failed", message)))


def _program() -> list[str]:
    """This program, from an installation or from the bundle."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "musika_daw.app"]

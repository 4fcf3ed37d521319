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

from musika_daw.controls.move import Notice, failure
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.live.state.notices import NoticeBoard
from musika_daw.engine.score_of import score_of
from musika_daw.engine.take.session_log import SessionStart, SessionWriter
from musika_daw.errors import UserError

_NICENESS = 10
_RENDER = Target("render")


class Background:
    """Runs jobs in threads of their own and tells how they end."""

    def __init__(self, notices: NoticeBoard) -> None:
        self._notices = notices
        self._programs: set[subprocess.Popen[str]] = set()
        self._closed = False

    def run(self, job: Callable[[], str | None], target: Target) -> None:
        """Runs a job.

        Args:
            job: may return a line that is told when it is done.
            target: whose success or failure it is.
        """

        def work() -> None:
            try:
                if (told := job()) is not None:
                    self._notices.post(Notice.of("told", told, about=target))
            except UserError as error:
                self._fail(target, str(error))

        threading.Thread(target=work, name="musika-background", daemon=True).start()

    def render(self, controls: ControlState, bars: float, project: Path) -> None:
        """Renders a take of the song as it stands, in a process of its own: it shares no lock with what plays."""
        self.run(lambda: self._render(controls, bars, project), _RENDER)

    def close(self) -> None:
        """Ends what is running."""
        self._closed = True
        for program in list(self._programs):
            program.terminate()

    def _render(self, controls: ControlState, bars: float, project: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="musika-daw-") as folder:
            log = Path(folder) / "session.jsonl"
            SessionWriter(log, SessionStart(controls.text("model"), score_of(controls))).close()
            program = subprocess.Popen(  # noqa: S603  this program itself
                [*_program(), "render", "--session", str(log), "--bars", f"{bars:g}", "--out", str(project)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",  # paths are said in it, whatever the terminal's encoding is
                errors="replace",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
            self._programs.add(program)
            with contextlib.suppress(OSError, AttributeError):
                os.setpriority(os.PRIO_PROCESS, program.pid, _NICENESS)
            assert program.stderr is not None and program.stdout is not None
            last = ""
            for line in program.stderr:
                if share := re.search(r"(\d+) %", line):
                    self._notices.post(Notice.of("progress", int(share[1]) / 100))
                last = line.strip() or last
            take = program.stdout.read().strip()
            code = program.wait()
            self._programs.discard(program)
        if code == 0:
            self._notices.post(Notice.of("done", take))
        elif not self._closed:
            self._fail(_RENDER, last.removeprefix("musika-daw: "))

    def _fail(self, target: Target, message: str) -> None:
        self._notices.post(failure(target, message))


def _program() -> list[str]:
    """This program, from an installation or from the bundle."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "musika_daw.app"]

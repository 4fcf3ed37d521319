"""The generator process as its users start it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from osc_protocol import Client

WAIT_SECONDS = 120


@dataclass
class Live:
    """A running generator process."""

    program: subprocess.Popen[str]
    port: int
    folder: Path

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Ends it; its exit code and the rest of what it said."""
        self.program.send_signal(number)
        _, said = self.program.communicate(timeout=WAIT_SECONDS)
        return self.program.returncode, said


def start(folder: Path, model: Path, *options: str) -> subprocess.Popen[str]:
    words = ["live", "--model", str(model), "--out", str(folder), *options]
    return subprocess.Popen(
        [sys.executable, "-m", "musika_daw.app", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def listening_port(program: subprocess.Popen[str]) -> int:
    """Of OSC, once it listens."""
    assert program.stderr is not None
    said = ""
    while (found := re.search(r"OSC on \S+, port (\d+)", said)) is None:
        said = program.stderr.readline()
        assert said, "it ended before it listened"
    return int(found[1])


@contextmanager
def live(folder: Path, model: Path, *options: str) -> Iterator[Live]:
    program = start(folder, model, "--osc-port", "0", *options)
    try:
        yield Live(program, listening_port(program), folder)
    finally:
        program.kill()
        program.communicate()


def wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def play_on(client: Client, beats: float) -> None:
    goal = client.query("/musika/status")[6] + beats
    wait_until(lambda: client.query("/musika/status")[6] >= goal)

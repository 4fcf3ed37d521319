"""A real JACK server for the tests of this folder, under a name of its own, so that other servers are left alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.support.jack import may_be_realtime

STEMS = ("drums", "bass", "chords", "lead")
PERIOD, RATE = 256, 48000


class JackServer:
    """`jackd` with a dummy sound card; started and killed as often as a test wants."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, playback_ports: int = 2) -> None:
        priority = ["--realtime"] if may_be_realtime() else ["--no-realtime"]
        command = ["jackd", "-n", self.name, *priority, "-d", "dummy", "-r", str(RATE), "-p", str(PERIOD)]
        self._process = subprocess.Popen(
            [*command, "-P", str(playback_ports)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 15.0
        while "system:playback_1" not in self.ports():
            assert time.monotonic() < deadline and self._process.poll() is None, "jackd does not start"
            time.sleep(0.05)

    def send(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            # Leaving in peace: JACK keeps a place for each server that was killed, and has eight of them.
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def ports(self, *options: str) -> list[str]:
        """What `jack_lsp` prints."""
        run = subprocess.run(
            ["jack_lsp", "-s", self.name, *options], capture_output=True, text=True, check=False, timeout=10
        )
        return run.stdout.splitlines()

    def connections(self, port: str) -> list[str]:
        lines = self.ports("-c")
        found = []
        for line in lines[lines.index(port) + 1 :]:
            if not line.startswith(" "):
                break
            found.append(line.strip())
        return found


@pytest.fixture
def jack_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[JackServer]:
    """Not started yet."""
    if os.name != "posix" or not shutil.which("jackd") or not shutil.which("jack_lsp"):
        pytest.skip("jackd is not installed (Debian: apt-get install jackd2)")
    server = JackServer(f"musika-test-{os.getpid()}")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    yield server
    server.stop()
    if hasattr(os, "sched_setscheduler"):
        # Tests write from the main thread, which a bus lets go first; the tests after them are not to.
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))

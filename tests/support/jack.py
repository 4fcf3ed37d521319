"""A real JACK server with a dummy sound card, under a name of its own, and MIDI cables on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

RATE = 48000


@contextmanager
def jack_server(period: int = 128) -> Iterator[str]:
    """Its name; programs started meanwhile find it by themselves."""
    if not shutil.which("jackd") or not shutil.which("jack_lsp"):
        pytest.skip("jackd is not installed (Debian: apt-get install jackd2)")
    rtmidi = pytest.importorskip("rtmidi")
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        pytest.skip("python-rtmidi was built without JACK")
    name = f"musika-midi-{os.getpid()}"
    before = {key: os.environ.get(key) for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ.update(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1")
    priority = "--realtime" if may_be_realtime() else "--no-realtime"
    command = ["jackd", "-n", name, priority, "-d", "dummy", "-r", str(RATE), "-p", str(period)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: "system:playback_1" in ports(), "jackd does not start", 15.0)
        yield name
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def may_be_realtime() -> bool:
    """Whether programs that this process starts may run at real-time priority."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        os.sched_setscheduler(0, *before)
    except (OSError, AttributeError):
        return False
    return True


def ports() -> list[str]:
    """Names of all ports; none where the server does not answer, as it may while another client leaves."""
    try:
        run = subprocess.run(["jack_lsp"], capture_output=True, text=True, check=False, timeout=3)
    except subprocess.TimeoutExpired:
        return []
    return [line for line in run.stdout.splitlines() if ":" in line]


def connect(source: str, sink: str) -> None:
    """Ports whose names contain these."""
    wait_for(lambda: any(source in port for port in ports()), f"no port {source}")
    wait_for(lambda: any(sink in port for port in ports()), f"no port {sink}")

    def connected() -> bool:
        there = ports()
        found = [next((port for port in there if name in port), None) for name in (source, sink)]
        if None in found:
            return False
        try:
            run = subprocess.run(["jack_connect", *map(str, found)], capture_output=True, text=True, timeout=3)
        except subprocess.TimeoutExpired:
            return False
        return run.returncode == 0 or "already connected" in run.stderr

    wait_for(connected, f"{source} cannot be connected to {sink}")


def wait_for(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)

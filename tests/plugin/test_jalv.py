"""A real LV2 host on a real JACK server: it plays on through bars without a jump, while controls move."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from musika_daw.plugin import layout
from tests.plugin.conftest import segments
from tests.support.jack import jack_server, ports, wait_for

pytestmark = pytest.mark.slow
SECONDS = float(os.environ.get("MUSIKA_DAW_SOAK", "10"))
MOVED = ("density", "brightness", "morph_x", "morph_y", "variation", "bass_density", "lead_density")


def test_it_plays_on_through_bars_while_controls_move(
    bundles: Path, engine_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("jalv") is None or shutil.which("jack_transport") is None:
        pytest.skip("the host is jalv, on JACK's transport (Debian: apt-get install jalv jackd2)")
    monkeypatch.setenv("LV2_PATH", f"{bundles}:/usr/lib/lv2")
    with (
        jack_server(256),
        told(["jalv", "-n", "musika", "urn:musika-daw:generator"]) as host,
        told(["jack_transport"]) as transport,
    ):
        wait_for(lambda: any(name.startswith("musika:") for name in ports()), "jalv does not start", 30.0)
        (memory,) = (Path("/dev/shm") / name for name in segments(host.pid))
        for line in ("master", "tempo 128", "locate 0"):
            tell(transport, line)
        wait_for(lambda: header(memory).engine_state == layout.READY, "the engine does not start", 90.0)
        time.sleep(6.0)
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            tell(transport, "play")
            time.sleep(1.0)
            for _ in range(3):  # a machine that stands still moves JACK's own transport
                before = header(memory)
                chance, end = random.Random(1), time.monotonic() + SECONDS
                while time.monotonic() < end:
                    tell(host, f"set {chance.choice(MOVED)} {chance.uniform(0.2, 0.8):.3f}")
                    time.sleep(0.5)
                after = header(memory)
                if after.transport.since == before.transport.since:
                    break
        finally:
            busy.kill()
            busy.wait()
        print(f"{SECONDS:g} s: {after.misses - before.misses} blocks late; load {os.getloadavg()[0]:.1f}")
    assert after.transport.bpm == 128.0
    assert after.transport.quarters - before.transport.quarters == pytest.approx(SECONDS * 128 / 60, rel=0.2)
    assert after.transport.since == before.transport.since  # no place was taken for a jump
    assert after.accepted.serial > before.accepted.serial


@contextmanager
def told(words: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A program that is told lines."""
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    ) as program:
        try:
            yield program
        finally:
            program.terminate()


def tell(program: subprocess.Popen[str], line: str) -> None:
    assert program.stdin is not None
    program.stdin.write(line + "\n")
    program.stdin.flush()


def header(memory: Path) -> layout.Header:
    with memory.open("rb") as file:
        return layout.Header.from_buffer_copy(file.read(ctypes.sizeof(layout.Header)))

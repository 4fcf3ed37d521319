"""Playing as on a stage: the shipped model on a real JACK server, controls that never rest, a busy core.

A minute of it, or as many seconds as MUSIKA_SOAK_SECONDS says. The buffer is one that outlasts a virtual machine's own
pauses, for which no program in it is to blame.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from osc_protocol import Client
from tests.engine.bus.conftest import JackServer, jack_server  # noqa: F401  a fixture
from tests.support.live_process import live
from tests.support.recording import Recording

SECONDS, MOVES_A_SECOND = int(os.environ.get("MUSIKA_SOAK_SECONDS", "60")), 20
BUS = "jack,latency=100"
PRESETS = ("acid_rain", "boiler", "clockwork", "drum_tool", "night_bus", "rooftop")
STYLES = ("warehouse", "fathom", "tunnel", "pebble", "anvil", "silver_box")
MAX_MB, MAX_GROWN_MB = 560, 40
LEAST_FACTOR = 5.0  # times real time that a block is made in, beside the busy loop: less leaves no room for moves
LEAST_DENSITY = 0.2  # with fewer notes there are rests, in which nothing is to be heard
SHORTEST_GAP = 128  # samples of nothing: shorter than any part of a period that could be missing


def gaps(audio: NDArray[np.float32]) -> list[int]:
    """Where both sides are exactly silent for a moment though there is music before and after, `[2, n]`."""
    silent = np.flatnonzero(np.diff(np.concatenate([[0], (audio == 0).all(0).astype(np.int8), [0]])))
    found = []
    for first, end in silent.reshape(-1, 2):
        around = audio[:, max(0, first - 2400) : first], audio[:, end : end + 2400]
        if end - first >= SHORTEST_GAP and all(part.size and np.abs(part).max() > 0.01 for part in around):
            found.append(int(first))
    return found


def test_a_gap_is_found() -> None:
    noise = (0.1 * np.random.default_rng(0).standard_normal((2, 48_000))).astype(np.float32)
    assert gaps(noise) == []
    noise[:, 20_000:20_256] = 0.0
    assert gaps(noise) == [20_000]


def moved(client: Client, chance: random.Random) -> None:
    """Density and morph mostly, styles, seeds and presets now and then."""
    kind = chance.random()
    if kind < 0.02:
        client.set("/musika/preset", chance.choice(PRESETS))
    elif kind < 0.05:
        client.set(f"/musika/anchor/{chance.choice('abcd')}", chance.choice(STYLES))
    elif kind < 0.07:
        client.set("/musika/seed", chance.randrange(100))
    elif kind < 0.5:
        client.set("/musika/density", chance.uniform(LEAST_DENSITY, 1.0))
    else:
        client.set("/musika/morph", chance.random(), chance.random())


def resident_mb(program: int) -> float:
    """Memory of a process but for what it shares: JACK's server maps 200 MB of its own into every client."""
    status = Path(f"/proc/{program}/status").read_text()
    return sum(int(found) for found in re.findall(r"Rss(?:Anon|File):\s+(\d+) kB", status)) * 1024 / 1e6


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, sound from jackd")
def test_a_stage_beside_a_busy_loop(jack_server: JackServer, tmp_path: Path) -> None:  # noqa: F811
    jack_server.start()
    chance = random.Random(1)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with live(tmp_path, Path("techno"), "--bus", BUS, "--play") as process, Client(port=process.port) as client:
            time.sleep(5.0)
            before = client.query("/musika/status")[2]
            ports = ["Musika DAW:mix_left", "Musika DAW:mix_right"]
            with Recording(tmp_path / "heard.wav", ports, SECONDS) as recording:
                end, memory = time.monotonic() + SECONDS, 0.0
                while (left := end - time.monotonic()) > 0:
                    if left < SECONDS / 2 and not memory:
                        memory = resident_mb(process.program.pid)
                    moved(client, chance)
                    time.sleep(chance.expovariate(MOVES_A_SECOND))
                xruns = recording.xruns
            status, grown = client.query("/musika/status"), resident_mb(process.program.pid) - memory
    finally:
        busy.kill()
        busy.wait()
    holes = gaps(recording.audio()) if recording.complete else []
    said = (
        f"{status[2] - before} underruns, JACK late {xruns} times, {len(holes)} holes, "
        f"{memory:.0f} MB and {grown:+.0f} MB in the second half, latency {status[3]:.0f} ms, bus {status[9]:.0f} ms, "
        f"real-time factor {status[0]:.1f}, load {status[1]:.2f}"
    )
    print(said)
    assert memory < MAX_MB and grown < MAX_GROWN_MB, said
    unbroken = recording.complete and status[2] == before and not holes
    if not unbroken and (xruns or not recording.complete or status[0] < LEAST_FACTOR):
        pytest.skip(f"this computer is too busy to tell: {said}")
    assert unbroken, said

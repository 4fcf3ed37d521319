"""A long jam with the shipped model in the real process: replayed, looped, and flooded with packets of nobody's making.

MUSIKA_JAM_SECONDS: how long (default 60, with a move a second). The buffer is one that outlasts a virtual machine's own
pauses.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from osc_protocol import Client
from tests.app.test_soak import resident_mb
from tests.control.osc.test_fuzz import packets
from tests.support.controller import Controller
from tests.support.live_process import live, play_on, wait_until

pytestmark = pytest.mark.slow
SECONDS = int(os.environ.get("MUSIKA_JAM_SECONDS", "60"))
STYLES = ("warehouse", "fathom", "tunnel", "pebble", "anvil", "silver_box")
STEMS = ("drums", "bass", "chords", "lead")
BUS = "null,latency=200"
PACKETS, PACKETS_A_SECOND = 200_000, 5000


def moved(client: Client, chance: random.Random) -> None:
    """Any of what a musician moves."""
    stem = chance.choice(STEMS)
    moves: list[tuple[str, tuple[object, ...]]] = [
        ("/musika/density", (chance.random(),)),
        (f"/musika/stem/{stem}/density", (chance.random(),)),
        ("/musika/brightness", (chance.random(),)),
        ("/musika/morph", (chance.random(), chance.random())),
        ("/musika/seed", (chance.randrange(4),)),
        ("/musika/key", (chance.choice(["Am", "F#m", "off"]),)),
        ("/musika/quantize", (chance.choice(["now", "beat", "bar"]),)),
        (f"/musika/stem/{stem}/gain", (chance.uniform(-12.0, 0.0),)),
        (f"/musika/stem/{stem}/hold", (chance.random() < 0.3,)),
        ("/musika/tempo", (chance.uniform(110.0, 140.0),)),
        ("/musika/locate", (float(chance.randrange(0, 128)),)),
        (f"/musika/anchor/{chance.choice('abcd')}", (chance.choice(STYLES),)),
    ]
    address, values = chance.choice(moves)
    client.set(address, *values)  # type: ignore[arg-type]


def stems_of(take: Path) -> dict[str, NDArray[np.float64]]:
    return {file.name.split("_")[0]: soundfile.read(file)[0] for file in take.glob("*.wav")}


def test_a_long_jam_is_replayed_bit_for_bit(tmp_path: Path) -> None:
    chance = random.Random(3)
    with live(tmp_path, Path("techno"), "--bus", BUS) as process, Client(port=process.port) as client:
        done: list[str] = []
        client.subscribe(lambda address, values: done.append(str(values[0])) if address == "/musika/done" else None)
        client.set("/musika/record", "jam")
        client.set("/musika/play")
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(chance.expovariate(1.0))
            moved(client, chance)
        client.set("/musika/stop")
        wait_until(lambda: bool(done))
        underruns = client.query("/musika/status")[2]
    replay = subprocess.run(
        [
            sys.executable,
            "-m",
            "musika_daw.app",
            "replay",
            str(Path(done[0]) / "session.jsonl"),
            "--out",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        timeout=60 + 2 * SECONDS,
    )
    assert replay.returncode == 0, replay.stderr
    played, again = stems_of(Path(done[0])), stems_of(Path(replay.stdout.splitlines()[-1]))
    differences = {stem: float(np.abs(played[stem] - again[stem]).max()) for stem in played}
    print(f"\n{len(played['mix']) / 44100:.1f} s, {underruns} underruns, largest differences {differences}")
    if underruns:
        pytest.skip(f"this computer is too busy: {underruns} underruns, which no log can hold")
    assert len(played) == 5 and max(differences.values()) == 0.0


def test_bars_five_to_eight_three_times(tmp_path: Path) -> None:
    """From the second bar of each pass on: the first holds what still rings of the end of the pass before."""
    with (
        live(tmp_path, Path("techno"), "--bus", BUS, "--preset", "clockwork") as process,
        Client(port=process.port) as client,
    ):
        done: list[str] = []
        client.subscribe(lambda address, values: done.append(str(values[0])) if address == "/musika/done" else None)
        for stem in STEMS:
            client.set(f"/musika/stem/{stem}/gain", -12.0)  # soft enough for the limiter, which hears what rings
        client.set("/musika/loop", 16.0, 32.0)
        client.set("/musika/locate", 16.0)
        client.set("/musika/record", "loop")
        client.set("/musika/play")
        bpm = float(client.query("/musika/tempo")[0])
        time.sleep((3 * 16 + 2) * 60.0 / bpm)
        client.set("/musika/stop")
        wait_until(lambda: bool(done))
        underruns = client.query("/musika/status")[2]
    bar = 4 * 60 / bpm * 44100
    told = {}
    for stem, audio in stems_of(Path(done[0])).items():
        passes = [audio[round((4 * n + 1) * bar) :][: round(3 * bar) - 1024] for n in range(3)]
        told[stem] = [float(20 * np.log10(np.abs(passes[0] - other).max() + 1e-9)) for other in passes[1:]]
    print(f"\nlargest difference of the second and third pass from the first, dBFS: {told}")
    if underruns:
        pytest.skip(f"this computer is too busy: {underruns} underruns")
    assert max(max(values) for values in told.values()) < -50.0


def test_two_hundred_thousand_packets_disturb_nothing(tmp_path: Path) -> None:
    with live(tmp_path, Path("techno"), "--bus", BUS, "--play") as process, Client(port=process.port) as client:
        play_on(client, 16.0)
        before = client.query("/musika/status")[2]
        density, memory = client.query("/musika/density"), resident_mb(process.program.pid)
        began = time.monotonic()
        with Controller(process.port) as attacker:
            for number, packet in enumerate(packets(5, PACKETS)):
                attacker.send_raw(packet)
                time.sleep(max(0.0, number / PACKETS_A_SECOND - (time.monotonic() - began)))
        seconds = time.monotonic() - began
        client.sync(10.0)
        underruns, grown = client.query("/musika/status")[2] - before, resident_mb(process.program.pid) - memory
        said = f"{PACKETS / seconds:.0f} packets a second, {underruns} underruns, {grown:+.0f} MB"
        print(f"\n{said}")
        assert client.query("/musika/density") == density
        assert process.program.poll() is None and underruns == 0 and grown < 50, said

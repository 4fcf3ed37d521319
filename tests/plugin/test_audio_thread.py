"""The audio thread asks for no memory, waits for no lock and calls no system while a host plays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
GUARD = Path(__file__).parent.parent / "support" / "audio_guard.c"

HOST = """
import random, sys, time
from pathlib import Path
from tests.plugin.conftest import with_text
from tests.support.guarded_host import GuardedHost

watched = GuardedHost(Path(sys.argv[1]))
watched.load(with_text(watched.save(), f'model = "{sys.argv[2]}"'))
numbers = {name: number for number, name, *_ in watched.parameters()}
chance, beat, bpm, played = random.Random(1), 0.0, 128.0, 0.0
watched.offend()
print(watched.counts())
began = time.monotonic()
while played < 12.0:
    frames = chance.choice((64, 256, 512, 1000))
    moves, midi = [], []
    if chance.random() < 0.05:
        name = chance.choice(("Density", "Brightness", "Bass gain", "Lead mute", "Morph X", "Drums hold", "Quantize"))
        moves = [(numbers[name], chance.random())]
    if chance.random() < 0.2:
        midi = [(frames // 2, bytes((0x90 | chance.choice((0, 9, 10)), chance.randrange(30, 70), 90)))]
    if chance.random() < 0.01:
        beat = float(chance.randrange(64))
    bpm = chance.choice((120.0, 128.0)) if chance.random() < 0.005 else bpm
    watched.block(beat, frames, bpm, playing=chance.random() > 0.002, moves=moves, midi=midi)
    beat += frames / 44100 * bpm / 60
    played += frames / 44100
    time.sleep(max(0.0, began + played - time.monotonic()))
print(watched.counts(), watched.last_call(), watched.sees_system_calls, watched.messages.value)
"""


def test_nothing_is_asked_of_the_system_while_a_host_plays(
    bundles: Path, engine_file: Path, tiny_model: Path, tmp_path: Path
) -> None:
    compiler = shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("what an audio thread does is watched on Linux, with gcc")
    guard = tmp_path / "guard.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O0", "-o", str(guard), str(GUARD), "-ldl"], check=True)
    words = [sys.executable, "-c", HOST, str(bundles / "Musika DAW.clap"), str(tiny_model)]
    variables = {**os.environ, "LD_PRELOAD": str(guard)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=180, env=variables)
    assert done.returncode == 0, done.stderr
    seen, left = done.stdout.splitlines()
    sees_calls = left.split()[-2] == "True"
    assert seen == f"[2, 1, {int(sees_calls)}]", done.stdout  # what is done on purpose is seen
    assert left.startswith(seen), done.stdout
    assert int(left.split()[-1]) > 0  # notes came out meanwhile

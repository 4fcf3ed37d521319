"""The engine is started by the plug-in, comes back when it dies, and nothing is left of anybody."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from musika_daw.plugin import layout
from tests.plugin.conftest import newest_segment, segments
from tests.support.clap_host import ClapHost

pytestmark = pytest.mark.slow
Make = Callable[..., ClapHost]
WAIT_SECONDS = 60.0
KILLS = int(os.environ.get("MUSIKA_DAW_KILLS", "2"))
"""How often engine and host are killed; 50 takes some ten minutes."""


def children(of: int) -> Iterator[int]:
    """Processes whose parent this is."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                serves = b"serve" in (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == of and fields[0] != "Z" and serves:
                yield int(entry.name)


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_one_engine_serves_all_instances(instance: Make) -> None:
    first, second = instance(), instance()
    assert np.abs(first.play(0.0, 20000)).max() > 0.01
    np.testing.assert_array_equal(first.play(0.0, 20000)[:, 256:], second.play(0.0, 20000)[:, 256:])
    assert len(list(children(os.getpid()))) == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_bounce_goes_on_where_the_engine_died_or_hung(instance: Make, number: signal.Signals) -> None:
    host = instance()
    whole = instance().play(0.0, 88200)
    first = host.play(0.0, 22050)
    (engine,) = children(os.getpid())
    os.kill(engine, number)
    rest = host.play(22050 / 44100 * 128 / 60, 88200 - 22050)
    # A run that begins within the song lacks what rang before its pre-roll.
    assert np.abs(np.concatenate([first, rest], 1) - whole)[:, :22050].max() == 0.0
    later = 22050 + round(14.0 * 44100)
    host.play(later / 44100 * 128 / 60, 22050)
    assert list(children(os.getpid())) != [engine]


def test_live_a_dead_engine_is_silence_and_comes_back(instance: Make) -> None:
    host = instance()
    host.play(0.0, 4410)
    host.offline(False)
    host.block(0.0, 512, playing=False)
    for engine in children(os.getpid()):
        os.kill(engine, signal.SIGKILL)
    began = time.monotonic()
    assert np.abs(host.play(400.0, 4410)).max() < 1.0
    assert time.monotonic() - began < 1.0  # nobody is waited for
    host.block(96.0, 512, playing=False)
    at = round(96.0 * 60 / 128.0 * 44100)
    memory = newest_segment()
    wait_for(lambda: is_exact(memory, at // layout.BLOCK_FRAMES))
    # What is made where the host stands still is there when it plays.
    assert np.abs(host.play(96.0, 2048)).max() > 0.001


def is_exact(memory: Path, block: int) -> bool:
    """Whether a block is laid into an instance's memory."""
    with memory.open("rb") as file:
        file.seek(layout.HEADS_OFFSET)
        heads = (layout.SlotHead * layout.SLOTS).from_buffer_copy(file.read(layout.AUDIO_OFFSET - layout.HEADS_OFFSET))
    return any(head.block == block and head.quality == layout.EXACT and head.version for head in heads)


HOST = """
import sys, time
from pathlib import Path
from tests.support.clap_host import ClapHost
from tests.plugin.conftest import with_text
host = ClapHost(Path(sys.argv[1]))
host.load(with_text(host.save(), f'model = "{sys.argv[2]}"'))
host.offline(True)
host.play(0.0, 4410)
print("playing", flush=True)
for number in range(100000):
    host.block(number / 50, 512)
"""


def test_an_engine_that_is_killed_again_and_again_comes_back_each_time(instance: Make) -> None:
    host = instance()
    host.play(0.0, 4410)
    host.offline(False)
    host.block(0.0, 512, playing=False)
    pause = random.Random(KILLS)
    for number in range(KILLS):
        (engine,) = children(os.getpid())
        began = time.monotonic()
        for block in range(pause.randrange(40)):  # in the midst of whatever it does
            host.block(8.0 * number + block / 40, 512)
        os.kill(engine, signal.SIGKILL)
        place = 400.0 + 64.0 * number
        host.block(place, 512, playing=False)
        memory, block = newest_segment(), round(place * 60 / 128.0 * 44100) // layout.BLOCK_FRAMES
        wait_for(lambda block=block, memory=memory: is_exact(memory, block))  # type: ignore[misc]
        print(f"back after {time.monotonic() - began:.1f} s")
        assert list(children(os.getpid())) != [engine]


@pytest.mark.parametrize("stopped", [False, True])
def test_a_killed_host_leaves_neither_engine_nor_memory(
    bundles: Path, engine_file: Path, tiny_model: Path, stopped: bool
) -> None:
    words = [sys.executable, "-c", HOST, str(bundles / "Musika DAW.clap"), str(tiny_model)]
    pause = random.Random(KILLS)
    for _ in range(KILLS):
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as host:
            assert host.stdout is not None and host.stdout.readline() == "playing\n"
            (engine,) = children(host.pid)
            (held,) = segments(host.pid)
            if stopped:
                os.kill(engine, signal.SIGSTOP)
            time.sleep(pause.random())
            host.kill()
        wait_for(lambda engine=engine: has_ended(engine))  # type: ignore[misc]
        wait_for(lambda held=held: not (Path("/dev/shm") / held).exists())  # type: ignore[misc]


def has_ended(process: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{process}/stat").read_text().split()[2]
    except OSError:
        return True


ALONE = """
import sys, time
from pathlib import Path
from tests.support.clap_host import ClapHost
with ClapHost(Path(sys.argv[1])) as host:
    host.offline(True)
    time.sleep(0.5)
    print(abs(host.play(0.0, 44100)).max())
"""


def test_without_the_program_there_is_silence_and_nobody_waits(bundles: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-c", ALONE, str(bundles / "Musika DAW.clap")]
    variables = {**os.environ, "MUSIKA_DAW_ENGINE_FILE": str(tmp_path / "nothing.txt")}
    done = subprocess.run(words, capture_output=True, text=True, timeout=WAIT_SECONDS, env=variables)
    assert (done.returncode, done.stdout) == (0, "0.0\n"), done.stderr

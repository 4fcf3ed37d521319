"""The buses that are paced by a clock, on a clock of the test's own and, briefly, on the real one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.engine.bus.bus import SAMPLE_RATE, BusLostError
from musika_daw.engine.bus.channel_map import Route
from musika_daw.engine.bus.file_bus import FileBus
from musika_daw.engine.bus.null_bus import NullBus
from musika_daw.engine.bus.open_bus import open_bus
from musika_daw.engine.bus.spec import parse_bus
from musika_daw.errors import UserError

STEMS = ("drums", "bass", "chords", "lead")
BLOCK = np.zeros((2, 1024), np.float32)


class Clock:
    """Time that passes in sleep only, each time a little more than asked."""

    def __init__(self, oversleep_seconds: float = 0.0) -> None:
        self.now = 1000.0
        self._oversleep_seconds = oversleep_seconds

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self._oversleep_seconds


def test_hours_pass_without_drift_though_every_sleep_is_too_long() -> None:
    clock = Clock(oversleep_seconds=0.004)
    bus, block = NullBus(0.1, clock, clock.sleep), np.zeros((2, 4096), np.float32)
    blocks = 3 * 3600 * SAMPLE_RATE // 4096
    for _ in range(blocks):
        bus.write({}, block)
    assert clock.now - 1000.0 == pytest.approx(blocks * 4096 / SAMPLE_RATE - 0.1, abs=0.005)
    assert bus.underruns == 0


def test_a_late_writer_is_one_underrun_and_time_goes_on_from_there() -> None:
    clock = Clock()
    bus = NullBus(0.046, clock, clock.sleep)
    for _ in range(10):
        bus.write({}, BLOCK)
    clock.now += 0.045
    bus.write({}, BLOCK)
    assert bus.underruns == 0
    clock.now += 2.0
    late = clock.now
    for _ in range(100):
        bus.write({}, BLOCK)
    assert bus.underruns == 1
    assert clock.now - late == pytest.approx(100 * 1024 / SAMPLE_RATE - 0.046, abs=1e-3)


def test_a_block_longer_than_the_ring_is_no_underrun() -> None:
    clock = Clock()
    bus = NullBus(0.02, clock, clock.sleep)
    for _ in range(5):
        bus.write({}, np.zeros((2, SAMPLE_RATE), np.float32))
    assert bus.underruns == 0 and clock.now == pytest.approx(1000.0 + 5.0 - 0.02, abs=1e-3)


def test_real_time() -> None:
    bus = open_bus(parse_bus("null"), STEMS)
    begin = time.monotonic()
    for _ in range(20):
        bus.write({}, BLOCK)
    bus.close()
    bus.close()
    assert time.monotonic() - begin == pytest.approx(20 * 1024 / SAMPLE_RATE, abs=0.1)


def test_a_file_holds_what_its_channels_got(tmp_path: Path) -> None:
    bus = open_bus(parse_bus(f"file:{tmp_path / 'a.wav'},map=stems"), STEMS)
    noise = np.random.default_rng(1).uniform(-1, 1, (10, 3000)).astype(np.float32)
    for start in range(0, 3000, 512):
        block = noise[:, start : start + 512]
        bus.write({stem: block[2 * i + 2 : 2 * i + 4] for i, stem in enumerate(STEMS)}, block[:2])
    assert "10 channels" in bus.description
    bus.close()
    bus.close()
    audio, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate == SAMPLE_RATE
    np.testing.assert_array_equal(audio.T, noise)


def test_a_file_without_a_map_holds_the_mix(tmp_path: Path) -> None:
    bus = open_bus(parse_bus(f"file:{tmp_path / 'a.wav'}"), STEMS)
    bus.write({}, np.full((2, 100), 0.5, np.float32))
    bus.close()
    assert (soundfile.read(tmp_path / "a.wav")[0] == 0.5).all()
    with pytest.raises(UserError, match=r"cannot create .*a\.wav: a file is in the way; choose another"):
        open_bus(parse_bus(f"file:{tmp_path / 'a.wav'}"), STEMS)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_a_lost_bus(tmp_path: Path) -> None:
    bus = FileBus(tmp_path / "a.wav", (Route("mix", (0, 1)),))
    with open("/dev/full", "wb") as full:
        os.dup2(full.fileno(), bus._file._file._file.fileno())
    with pytest.raises(BusLostError, match="the disk is full"):
        bus.write({}, BLOCK)


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
def test_a_killed_process_leaves_a_valid_file(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    code = (
        "import sys, numpy as np; from musika_daw.engine.bus.open_bus import open_bus;"
        "from musika_daw.engine.bus.spec import parse_bus; bus = open_bus(parse_bus('file:' + sys.argv[1]), ());\n"
        "while True: bus.write({}, np.full((2, 4410), 0.25, np.float32))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)])
    try:
        deadline = time.monotonic() + 60
        while not path.exists() or path.stat().st_size < 2.5 * SAMPLE_RATE * 8:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    audio, _ = soundfile.read(path)
    assert len(audio) >= 2 * SAMPLE_RATE and (audio == 0.25).all()

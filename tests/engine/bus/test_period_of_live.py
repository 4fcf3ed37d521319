"""The period of the JACK server changes while the live process plays, as PipeWire's does by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.band import band

pytestmark = pytest.mark.slow


def test_a_change_is_a_hole_or_two_and_nothing_after_it(tmp_path: Path, tiny_model: Path) -> None:
    if not shutil.which("jack_bufsize"):
        pytest.skip("jack_bufsize is not installed")
    with band(tmp_path, "--model", str(tiny_model), "--play", period=256) as made:

        def underruns() -> int:
            return int(made.osc.query("/musika/status")[2])

        time.sleep(4.0)
        told = []
        for period in (64, 4096, 128, 2048, 512, 1024, 256):
            before, missed = underruns(), made.player.missed
            subprocess.run(["jack_bufsize", str(period)], capture_output=True, timeout=20)
            time.sleep(2.0)
            during = underruns()
            time.sleep(4.0)
            after = underruns()
            latency = made.osc.query("/musika/status")[3]
            told.append((period, during - before, after - during, made.player.missed - missed, latency))
        print()
        for period, during, later, missed, latency in told:
            print(f"{period} frames: {during} underruns, {later} after it; {latency:.0f} ms, the server lost {missed}")
        for period, during, later, missed, _ in told:
            good = during < 5 and later == 0
            if not good and (missed or os.getloadavg()[0] > len(os.sched_getaffinity(0))):
                pytest.skip(f"this computer is too busy: {missed} frames lost by the server")
            assert good, period

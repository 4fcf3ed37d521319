"""A bus of your own: what is played goes to stdout as raw samples, for whatever reads them.

    .venv/bin/python examples/own_bus.py | ffmpeg -f f32le -ar 44100 -ac 2 -i - song.ogg

A bus takes blocks of every stem and of their mix and waits as long as they last: it is what paces the engine.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray, Bus, BusLostError
from musika_daw.engine.bus.null_bus import NullBus
from musika_daw.engine.live.commands import LiveSettings
from musika_daw.engine.live.engine import LiveEngine
from musika_daw.music.notes import STEMS


class PipeBus:
    """Writes the mix as interleaved float32 into a pipe, at the pace of the clock."""

    latency_seconds = 0.05
    changes = 0  # of its latency: none
    underruns = 0  # whoever reads waits for us
    description = "a pipe"

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._end = time.monotonic()  # of what was taken

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        """Takes a block, float32 `[2, n]`, and waits until less than the latency is left of what was taken."""
        try:
            self._pipe.write(np.ascontiguousarray(mix.T, "<f4").tobytes())
        except OSError as error:
            raise BusLostError("nobody reads the pipe any more") from error
        self._end = max(self._end, time.monotonic()) + mix.shape[1] / SAMPLE_RATE
        time.sleep(max(0.0, self._end - time.monotonic() - self.latency_seconds))

    def close(self) -> None:
        """Sends what is left on its way."""
        with contextlib.suppress(OSError):
            self._pipe.flush()


def play(bus: Bus, controls: ControlState, bars: float) -> None:
    """Plays so many bars of a song into the bus."""
    with tempfile.TemporaryDirectory() as project:
        engine = LiveEngine(LiveSettings(controls, Path(project)), bus, lambda: bus, NullBus)
        try:
            engine.post([Move("play")])
            while engine.position() < 4 * bars:
                time.sleep(0.05)
        finally:
            engine.close()


def main() -> None:
    """Reads the options and plays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="techno")
    parser.add_argument("--bars", type=float, default=16.0)
    options = parser.parse_args()
    controls = defaults().over(settings(model=options.model, seed=7, density=0.7, stems=STEMS))
    play(PipeBus(sys.stdout.buffer), controls, options.bars)


if __name__ == "__main__":
    main()

"""What a JACK server plays, recorded by JACK's own recorder, and its own count of being late."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.support.jack import may_be_realtime

_START_SECONDS = 20.0


class Recording:
    """So many seconds of other clients' ports. The recorder is another process: it shares nothing with us.

    It ends by itself, for it loses what it has not yet written when it is ended.

    Attributes:
        xruns: as JACK's callback counts them.
        complete: the recorder itself kept up; known after the block.
    """

    def __init__(self, path: Path, sources: list[str], seconds: int) -> None:
        import jack

        self.xruns = 0
        self.complete = False
        self._path, self._seconds = path, seconds
        # On a busy computer it would not write its file as fast as it hears.
        first = ["chrt", "--fifo", "1"] if shutil.which("chrt") and may_be_realtime() else []
        command = [*first, "jack_rec", "-f", str(path), "-d", str(seconds), "-b", "24", "-B", "262144", *sources]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._client = jack.Client("xrun-count", no_start_server=True)
        self._client.set_xrun_callback(self._xrun)
        self._client.activate()
        deadline = time.monotonic() + _START_SECONDS
        while not all(self._connected(source) for source in sources):
            assert time.monotonic() < deadline and self._process.poll() is None, "jack_rec does not start"
            time.sleep(0.05)
        self.xruns = 0  # clients that come and go may make the server late; while they stay, nothing should

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                _, said = self._process.communicate(timeout=self._seconds + _START_SECONDS)
                self.complete = "overruns" not in said
        finally:
            self._process.kill()
            self._process.wait()
        self._client.deactivate()
        self._client.close()

    def audio(self) -> NDArray[np.float32]:
        """`[port, sample]`, after the block."""
        audio, _ = soundfile.read(self._path, dtype="float32", always_2d=True)
        return np.ascontiguousarray(audio.T)

    def _connected(self, source: str) -> bool:
        return any(port.name.startswith("jackrec") for port in self._client.get_all_connections(source))

    def _xrun(self, _delayed_microseconds: float) -> None:
        self.xruns += 1


def breaks_of_tone(audio: NDArray[np.float32], frequency: float, rate: int) -> NDArray[np.intp]:
    """Samples at which a steady tone does not follow from the two before it.

    Every sine obeys x[n+1] = 2 cos(w) x[n] - x[n-1], whatever its phase and level.
    """
    wide = audio.astype(np.float64)
    predicted = 2.0 * np.cos(2.0 * np.pi * frequency / rate) * wide[1:-1] - wide[:-2]
    return np.flatnonzero(np.abs(wide[2:] - predicted) > 1e-4) + 2

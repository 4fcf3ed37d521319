"""A WAV file in place of a device, at the pace of the clock: controls land in it where they would have been heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray, BusLostError
from musika_daw.engine.bus.channel_map import Route, channel_count, interleave
from musika_daw.engine.bus.pacing import Pacer
from musika_daw.engine.bus.spec import DEFAULT_LATENCY_SECONDS
from musika_daw.errors import UserError
from musika_daw.storage.wav_file import WavFile
from musika_daw.storage.wav_header import WavForm


class FileBus:
    """Writes what a device with these routes would have got, float32 at 44.1 kHz."""

    def __init__(
        self,
        path: Path,
        routes: Sequence[Route],
        latency_seconds: float = DEFAULT_LATENCY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Creates the file; one that is there already is never overwritten.

        Raises:
            UserError: the file cannot be created.
        """
        self._path, self._routes = path, tuple(routes)
        self._channels = channel_count(routes)
        self._latency_seconds = latency_seconds
        self._pacer = Pacer(SAMPLE_RATE, round(latency_seconds * SAMPLE_RATE), clock, sleep)
        self._file = WavFile(path, WavForm(self._channels, SAMPLE_RATE, "float32"))
        self._closed = False

    @property
    def latency_seconds(self) -> float:
        return self._latency_seconds

    @property
    def underruns(self) -> int:
        return self._pacer.underruns

    @property
    def changes(self) -> int:
        return 0

    @property
    def description(self) -> str:
        return f"file {self._path}, {self._channels} channels, {self._latency_seconds * 1000:.0f} ms"

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        try:
            frames = interleave(self._routes, self._channels, stems, mix)
            self._file.append(np.ascontiguousarray(frames, dtype="<f4").tobytes())
        except UserError as error:
            raise BusLostError(str(error)) from error
        self._pacer.take(mix.shape[1])

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._file.close()
            self._pacer.drain()

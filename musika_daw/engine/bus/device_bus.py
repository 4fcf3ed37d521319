"""Plays into an audio device through PortAudio, by blocking writes into the stream's own ring buffer."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray, BusLostError
from musika_daw.engine.bus.call_with_timeout import call_with_timeout
from musika_daw.engine.bus.channel_map import MapRequest, channel_count, choose_routes, interleave
from musika_daw.engine.bus.portaudio import Device
from musika_daw.engine.bus.rate_converter import converter
from musika_daw.engine.bus.spec import DEFAULT_LATENCY_SECONDS
from musika_daw.errors import UserError

_STALL_SECONDS = 1.5  # a device that makes no room this long is gone
_CLOSE_SECONDS = 1.0
_LONGEST_NAP_SECONDS = 0.005


class DeviceBus:
    """One output stream of one device."""

    def __init__(
        self,
        portaudio: ModuleType,
        device: Device,
        stems: Sequence[str],
        request: MapRequest | None = None,
        latency_seconds: float = DEFAULT_LATENCY_SECONDS,
        rate: int | None = None,
    ) -> None:
        """
        Args:
            rate: in Hz; None: as the device runs by default.

        Raises:
            UserError: the device does not open, or has too few channels for the map.
        """
        self._routes = choose_routes(request or MapRequest(), stems, device.channels, device.name)
        self._device, self._error = device, portaudio.PortAudioError
        self._stream = _open(portaudio, device, channel_count(self._routes), latency_seconds, rate)
        self._channels, self._rate = int(self._stream.channels), round(self._stream.samplerate)
        self._converter = converter(self._rate, self._channels)
        self._latency_seconds = float(self._stream.latency) + self._converter.latency_seconds
        self._underruns = 0
        self._closed = self._lost = False
        self._started = False

    @property
    def latency_seconds(self) -> float:
        return self._latency_seconds

    @property
    def underruns(self) -> int:
        return self._underruns

    @property
    def changes(self) -> int:
        return 0

    @property
    def description(self) -> str:
        sources = ", ".join(route.source for route in self._routes)
        where = f"{self._device.name} ({self._device.api})"
        return f"{where}, {sources} at {self._rate} Hz, {self._latency_seconds * 1000:.0f} ms"

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        frames = self._converter.process(interleave(self._routes, self._channels, stems, mix))
        moved = time.monotonic()
        try:
            if not self._started:
                self._stream.start()
                self._started = True
            while len(frames):
                # Asked for before each write: a device that was unplugged would keep a blocking write forever.
                room = min(int(self._stream.write_available), len(frames))
                if room > 0:
                    self._underruns += bool(self._stream.write(np.ascontiguousarray(frames[:room])))
                    frames, moved = frames[room:], time.monotonic()
                elif time.monotonic() - moved > _STALL_SECONDS:
                    raise self._lose("it takes no more audio")
                if len(frames):
                    time.sleep(min(len(frames) / self._rate, _LONGEST_NAP_SECONDS))
        except self._error as error:
            raise self._lose(str(error)) from error

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            call_with_timeout(self._latency_seconds + _CLOSE_SECONDS, self._abort if self._lost else self._finish)
        except (TimeoutError, self._error):
            return  # it is gone, and nothing of it is needed any more

    def _finish(self) -> None:
        self._stream.stop()  # waits until everything was played
        self._stream.close()

    def _abort(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _lose(self, reason: str) -> BusLostError:
        self._lost = True
        return BusLostError(f"audio device {self._device.name} has gone away: {reason}")


def _open(portaudio: ModuleType, device: Device, channels: int, latency_seconds: float, wanted: int | None) -> Any:
    """The device at the wanted rate, or as it runs by default, with as few channels as needed; some take all of theirs
    or none."""
    problems = []
    rates = (device.rate, SAMPLE_RATE, 48000) if wanted is None else (wanted,)
    for count in dict.fromkeys((channels, device.channels)):
        for rate in dict.fromkeys(rates):
            try:
                return portaudio.OutputStream(
                    samplerate=rate,
                    device=device.index,
                    channels=count,
                    dtype="float32",
                    latency=latency_seconds,
                    # Shared with other programs, a device's level and dither are not ours.
                    dither_off=True,
                )
            except portaudio.PortAudioError as error:
                problems.append(str(error))
    if wanted is not None:
        told = f"audio device {device.name} does not run at {wanted} Hz: {problems[0]}; its own is {device.rate:g} Hz"
        raise UserError(told)
    raise UserError(
        f"audio device {device.name} ({device.api}) does not open: {problems[0]}; close programs that hold it, or "
        "choose another that 'musika-daw devices' lists"
    )

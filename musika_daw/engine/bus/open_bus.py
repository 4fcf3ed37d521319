"""From what `--bus` says to an open bus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musika_daw.engine.bus.bus import Bus
from musika_daw.engine.bus.channel_map import choose_routes
from musika_daw.engine.bus.device_bus import DeviceBus
from musika_daw.engine.bus.file_bus import FileBus
from musika_daw.engine.bus.jack_bus import JackBus
from musika_daw.engine.bus.null_bus import NullBus
from musika_daw.engine.bus.portaudio import DEFAULT, JACK_API, find_device, load_portaudio, output_devices
from musika_daw.engine.bus.spec import BusSpec
from musika_daw.errors import UserError

_FILE_CHANNELS = 256


def open_bus(spec: BusSpec, stems: Sequence[str]) -> Bus:
    """Opens it; call it again with the same spec after the bus was lost and closed.

    Args:
        stems: that the model makes, in the mixer's order.

    Raises:
        UserError: what was wrong, what is there, what to do.
    """
    if spec.kind == "null":
        return NullBus(spec.latency_seconds)
    if spec.kind == "file":
        # A file has as many channels as it is given; without a map, the mix is what a person wants to hear of it.
        channels = 2 if spec.map.mode == "auto" else _FILE_CHANNELS
        return FileBus(Path(spec.name), choose_routes(spec.map, stems, channels, "a WAV file"), spec.latency_seconds)
    if spec.kind == "jack":
        return JackBus(stems, spec.map, spec.latency_seconds)
    if spec.name != DEFAULT:
        return _open_device(spec, stems)
    try:
        return _open_device(spec, stems)
    except UserError as error:
        # Where JACK holds the sound card, or there is none, a JACK server is what plays.
        try:
            return JackBus(stems, spec.map, spec.latency_seconds)
        except UserError:
            raise error from None


def _open_device(spec: BusSpec, stems: Sequence[str]) -> Bus:
    portaudio = load_portaudio()
    device = find_device(output_devices(portaudio), spec.name)
    if device.api == JACK_API:
        # PortAudio's way to JACK neither names ports nor counts underruns.
        return JackBus(stems, spec.map, spec.latency_seconds)
    return DeviceBus(portaudio, device, stems, spec.map, spec.latency_seconds, spec.rate)

"""What there is to play into on this computer, without playing."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from musika_daw.engine.bus.jack_client import CLIENT_NAME, RingClient
from musika_daw.engine.bus.portaudio import DEFAULT, Device, load_portaudio, output_devices
from musika_daw.errors import UserError


@dataclass(frozen=True)
class JackServer:
    """A JACK server that runs.

    Attributes:
        rate: Hz.
        period: frames that it asks for at once.
        playback_ports: that a person hears.
    """

    rate: int
    period: int
    playback_ports: tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """Devices and server, or why there are none.

    Attributes:
        devices: every audio device that plays.
        audio_problem: why devices cannot be used at all.
        jack: the server that runs.
        jack_problem: why there is none.
    """

    devices: tuple[Device, ...]
    audio_problem: str | None
    jack: JackServer | None
    jack_problem: str | None


def take_inventory() -> Inventory:
    """Looks; no stream of this process may be open (`load_portaudio`)."""
    devices: tuple[Device, ...] = ()
    audio_problem = jack_problem = None
    jack = None
    try:
        devices = tuple(output_devices(load_portaudio()))
    except UserError as error:
        audio_problem = str(error)
    try:
        jack = _ask_server()
    except UserError as error:
        jack_problem = str(error)
    return Inventory(devices, audio_problem, jack, jack_problem)


def bus_names() -> list[str]:
    """What `--bus` may say here; devices as PortAudio knew them when one was opened last. Streams play on meanwhile."""
    try:
        portaudio = sys.modules.get("sounddevice") or load_portaudio()
        devices = [f"{device.name}, {device.api}" for device in output_devices(portaudio)]
    except UserError:
        devices = []
    try:
        _ask_server()
    except UserError:
        return [*([DEFAULT] if devices else []), *devices, "null"]
    return [DEFAULT, *devices, "jack", "null"]


def _ask_server() -> JackServer:
    client = RingClient(f"{CLIENT_NAME} devices")
    try:
        return JackServer(client.rate, client.period, tuple(client.playback_ports()))
    finally:
        client.close()

"""Audio devices: what a name means, and a device that is played into and goes away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from musika_daw.engine.bus.portaudio import Device, find_device, output_devices
from musika_daw.errors import UserError
from tests.engine.bus.conftest import JackServer

DEVICES = (
    Device(0, "CABLE Input (VB-Audio Virtual Cable)", "MME", 2, 44100, False),
    Device(1, "Loudspeakers", "Windows WASAPI", 2, 48000, True),
    Device(2, "CABLE Input (VB-Audio Virtual Cable)", "Windows WASAPI", 2, 48000, False),
    Device(3, "HDA Intel PCH: ALC257 (hw:0,0)", "ALSA", 2, 44100, False),
    Device(4, "pulse", "ALSA", 32, 44100, False),
    Device(5, "pulse monitor", "ALSA", 2, 44100, False),
    Device(6, "Two", "ALSA", 2, 44100, False),
    Device(7, "two", "ALSA", 2, 44100, False),
)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("default", 1),
        ("3", 3),
        ("loudspeakers", 1),
        ("pulse", 4),
        ("HDA Intel PCH: ALC257 (hw:0,0)", 3),
        ("hw:0,0", 3),
        ("CABLE Input", 2),
        ("cable, mme", 0),
    ],
)
def test_what_a_name_means(name: str, index: int) -> None:
    assert find_device(DEVICES, name).index == index


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BlackHole", "'BlackHole' is not there: expected one of 0: CABLE Input .*; 1: Loudspeakers, Windows WASAPI;"),
        ("two", "'two' is not clear: expected one of 6: Two, ALSA; 7: two, ALSA"),
    ],
)
def test_a_name_that_does_not_tell(name: str, expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        find_device(DEVICES, name)


class Windows:
    """PortAudio as Windows shows it: each device by several sound systems."""

    APIS = ("MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS")

    def query_hostapis(self) -> list[dict[str, object]]:
        return [{"name": name, "default_output_device": place} for place, name in enumerate(self.APIS)]

    def query_devices(self) -> list[dict[str, object]]:
        return [
            {"name": "Speakers", "hostapi": place, "max_output_channels": 2, "default_samplerate": 48000.0}
            for place in range(len(self.APIS))
        ]


def test_devices_that_cannot_be_written_to_are_left_out_and_pointed_elsewhere() -> None:
    devices = output_devices(Windows())  # type: ignore[arg-type]
    assert [device.api for device in devices] == ["MME", "Windows DirectSound", "Windows WASAPI"]
    assert find_device(devices, "speakers").api == find_device(devices, "default").api == "Windows WASAPI"
    with pytest.raises(UserError, match="WDM-KS takes no blocking writes; take the same device under Windows WASAPI"):
        find_device(devices, "Speakers, Windows WDM-KS")


def test_no_device_at_all() -> None:
    with pytest.raises(UserError, match=r"no audio device is there, .* use --bus jack, file:PATH\.wav or null"):
        find_device((), "default")


# ALSA's plug-in to JACK is a real PortAudio device, one whose other end can be killed. A process of its own, because
# PortAudio's JACK part, which sees that server too, would end the tests when it closes.
_PLAYS = """
import os, sounddevice, sys, time
import numpy as np
from musika_daw.engine.bus.bus import BusLostError
from musika_daw.engine.bus.device_bus import DeviceBus
from musika_daw.engine.bus.portaudio import find_device, output_devices

bus = DeviceBus(sounddevice, find_device(output_devices(sounddevice), "jack, ALSA"), ("drums",))
block = np.zeros((2, 1024), np.float32)
begin = time.monotonic()
for _ in range(100):
    bus.write({}, block)
took = time.monotonic() - begin
before = bus.underruns
time.sleep(0.4)
bus.write({}, block)
bus.write({}, block)
print(bus.description)
print(took, bus.latency_seconds, bus.underruns - before, flush=True)
try:
    while True:
        bus.write({}, block)
except BusLostError as error:
    lost = time.monotonic()
    bus.close()
    bus.close()
    print(time.monotonic() - lost, error, flush=True)
os._exit(0)
"""


def test_a_device_is_paced_counts_underruns_and_its_loss_is_told(jack_server: JackServer) -> None:
    _needs_the_plug_in()
    jack_server.start()
    process = subprocess.Popen([sys.executable, "-c", _PLAYS], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        description = process.stdout.readline()
        assert description.startswith("jack (ALSA), mix at 48000 Hz, "), description
        took, latency_seconds, underruns = map(float, process.stdout.readline().split())
        assert 100 * 1024 / 44100 - 0.2 < took < 100 * 1024 / 44100 + 3.0
        assert 0.02 < latency_seconds < 0.06
        assert underruns >= 1
        jack_server.stop()
        said, _ = process.communicate(timeout=10)
        assert "audio device jack has gone away" in said
        assert float(said.split()[0]) < 2.0
    finally:
        process.kill()
        process.wait()


def _needs_the_plug_in() -> None:
    found = [*Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_jack.so")]
    try:
        import sounddevice  # noqa: F401
    except OSError:
        pytest.skip("PortAudio is not installed (Debian: apt-get install libportaudio2)")
    if not found:
        pytest.skip("ALSA's plug-in to JACK is not installed (Debian: apt-get install libasound2-plugins)")

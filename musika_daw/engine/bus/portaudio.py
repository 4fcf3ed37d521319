"""PortAudio's devices: which there are, and which one a name means."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from musika_daw.errors import UserError

JACK_API = "JACK Audio Connection Kit"
DEFAULT = "default"
# On Windows PortAudio's own choice is MME, which needs several times the latency.
_PREFERRED_API = "Windows WASAPI"
# PortAudio has no blocking writes for it, and every device that it has is there under WASAPI, too.
_UNUSABLE_API = "Windows WDM-KS"
_JACK_SERVER = "JACK_DEFAULT_SERVER"


@dataclass(frozen=True)
class Device:
    """A device that plays.

    Attributes:
        index: PortAudio's number of it; it changes when devices come and go.
        api: the sound system it belongs to, e.g. `ALSA`, `Core Audio`, `Windows WASAPI`.
        rate: that it runs at by default, Hz.
        is_default: the system's choice.
    """

    index: int
    name: str
    api: str
    channels: int
    rate: int
    is_default: bool


def load_portaudio() -> ModuleType:
    """The sounddevice package, with PortAudio's list of devices as it is now.

    The list is made when PortAudio starts, so it is started anew: no stream of this process may be open.

    Raises:
        UserError: PortAudio is not installed, or does not start.
    """
    try:
        with _jack_out_of_sight():
            known = "sounddevice" in sys.modules
            import sounddevice

            if known:
                sounddevice._terminate()
                sounddevice._initialize()
    except OSError as error:
        raise UserError(
            "PortAudio is not installed, audio devices need it: install it (Debian: apt-get install libportaudio2), "
            "or take another bus (--bus jack, file:PATH.wav, null)"
        ) from error
    except Exception as error:  # also sounddevice's own, which has no name where its import failed
        raise UserError(f"PortAudio does not start: {error}; take another bus, e.g. --bus jack or null") from error
    module: ModuleType = sounddevice
    return module


@contextmanager
def _jack_out_of_sight() -> Iterator[None]:
    """Keeps PortAudio from becoming a JACK client: it would end the whole process when that server goes away.

    JACK has a bus of its own, which also names its ports.
    """
    before = os.environ.get(_JACK_SERVER)
    os.environ[_JACK_SERVER] = "none-for-portaudio"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_JACK_SERVER]
        else:
            os.environ[_JACK_SERVER] = before


def output_devices(portaudio: ModuleType) -> list[Device]:
    """Every device that plays and can be written to, in PortAudio's order."""
    apis = portaudio.query_hostapis()
    defaults = {api["name"]: api["default_output_device"] for api in apis if api["default_output_device"] >= 0}
    default = defaults.get(_PREFERRED_API, next(iter(defaults.values()), -1))
    return [
        Device(
            index,
            str(device["name"]),
            str(apis[device["hostapi"]]["name"]),
            int(device["max_output_channels"]),
            round(device["default_samplerate"]),
            index == default,
        )
        for index, device in enumerate(portaudio.query_devices())
        if device["max_output_channels"] > 0 and apis[device["hostapi"]]["name"] != _UNUSABLE_API
    ]


def find_device(devices: Sequence[Device], name: str) -> Device:
    """The device of a name or part of it, `NAME, API` where several have it, a number, or `default`.

    Raises:
        UserError: there is none, or several; it says which there are.
    """
    if not devices:
        raise UserError(
            f"no audio device is there, so {name!r} cannot be opened: connect one, or use --bus jack, file:PATH.wav "
            "or null; 'musika-daw doctor' says more"
        )
    if name == DEFAULT:
        return next((device for device in devices if device.is_default), devices[0])
    word = name.casefold()
    exact = [d for d in devices if word in (d.name.casefold(), f"{d.name}, {d.api}".casefold(), str(d.index))]
    parts = [part.strip() for part in word.split(",")]
    similar = [d for d in devices if all(part in f"{d.name}, {d.api}".casefold() for part in parts)]
    found = exact or similar
    if len(found) == 1:
        return found[0]
    if not found and "wdm" in word:
        raise UserError(
            f"audio device {name!r} cannot be used: {_UNUSABLE_API} takes no blocking writes; take the same device "
            f"under {_PREFERRED_API}: expected one of {_listed(devices)}"
        )
    if not found:
        raise UserError(f"audio device {name!r} is not there: expected one of {_listed(devices)}; or jack, null")
    # The same device by several sound systems: the system's choice among them is what a person means.
    for preferred in ([d for d in found if d.is_default], [d for d in found if d.api == _PREFERRED_API]):
        if len(preferred) == 1:
            return preferred[0]
    raise UserError(f"audio device {name!r} is not clear: expected one of {_listed(found)}")


def _listed(devices: Sequence[Device]) -> str:
    return "; ".join(f"{d.index}: {d.name}, {d.api}" for d in devices)

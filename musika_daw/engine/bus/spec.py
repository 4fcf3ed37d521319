"""What `--bus` may say, as a value."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from musika_daw.engine.bus.channel_map import MapRequest, parse_map
from musika_daw.errors import UsageError

DEFAULT_LATENCY_SECONDS = 0.043
_LOWEST_MS, _HIGHEST_MS = 5.0, 1000.0
# Names of devices may hold commas themselves: only these words begin an option.
_RATES = (44100, 48000, 88200, 96000, 176400, 192000)
_OPTION = re.compile(r",\s*(map|latency|rate)=")
EXAMPLES = "null, file:PATH.wav, jack, default or a device that 'musika-daw devices' lists"


@dataclass(frozen=True)
class BusSpec:
    """A bus that can be opened, and opened again after it was lost.

    Attributes:
        kind: `null`, `file`, `jack` or `device`.
        name: the file's path, or the device's name or number; `default` is the system's default device.
        map: which stems go to which channels.
        rate: of a device, in Hz; None: as it runs by default.
        latency_seconds: how much audio lies between the writer and the sound, device included, resampling left aside.
    """

    kind: str
    name: str = ""
    map: MapRequest = field(default_factory=MapRequest)
    latency_seconds: float = DEFAULT_LATENCY_SECONDS
    rate: int | None = None


def parse_bus(text: str) -> BusSpec:
    """`null`, `file:PATH`, `jack`, `default` or a device, each with `,map=...`, `,latency=MS` and `,rate=HZ` if wanted.

    Raises:
        UsageError: it says what was expected.
    """
    name, *options = _OPTION.split(text)
    name, chosen = name.strip(), MapRequest()
    latency_seconds, rate = DEFAULT_LATENCY_SECONDS, None
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "map":
            chosen = parse_map(value.strip())
        elif option == "rate":
            rate = _rate(value.strip())
        else:
            latency_seconds = _milliseconds(value.strip()) / 1000.0
    if not name:
        raise UsageError(f"bus {text!r} names no device: expected {EXAMPLES}")
    kind, path = _kind_of(name)
    if kind == "file" and not path:
        raise UsageError("bus 'file:' names no file: expected file:PATH.wav")
    if rate is not None and kind != "device":
        raise UsageError(f"rate={rate} is for audio devices: JACK runs at its server's, files and null at 44100 Hz")
    return BusSpec(kind, path, chosen, latency_seconds, rate)


def _kind_of(name: str) -> tuple[str, str]:
    if name.startswith("file:"):
        return "file", name.removeprefix("file:")
    return (name, "") if name in ("null", "jack") else ("device", name)


def _rate(text: str) -> int:
    if text not in map(str, _RATES):
        raise UsageError(f"rate {text!r} is not possible: expected one of {', '.join(map(str, _RATES))} Hz")
    return int(text)


def _milliseconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    # `not low <= value <= high` also refuses nan
    if not _LOWEST_MS <= value <= _HIGHEST_MS:
        raise UsageError(f"latency {text!r} is not possible: expected {_LOWEST_MS:g} to {_HIGHEST_MS:g} milliseconds")
    return value

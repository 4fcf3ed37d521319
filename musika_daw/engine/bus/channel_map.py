"""Which channel of a device plays what.

`stems` has the mix on channels 1-2, because monitors and most people's ears hang there, as with every instrument that
has several outputs; the stems follow in their order, each on a pair of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from musika_daw.engine.bus.bus import AudioArray
from musika_daw.errors import UsageError, UserError
from musika_daw.music.notes import MIX

_MAX_CHANNELS = 256
_EXPECTED = "expected stems, mix, or channels such as drums:1-2,bass:3-4 (the mix is called mix)"
_ENTRY = re.compile(r"(\w+):(\d{1,3})(?:-(\d{1,3}))?")


@dataclass(frozen=True)
class Route:
    """One source on one or two channels.

    Attributes:
        source: a stem, or `mix`.
        channels: counted from 0: left and right, or a single one that gets half of their sum.
    """

    source: str
    channels: tuple[int, ...]


@dataclass(frozen=True)
class MapRequest:
    """What the user asked for.

    Attributes:
        mode: `auto` (stems where there are enough channels, else the mix), `stems`, `mix` or `channels`.
        routes: those of `channels`.
    """

    mode: str = "auto"
    routes: tuple[Route, ...] = ()


def parse_map(text: str) -> MapRequest:
    """`stems`, `mix`, or `drums:1-2,bass:3-4,mix:9`.

    Raises:
        UsageError: it says what was expected.
    """
    if text in ("stems", "mix"):
        return MapRequest(text)
    routes: list[Route] = []
    for part in text.split(","):
        match = _ENTRY.fullmatch(part.strip())
        if match is None:
            raise UsageError(f"channel map {text!r} is not possible: {_EXPECTED}")
        channels = tuple(int(number) for number in match.groups()[1:] if number is not None)
        if not all(1 <= channel <= _MAX_CHANNELS for channel in channels):
            raise UsageError(f"channel map {text!r} is not possible: channels are 1 to {_MAX_CHANNELS}")
        routes.append(Route(match[1], tuple(channel - 1 for channel in channels)))
    used = [channel for route in routes for channel in route.channels]
    if len(set(used)) < len(used):
        raise UsageError(f"channel map {text!r} uses a channel twice: expected every channel once at most")
    return MapRequest("channels", tuple(routes))


def choose_routes(request: MapRequest, stems: Sequence[str], channels: int, device: str) -> tuple[Route, ...]:
    """Which of a device's channels play what.

    Args:
        channels: how many the device has, at least 1.
        device: its name, for the message.

    Raises:
        UserError: the device has too few channels, or the map names a stem that the model does not make.
    """
    in_pairs = routes_in_pairs(stems)
    if request.mode == "auto":
        request = MapRequest("stems" if channels >= 2 * len(in_pairs) else "mix")
    if request.mode == "mix":
        return (Route(MIX, (0, 1) if channels > 1 else (0,)),)
    routes = in_pairs if request.mode == "stems" else request.routes
    for route in routes:
        if route.source not in (MIX, *stems):
            raise UsageError(f"channel map names {route.source!r}: expected one of {', '.join((MIX, *stems))}")
    needed = channel_count(routes)
    if needed > channels:
        raise UserError(
            f"{device} has {channels} channels, the channel map needs {needed}: use map=mix, "
            f"choose channels yourself (map=drums:1-2), or take a device with more"
        )
    return routes


def routes_in_pairs(stems: Sequence[str]) -> tuple[Route, ...]:
    """The mix and every stem, each on the next pair of channels."""
    return tuple(Route(source, (2 * i, 2 * i + 1)) for i, source in enumerate((MIX, *stems)))


def channel_count(routes: Sequence[Route]) -> int:
    """How many channels a device has to have for these routes."""
    return 1 + max(channel for route in routes for channel in route.channels)


def interleave(routes: Sequence[Route], channels: int, stems: Mapping[str, AudioArray], mix: AudioArray) -> AudioArray:
    """Stems and mix `[2, n]` as a device takes them, `[n, channels]`; a stem that is not there is silent."""
    frames = np.zeros((mix.shape[1], channels), np.float32)
    for route in routes:
        audio = mix if route.source == MIX else stems.get(route.source)
        if audio is None:
            continue
        if len(route.channels) == 1:
            frames[:, route.channels[0]] = 0.5 * (audio[0] + audio[1])
        else:
            for side, channel in enumerate(route.channels):
                frames[:, channel] = audio[side]
    return frames

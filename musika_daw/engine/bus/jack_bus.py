"""Plays into JACK: one named port per side of every stem, e.g. `Musika DAW:drums_left`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from musika_daw.engine.bus.bus import AudioArray, BusLostError
from musika_daw.engine.bus.channel_map import MapRequest, Route, choose_routes, interleave, routes_in_pairs
from musika_daw.engine.bus.jack_client import RingClient
from musika_daw.engine.bus.rate_converter import converter
from musika_daw.engine.bus.spec import DEFAULT_LATENCY_SECONDS
from musika_daw.music.notes import MIX

_STALL_SECONDS = 1.5  # a server that asks for nothing this long is gone or frozen
_MANY_CHANNELS = 256  # ports cost nothing: their number is not what limits a channel map


class JackBus:
    """Every source has its ports; those that have playback ports to go to are connected, anything may be re-patched.

    Without a map, mix and stems get the playback ports pair by pair where the server has enough of them, else the mix
    gets the first two. A map connects what it names to the playback ports it names.
    """

    def __init__(
        self, stems: Sequence[str], request: MapRequest | None = None, latency_seconds: float = DEFAULT_LATENCY_SECONDS
    ) -> None:
        """Raises `UserError`: no JACK, no server, or a map that is not possible."""
        request = request or MapRequest()
        asked = routes_in_pairs(stems)
        if request.mode in ("mix", "channels"):
            asked = choose_routes(request, stems, _MANY_CHANNELS, "JACK")
        names = [_port_names(route) for route in asked]
        self._routes = _side_by_side(asked)
        self._channels = sum(map(len, names))
        self._client = RingClient()
        try:
            self._converter = converter(self._client.rate, self._channels)
            self._asked_frames, self._period = round(latency_seconds * self._client.rate), self._client.period
            self._ring = self._client.start([port for pair in names for port in pair], self._ring_frames())
            self._destinations = self._connect(asked, names, request.mode == "auto")
        except BaseException:
            self._client.close()
            raise
        self._closed = self._lost = False
        self._latency_seconds = self._full_latency_seconds()
        self._changes = 0
        self._filled = -1  # underruns when the ring was last full

    @property
    def latency_seconds(self) -> float:
        # Nothing is played before the ring was full. Afterwards it may be less so: who writes late is heard sooner.
        missing = self._ring.capacity - self._ring.ready() if self._filled == self._ring.underruns else 0
        return self._latency_seconds - missing / self._client.rate

    @property
    def underruns(self) -> int:
        return self._ring.underruns

    @property
    def changes(self) -> int:
        """How often the server's period changed, and the latency with it."""
        return self._changes

    @property
    def xruns(self) -> int:
        """How often the server itself was late, whoever's fault it was."""
        return self._ring.xruns

    @property
    def description(self) -> str:
        client = self._client
        sources = ", ".join(route.source for route in self._routes)
        return f"JACK client {client.name!r} ({sources}) at {client.rate} Hz, {self._latency_seconds * 1000:.0f} ms"

    def write(self, stems: Mapping[str, AudioArray], mix: AudioArray) -> None:
        frames = self._converter.process(interleave(self._routes, self._channels, stems, mix))
        periods, moved = self._ring.periods, time.monotonic()
        while True:
            if self._ring.lost:
                raise self._lose("the JACK server has gone away")
            frames = frames[self._ring.write(frames) :]
            if not len(frames):
                return
            self._filled = self._ring.underruns
            time.sleep(min(len(frames), self._period) / self._client.rate)
            self._follow_period()
            if self._ring.periods != periods:
                periods, moved = self._ring.periods, time.monotonic()
            elif time.monotonic() - moved > _STALL_SECONDS:
                raise self._lose("the JACK server does not answer any more")

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if not self._lost:
            self._drain()
        if self._client.close():
            self._ring.release()

    def _ring_frames(self) -> int:
        """How full the ring is to be: the period that is being played is part of the latency that was asked for."""
        return max(self._asked_frames - self._period, 2 * self._period)

    def _full_latency_seconds(self) -> float:
        behind = max(map(self._client.latency_after, self._destinations), default=0)
        frames = self._ring.capacity + self._period + behind
        return frames / self._client.rate + self._converter.latency_seconds

    def _follow_period(self) -> None:
        """Sizes the ring anew when the server has another period: PipeWire changes it by itself."""
        period = self._ring.period
        if period in (0, self._period):
            return
        self._period = period
        self._ring.resize(self._ring_frames())
        self._latency_seconds = self._full_latency_seconds()
        self._changes += 1

    def _lose(self, reason: str) -> BusLostError:
        self._lost = True
        return BusLostError(reason)

    def _drain(self) -> None:
        self._ring.drain()
        period_seconds = self._period / self._client.rate
        deadline = time.monotonic() + self._latency_seconds + _STALL_SECONDS
        while not self._ring.lost and self._ring.ready() and time.monotonic() < deadline:
            time.sleep(period_seconds)
        if not self._ring.lost:
            time.sleep(2 * period_seconds)  # the last one is still being played

    def _connect(self, asked: Sequence[Route], names: Sequence[Sequence[str]], automatic: bool) -> list[str]:
        """Connects to playback ports; returns those."""
        destinations = []
        playback = self._client.playback_ports()
        enough = len(playback) >= self._channels
        for route, ports in zip(asked, names, strict=True):
            if automatic and not enough and route.source != MIX:
                continue
            for port, channel in zip(ports, route.channels, strict=True):
                if channel < len(playback):
                    self._client.connect(port, playback[channel])
                    destinations.append(playback[channel])
        return destinations


def _port_names(route: Route) -> list[str]:
    if len(route.channels) == 1:
        return [route.source]
    return [f"{route.source}_left", f"{route.source}_right"]


def _side_by_side(routes: Sequence[Route]) -> tuple[Route, ...]:
    """The same sources on the channels of the ring, which has no gaps."""
    placed, at = [], 0
    for route in routes:
        placed.append(Route(route.source, tuple(range(at, at + len(route.channels)))))
        at += len(route.channels)
    return tuple(placed)

"""What MIDI through JACK needs to know of its server: that it is still there, and what its cables mean in time."""

from __future__ import annotations

import ctypes

from musika_daw.engine.bus.jack_client import CLIENT_NAME, RingClient


class JackGraph:
    """A client without ports that watches. Its name is its own: the one of the audio is free for the audio."""

    def __init__(self) -> None:
        """Raises `UserError`: no JACK, or no server."""
        self._client = RingClient(f"{CLIENT_NAME} watch")
        self._behind = max((self._client.latency_after(name) for name in self._client.playback_ports()), default=0)
        self._ring = self._client.start((), 1)

    @property
    def lag_seconds(self) -> float:
        """From a message being handled to the sound that belongs to it being heard.

        What passes through JACK in one period together with some audio is meant for it, and that is heard when it has
        gone through the sound card. Messages are handled once a period, and so half of one too early on average.
        """
        period = self._ring.period or self._client.period
        return (self._behind + 0.5 * period) / self._client.rate

    @property
    def lost(self) -> bool:
        """The server has gone; nothing that was opened on it may be touched any more, `keep` it instead."""
        return self._ring.lost

    def close(self) -> None:
        if not self.lost and self._client.close():
            self._ring.release()


def keep(port: object) -> None:
    """Never frees a MIDI port: the JACK library frees its half itself when it finds its server gone."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(port))

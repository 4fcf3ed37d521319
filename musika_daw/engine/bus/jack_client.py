"""A JACK client whose audio comes from a ring buffer."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from musika_daw.engine.bus import libjack
from musika_daw.engine.bus.call_with_timeout import call_with_timeout
from musika_daw.engine.bus.libjack import address_of, load_libjack
from musika_daw.engine.bus.native_ring import load_ring
from musika_daw.engine.bus.ring import Ring
from musika_daw.errors import UserError

CLIENT_NAME = "Musika DAW"
_LONGEST_PERIOD = 8192  # that servers offer, PipeWire's included
_ANSWER_SECONDS = 5.0
_CLOSE_SECONDS = 1.0
_NO_SERVER = (
    "no JACK server is running: start one (jackd -d alsa, QjackCtl, or PipeWire with pw-jack), or take another bus; "
    "'musika-daw devices' lists them"
)


class RingClient:
    """One client of the running server.

    Attributes:
        name: as the server has it: a second process gets a number.
        rate: of the server, Hz.
    """

    def __init__(self, name: str = CLIENT_NAME) -> None:
        """Joins the running server under a name; what has ports that people connect has a name of its own.

        Raises:
            UserError: no JACK, or no server.
        """
        self._wanted_name = name
        self._library = load_libjack()
        silence = address_of(load_ring(), "ring_silence")
        self._library.jack_set_error_function(silence)
        self._library.jack_set_info_function(silence)
        self._client = self._open()
        self.name: str = self._library.jack_get_client_name(self._client).decode()
        self.rate: int = self._library.jack_get_sample_rate(self._client)
        self._ports: dict[str, int] = {}

    @property
    def period(self) -> int:
        """Frames that the server asks for at once; it may change while it runs."""
        return int(self._library.jack_get_buffer_size(self._client))

    def _open(self) -> int:
        status = ctypes.c_int()

        def ask() -> int | None:
            client: int | None = self._library.jack_client_open(
                self._wanted_name.encode(), libjack.NO_START_SERVER, ctypes.byref(status)
            )
            return client

        def leave(client: int | None) -> None:
            if client:
                self._library.jack_client_close(client)

        try:
            client = call_with_timeout(_ANSWER_SECONDS, ask, leave)
        except TimeoutError as error:
            raise UserError("the JACK server does not answer: restart it, or take another bus") from error
        if client is None:
            if status.value & libjack.SERVER_FAILED:
                raise UserError(_NO_SERVER)
            raise UserError(f"the JACK server refuses another client (status {status.value:#x}): restart it")
        return client

    def start(self, ports: Sequence[str], capacity: int) -> Ring:
        """Registers output ports and plays into them what the ring gets, until `close`."""
        for port in ports:
            made = self._library.jack_port_register(
                self._client, port.encode(), libjack.AUDIO_TYPE, libjack.IS_OUTPUT, 0
            )
            if not made:
                raise UserError(f"the JACK server has no room for port {port!r}: start it with more (jackd -p 1024)")
            self._ports[port] = made
        get_buffer = address_of(self._library, "jack_port_get_buffer")
        ring = Ring(list(self._ports.values()), capacity, get_buffer, 2 * _LONGEST_PERIOD)
        for callback, set_callback in (
            ("process", self._library.jack_set_process_callback),
            ("xrun", self._library.jack_set_xrun_callback),
            ("shutdown", self._library.jack_on_shutdown),
        ):
            set_callback(self._client, ring.callback(callback), ring.handle)
        if self._library.jack_activate(self._client) != 0:
            raise UserError("the JACK server does not let us play: restart it")
        return ring

    def playback_ports(self) -> list[str]:
        """Ports that a person hears, in their order."""
        flags = libjack.IS_INPUT | libjack.IS_PHYSICAL
        found = self._library.jack_get_ports(self._client, None, libjack.AUDIO_TYPE, flags)
        if not found:
            return []
        names: list[str] = []
        while found[len(names)] is not None:
            names.append(found[len(names)].decode())
        self._library.jack_free(found)
        return names

    def connect(self, port: str, destination: str) -> None:
        """A port that cannot be connected stays free: the user can still patch it."""
        self._library.jack_connect(self._client, f"{self.name}:{port}".encode(), destination.encode())

    def latency_after(self, destination: str) -> int:
        """Frames from a playback port to the sound."""
        port = self._library.jack_port_by_name(self._client, destination.encode())
        found = libjack.LatencyRange()
        if port:
            self._library.jack_port_get_latency_range(port, libjack.PLAYBACK_LATENCY, ctypes.byref(found))
        return int(found.max)

    def close(self) -> bool:
        """Leaves the server; False where it does not answer: then it may still call the ring."""
        try:
            call_with_timeout(_CLOSE_SECONDS, lambda: self._library.jack_client_close(self._client))
        except TimeoutError:
            return False
        return True

"""The ring buffer between the writer and JACK's audio thread, as Python sees it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np

from musika_daw.engine.bus.bus import AudioArray
from musika_daw.engine.bus.libjack import address_of
from musika_daw.engine.bus.native_ring import load_ring


class Ring:
    """Owns the native ring; its callbacks are addresses of native functions, to be given to JACK with `handle`."""

    def __init__(self, ports: Sequence[int], capacity: int, get_buffer: int, most: int | None = None) -> None:
        """
        Args:
            ports: addresses of JACK ports, one per channel.
            capacity: frames that it is filled with.
            get_buffer: address of `jack_port_get_buffer`.
            most: frames that it may be resized to; without it it keeps its size.
        """
        self._released = False
        self._library = load_ring()
        addresses = (ctypes.c_void_p * len(ports))(*ports)
        handle: int | None = self._library.ring_new(
            len(ports), capacity, max(most or 0, capacity), addresses, get_buffer
        )
        if handle is None:
            raise MemoryError
        self.handle = handle

    def callback(self, name: str) -> int:
        """Address of `process`, `xrun` or `shutdown`."""
        return address_of(self._library, f"ring_{name}")

    @property
    def capacity(self) -> int:
        """Frames that it is filled with; it grows by itself to two periods of the server."""
        return int(self._library.ring_capacity(self.handle))

    def resize(self, capacity: int) -> None:
        """Fills it with more or less from now on."""
        self._library.ring_resize(self.handle, capacity)

    @property
    def period(self) -> int:
        """Frames that JACK asked for the last time; 0 before it did."""
        return int(self._library.ring_period(self.handle))

    def ready(self) -> int:
        """Frames that wait to be played; more than its capacity for a while after that was made less."""
        return int(self._library.ring_ready(self.handle))

    def room(self) -> int:
        """Frames that can be written now."""
        return int(self._library.ring_room(self.handle))

    def write(self, frames: AudioArray) -> int:
        """Takes the first of the frames `[n, channels]`, as many as there is room for; returns how many."""
        frames = np.ascontiguousarray(frames, np.float32)
        return int(self._library.ring_write(self.handle, frames.ctypes.data, len(frames)))

    def drain(self) -> None:
        """An empty ring is the end from now on, no underrun."""
        self._library.ring_drain(self.handle)

    @property
    def periods(self) -> int:
        """How often JACK asked for audio."""
        return int(self._library.ring_periods(self.handle))

    @property
    def underruns(self) -> int:
        return int(self._library.ring_underruns(self.handle))

    @property
    def xruns(self) -> int:
        """How often the server itself was late, by its own count."""
        return int(self._library.ring_xruns(self.handle))

    @property
    def lost(self) -> bool:
        """The server has said goodbye."""
        return bool(self._library.ring_lost(self.handle))

    def release(self) -> None:
        """JACK has let go of it: its memory ends with this object. Until then it stays, whatever happens."""
        self._released = True

    def __del__(self) -> None:
        if self._released:
            self._library.ring_free(self.handle)

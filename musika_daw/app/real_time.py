"""What a process that plays in real time asks of its interpreter; it is the whole process's, so only commands do so."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress

_SWITCH_SECONDS = 50e-6
_NICE = -11  # as sound servers have it
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_ARENAS = 2
_RETURN_SECONDS = 10.0
_NEVER = 1_000_000_000


def play_in_real_time() -> None:
    """To be called once, when everything is imported and nothing plays yet."""
    import torch

    _share_memory()
    # The thread that writes sound must not wait long while others run Python: it lets the interpreter go for every
    # effect of every stem, and may have to wait as often to get it back.
    sys.setswitchinterval(_SWITCH_SECONDS)
    # Stems are decoded side by side: a second thread within each would only wait.
    torch.set_num_threads(1)
    # Moves are heard sooner, and what makes sound is there in time, whatever else this computer does. Threads that are
    # started from now on inherit it.
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # not permitted to everybody
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    # A search for garbage among all that is old would stop every thread for longer than the bus can wait. What is
    # imported stays for ever, and nothing that plays is in a cycle (`remember`): young cycles are all there is to find.
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


def _share_memory() -> None:
    """Has the threads that are started from now on share few heaps, where the C library is glibc.

    It would give each of them one of its own, and what one thread makes and another lets go leaves holes in all.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


class MemoryReturn:
    """Gives memory that lies free in the heaps back to the system, now and then, where the C library is glibc.

    It takes a few ms, in which other threads may wait for memory: less than any bus holds.
    """

    def __init__(self) -> None:
        self._again = 0.0
        self._trim: Callable[[int], int] | None = None
        if sys.platform == "linux":
            with suppress(AttributeError, OSError):
                self._trim = ctypes.CDLL(None).malloc_trim

    def look(self, now: float) -> None:
        """To be called often, with the monotonic clock."""
        if self._trim is not None and now >= self._again:
            self._again = now + _RETURN_SECONDS
            self._trim(0)

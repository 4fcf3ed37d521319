"""A host in whose audio thread nothing runs but the plug-in, which is watched (`audio_guard.c`)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

from tests.support import clap_abi as abi
from tests.support.clap_host import ClapHost

MEMORY, LOCKS, SYSTEM_CALLS = range(3)


class _List(ctypes.Structure):
    _fields_ = (("count", ctypes.c_uint32), ("events", ctypes.c_void_p))


class GuardedHost(ClapHost):
    """To be used in a process into which the guard is preloaded."""

    def __init__(self, path: Path, rate: float = 44100.0) -> None:
        self._guard = ctypes.CDLL(None)
        self.sees_system_calls = bool(self._guard.guard_system_calls())
        self.messages = ctypes.c_long(0)
        super().__init__(path, rate)

    def counts(self) -> list[int]:
        """Of memory, locks, system calls."""
        return [int(self._guard.guard_count(kind)) for kind in (MEMORY, LOCKS, SYSTEM_CALLS)]

    def last_call(self) -> int:
        return int(self._guard.guard_last_call())

    def offend(self) -> None:
        """Does what is counted, once each."""
        self._guard.guard_process(self._guard.guard_offend, None, None, int(self.sees_system_calls))

    def _events(self, events: Sequence[abi.ParamValue | abi.Midi]) -> tuple[abi.InputEvents, abi.OutputEvents]:
        self._pointers = (ctypes.c_void_p * max(1, len(events)))(*map(ctypes.addressof, events))
        self._list = _List(len(events), ctypes.addressof(self._pointers))
        incoming, outgoing = abi.InputEvents(), abi.OutputEvents()
        self._guard.guard_events(*map(ctypes.byref, (incoming, self._list, outgoing, self.messages)))
        return incoming, outgoing

    def _process(self, process: int) -> int:
        call = ctypes.cast(self._plugin.process, ctypes.c_void_p)
        watch = int(self.sees_system_calls)
        return int(self._guard.guard_process(call, ctypes.c_void_p(self.made), ctypes.c_void_p(process), watch))

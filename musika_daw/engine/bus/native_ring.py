"""The native half of the JACK bus, one C file (see `compiled`)."""

from __future__ import annotations

import ctypes
from pathlib import Path

from musika_daw.compiled import NativePart
from musika_daw.errors import UserError

RING = NativePart("ring", (Path(__file__).with_name("ring.c"),))


def load_ring() -> ctypes.CDLL:
    """The library of `ring.c`, its functions typed.

    Raises:
        UserError: it did not come with the package and cannot be compiled.
    """
    try:
        library = RING.load()
    except UserError as error:
        raise UserError(f"JACK cannot be used: {error}, or take another bus") from error
    _declare(library)
    return library


def _declare(library: ctypes.CDLL) -> None:
    ring, count = ctypes.c_void_p, ctypes.c_uint32
    signatures: dict[str, tuple[object, list[object]]] = {
        "ring_new": (ring, [count, count, count, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p]),
        "ring_free": (None, [ring]),
        "ring_ready": (count, [ring]),
        "ring_room": (count, [ring]),
        "ring_resize": (None, [ring, count]),
        "ring_capacity": (count, [ring]),
        "ring_period": (count, [ring]),
        "ring_write": (count, [ring, ctypes.c_void_p, count]),
        "ring_drain": (None, [ring]),
        "ring_periods": (count, [ring]),
        "ring_underruns": (count, [ring]),
        "ring_xruns": (count, [ring]),
        "ring_lost": (ctypes.c_int, [ring]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments

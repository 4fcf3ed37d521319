"""The few functions of libjack that are needed, through ctypes.

The JACK-Client package has no latency ranges, and its callbacks are Python code, in JACK's audio thread too; here
callbacks are addresses of native functions.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

from musika_daw.errors import UserError

NO_START_SERVER = 1  # JackNoStartServer
IS_INPUT, IS_OUTPUT, IS_PHYSICAL = 1, 2, 4  # JackPortFlags
SERVER_FAILED = 0x10  # JackServerFailed
PLAYBACK_LATENCY = 1  # JackPlaybackLatency
AUDIO_TYPE = b"32 bit float mono audio"

_NAMES = {"darwin": ("libjack.0.dylib",), "win32": ("libjack64.dll",)}.get(sys.platform, ("libjack.so.0",))
_pointer, _text, _count = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32
_texts = ctypes.POINTER(ctypes.c_char_p)


class LatencyRange(ctypes.Structure):
    """`jack_latency_range_t`, in frames."""

    _fields_ = [("min", _count), ("max", _count)]


_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "jack_client_open": (_pointer, [_text, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]),
    "jack_client_close": (ctypes.c_int, [_pointer]),
    "jack_get_client_name": (_text, [_pointer]),
    "jack_get_sample_rate": (_count, [_pointer]),
    "jack_get_buffer_size": (_count, [_pointer]),
    "jack_activate": (ctypes.c_int, [_pointer]),
    "jack_port_register": (_pointer, [_pointer, _text, _text, ctypes.c_ulong, ctypes.c_ulong]),
    "jack_port_by_name": (_pointer, [_pointer, _text]),
    "jack_port_get_latency_range": (None, [_pointer, ctypes.c_int, ctypes.POINTER(LatencyRange)]),
    "jack_get_ports": (_texts, [_pointer, _text, _text, ctypes.c_ulong]),
    "jack_connect": (ctypes.c_int, [_pointer, _text, _text]),
    "jack_free": (None, [_pointer]),
    "jack_set_process_callback": (ctypes.c_int, [_pointer, _pointer, _pointer]),
    "jack_set_xrun_callback": (ctypes.c_int, [_pointer, _pointer, _pointer]),
    "jack_on_shutdown": (None, [_pointer, _pointer, _pointer]),
    "jack_set_error_function": (None, [_pointer]),
    "jack_set_info_function": (None, [_pointer]),
}


def load_libjack() -> ctypes.CDLL:
    """libjack, its functions typed.

    Raises:
        UserError: JACK is not installed.
    """
    for name in (*_NAMES, ctypes.util.find_library("jack")):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, (result, arguments) in _SIGNATURES.items():
            typed = getattr(library, function)
            typed.restype, typed.argtypes = result, arguments
        return library
    raise UserError(
        "JACK is not installed on this system: install it (Debian: apt-get install jackd2, or pipewire-jack; "
        "elsewhere from jackaudio.org), or take another bus; 'musika-daw devices' lists them"
    )


def address_of(library: ctypes.CDLL, function: str) -> int:
    """Where a library's function lies in memory."""
    address = ctypes.cast(getattr(library, function), _pointer).value
    assert address is not None
    return address

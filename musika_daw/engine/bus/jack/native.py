"""The native half of the JACK bus: found beside this file where it was built with the package, else compiled once.

It is one C file without any dependency. A wheel or bundle brings it compiled; an installation from source needs a C
compiler the first time that JACK is played into, and keeps the result in the user's cache.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from musika_daw.errors import UserError

SOURCE = Path(__file__).with_name("ring.c")
LIBRARY_NAME = "ring" + {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")
_COMPILERS = ("cc", "gcc", "clang")
_COMPILE_SECONDS = 60.0
_REMEDY = "install one (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install) or take another bus"


def load_ring() -> ctypes.CDLL:
    """The library of `ring.c`, its functions typed.

    Raises:
        UserError: it did not come with the package and cannot be compiled.
    """
    built = SOURCE.with_name(LIBRARY_NAME)
    path = built if built.is_file() else _cached()
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise UserError(f"JACK cannot be used: {error}; delete {path} and try again") from error
    _declare(library)
    return library


def compile_ring(target: Path) -> None:
    """Compiles `ring.c` into a shared library; the file appears whole or not at all.

    Raises:
        UserError: there is no C compiler, or it failed.
    """
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None:
        raise UserError(f"JACK needs a part that has to be compiled once, and there is no C compiler: {_REMEDY}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / target.name
            command = [compiler, "-std=c11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden"]
            subprocess.run(  # noqa: S603  a compiler found on the user's own path
                [*command, "-o", str(made), str(SOURCE)], check=True, capture_output=True, timeout=_COMPILE_SECONDS
            )
            made.replace(target)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise UserError(
            f"JACK needs a part that {compiler} cannot compile ({said[-1] if said else 'no message'}): {_REMEDY}"
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"JACK needs a part that cannot be compiled into {target.parent}: {error}") from error


def _cached() -> Path:
    key = hashlib.sha256(SOURCE.read_bytes() + platform.machine().encode()).hexdigest()[:16]
    path = _cache_folder() / f"{key}-{LIBRARY_NAME}"
    if not path.is_file():
        compile_ring(path)
    return path


def _cache_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "musika-daw"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "musika-daw"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "musika-daw"


def _declare(library: ctypes.CDLL) -> None:
    ring, count = ctypes.c_void_p, ctypes.c_uint32
    signatures: dict[str, tuple[object, list[object]]] = {
        "ring_new": (ring, [count, count, ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p]),
        "ring_free": (None, [ring]),
        "ring_room": (count, [ring]),
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

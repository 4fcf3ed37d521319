"""C files of ours, compiled once: found beside their sources where a wheel or bundle brought them, else made and kept
in the user's cache. They have no dependency but a C compiler."""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from musika_daw.errors import UserError

_COMPILERS = ("cc", "gcc", "clang")
_COMPILE_SECONDS = 120.0
_REMEDY = "install one (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)"


@dataclass(frozen=True)
class NativePart:
    """A shared library and what it is made of.

    Attributes:
        name: of the library, without its ending.
        sources: C files, the first of them in the folder where a compiled one is looked for.
        headers: files that the sources include.
        options: for the compiler, beside those that every part gets.
    """

    name: str
    sources: tuple[Path, ...]
    headers: tuple[Path, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return self.name + {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")

    @property
    def beside(self) -> Path:
        """Where a wheel or bundle has it."""
        return self.sources[0].with_name(self.file_name)

    def find(self) -> Path:
        """The compiled library; compiles it if need be.

        Raises:
            UserError: it did not come with the package and cannot be compiled.
        """
        if self.beside.is_file():
            return self.beside
        path = cache_folder() / f"{self._key()}-{self.file_name}"
        if not path.is_file():
            self.compile(path)
        return path

    def load(self) -> ctypes.CDLL:
        """The library, its functions not typed yet.

        Raises:
            UserError: as `find`, or it cannot be loaded.
        """
        path = self.find()
        try:
            return ctypes.CDLL(str(path))
        except OSError as error:
            raise UserError(f"{error}; delete {path} and try again") from error

    def compile(self, target: Path) -> None:
        """Compiles the sources into a shared library; the file appears whole or not at all.

        Raises:
            UserError: there is no C compiler, or it failed.
        """
        compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
        if compiler is None:
            raise UserError(f"{self.name} has to be compiled once, and there is no C compiler: {_REMEDY}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=target.parent) as folder:
                made = Path(folder) / target.name
                _run([compiler, "-std=c11", "-fPIC", "-shared", "-fvisibility=hidden", *self._arguments(made)])
                made.replace(target)
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            raise UserError(
                f"{self.name} cannot be compiled by {compiler} ({said[-1] if said else 'no message'}): {_REMEDY}"
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UserError(f"{self.name} cannot be compiled into {target.parent}: {error}") from error

    def _arguments(self, made: Path) -> list[str]:
        return [*(self.options or ("-O2",)), "-o", str(made), *map(str, self.sources), "-lm"]

    def _key(self) -> str:
        """Other sources, options or processors: another file."""
        content = b"".join(path.read_bytes() for path in (*self.sources, *self.headers))
        about = repr((self.options, platform.machine())).encode()
        return hashlib.sha256(content + about).hexdigest()[:16]


def _run(command: Sequence[str]) -> None:
    # A compiler found on the user's own path.
    subprocess.run(command, check=True, capture_output=True, timeout=_COMPILE_SECONDS)  # noqa: S603


def cache_folder() -> Path:
    """Where what can be made again is kept."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "musika-daw"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "musika-daw"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "musika-daw"

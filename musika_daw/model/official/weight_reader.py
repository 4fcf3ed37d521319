"""Opens weight files in a process of its own, with limits on time and memory.

The library for HDF5 is written in C, and a damaged file can make it crash, never return, or ask for a terabyte. Then
that process ends and the user reads a line. Between the processes go JSON and plain numbers, no pickles.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.model.official.weight_file import OpenFile, StoredArray, StoredLayer, import_h5py, open_file

_SECONDS = 60.0
_MEMORY = 2 << 30  # bytes of address space beyond what libraries take when they are loaded
_LINUX_MEMORY = Path("/proc/self/statm")
_LONGEST_ANSWER = 4 << 20


class WeightReader:
    """Reads files one at a time; use it as a context. Not for several threads at once."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        """`seconds` is the longest that one answer may take."""
        import_h5py()
        self._seconds = seconds
        context = multiprocessing.get_context("spawn")
        self._pipe, child = context.Pipe()
        self._process = context.Process(target=_serve, args=(child,), daemon=True)
        self._process.start()
        child.close()
        self._path = Path()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()

    def open(self, path: Path) -> list[StoredLayer]:
        """The layers of a file in their order; the file opened before is closed.

        Raises:
            UserError: the file is missing, damaged, no weight file, or holds what none would.
        """
        self._path = path
        answer = self._ask({"open": str(path)})
        return [
            StoredLayer(name, tuple(StoredArray(array, tuple(shape), place) for array, shape, place in arrays))
            for name, arrays in answer["layers"]
        ]

    def read(self, array: StoredArray) -> NDArray[np.float32]:
        """The numbers of an array of the file opened last."""
        self._ask({"read": [array.name, list(array.shape), array.place]})
        count = int(np.prod(array.shape, dtype=np.int64))
        raw = self._receive(4 * count) if count else b""
        return np.frombuffer(raw, np.float32, count).reshape(array.shape).copy()

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(OSError):
            self._pipe.send_bytes(json.dumps(request).encode())
        answer: dict[str, Any] = json.loads(self._receive(_LONGEST_ANSWER))
        if "error" in answer:
            raise UserError(answer["error"])
        return answer

    def _receive(self, most: int) -> bytes:
        try:
            if self._pipe.poll(self._seconds):
                return self._pipe.recv_bytes(most)
            reason = f"reading it took longer than {self._seconds:g} seconds"
        except (EOFError, OSError):
            reason = "the library for HDF5 breaks down over it"
        raise UserError(f"{self._path} is damaged ({reason}): copy or download it again")


def _serve(pipe: Connection) -> None:
    """The other process: answers until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides
    import_h5py()
    _limit_memory()
    with contextlib.ExitStack() as opened:
        file: OpenFile | None = None
        while True:
            try:
                request = json.loads(pipe.recv_bytes())
            except (EOFError, OSError):
                return
            try:
                if "open" in request:
                    opened.close()
                    file = opened.enter_context(open_file(Path(request["open"])))
                    layers = [[x.name, [[a.name, a.shape, a.place] for a in x.arrays]] for x in file.layers]
                    pipe.send_bytes(json.dumps({"layers": layers}).encode())
                else:
                    assert file is not None
                    name, shape, place = request["read"]
                    values = file.read(StoredArray(name, tuple(shape), place))
                    pipe.send_bytes(b"{}")
                    if values.size:
                        pipe.send_bytes(values.tobytes())
            except UserError as error:
                pipe.send_bytes(json.dumps({"error": str(error)}).encode())


def _limit_memory() -> None:
    """Allow what is in use and some more, where the system can tell and limit it."""
    try:
        import resource

        in_use = int(_LINUX_MEMORY.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ModuleNotFoundError, OSError):  # Windows, macOS: time is limited there, memory is not
        return
    with contextlib.suppress(ValueError, OSError):  # where the limits are lower already
        resource.setrlimit(resource.RLIMIT_AS, (in_use + _MEMORY, in_use + _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

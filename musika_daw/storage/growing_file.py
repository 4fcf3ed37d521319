"""A file that grows and whose beginning is written again as it does, for headers that say how long it is."""

from __future__ import annotations

import os
from pathlib import Path

from musika_daw.storage.disk_errors import disk_errors


class GrowingFile:
    """Writes without a buffer of its own: what `append` took is in the file, even if the process is killed then."""

    def __init__(self, path: Path) -> None:
        """Creates the file; it must not exist.

        Raises:
            UserError: it cannot be created.
        """
        self.path = path
        with disk_errors("create", path):
            self._file = open(path, "xb", buffering=0)  # noqa: SIM115  closed by close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._file.closed

    def append(self, content: bytes) -> None:
        """Writes all of it at the end.

        Raises:
            UserError: the disk does not take it.
        """
        with disk_errors("write", self.path):
            self._put(content)

    def sync(self) -> None:
        """Waits until what was written is on the disk.

        Raises:
            UserError: the disk does not take it.
        """
        with disk_errors("write", self.path):
            os.fsync(self._file.fileno())

    def rewrite_start(self, content: bytes) -> None:
        """Writes over the beginning of the file; the next `append` goes to its end.

        Raises:
            UserError: the disk does not take it.
        """
        with disk_errors("write", self.path):
            self._file.seek(0)
            self._put(content)
            self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        """Closes the file; closing twice does nothing.

        Raises:
            UserError: the disk did not take what was written.
        """
        with disk_errors("write", self.path):
            self._file.close()

    def _put(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:  # a raw file may take less than it is given, up to the moment the disk is full
            rest = rest[self._file.write(rest) :]

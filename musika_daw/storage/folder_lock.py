"""Whose temporary folder is this? A lock inside it that ends with its process, however that ends.

Process ids alone do not tell: they are used again, and containers that share a disk count them from 1 each.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

LOCK_NAME = ".lock"
_YOUNG_SECONDS = 3600.0  # a folder without its lock is being made or finished, unless it is older than this


def _lock(descriptor: int) -> bool:
    """Takes the lock without waiting; False if another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class FolderLock:
    """Holds the lock of a folder that this process is filling."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._descriptor: int | None = os.open(self._path, os.O_CREAT | os.O_RDWR)
        _lock(self._descriptor)

    def release(self) -> None:
        """Removes the lock file; the folder counts as young from now on."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._path.unlink(missing_ok=True)


def is_abandoned(folder: Path) -> bool:
    """Whether the process that filled this folder is gone."""
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR)
    except FileNotFoundError:
        return folder.is_dir() and time.time() - folder.stat().st_mtime > _YOUNG_SECONDS
    except OSError:
        return False
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)

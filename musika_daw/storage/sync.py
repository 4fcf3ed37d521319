"""Waits until files and folders are on the disk."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from musika_daw.storage.disk_errors import disk_errors

_FULL = (errno.ENOSPC, errno.EDQUOT)


def sync_file(path: Path) -> None:
    """Waits until a file's contents are on the disk.

    Raises:
        OSError: the disk did not take them.
    """
    with open(path, "r+b") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Waits until a folder's entries are on the disk, where the file system can do that.

    Windows has no such call. Network drives and FUSE refuse it for folders (EINVAL, ENOTSUP, EBADF, EIO, ...), which
    says nothing of the files in it: those have been synced by themselves, so a refusal is passed over.

    Raises:
        UserError: the disk is full.
    """
    if os.name != "posix":
        return
    with disk_errors("write", path), contextlib.ExitStack() as opened:
        try:
            descriptor = os.open(path, os.O_RDONLY)
            opened.callback(os.close, descriptor)
            os.fsync(descriptor)
        except OSError as error:
            if error.errno in _FULL:
                raise

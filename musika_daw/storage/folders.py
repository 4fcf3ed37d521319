"""Folders that are filled under a hidden name and appear under their own when they are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from musika_daw.errors import UserError
from musika_daw.storage.disk_errors import disk_error, disk_errors
from musika_daw.storage.folder_lock import LOCK_NAME, FolderLock, is_abandoned
from musika_daw.storage.sync import sync_file, sync_folder

_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)  # what rename says when something has the name already


def left_behind(parent: Path, names: str = ".+") -> Iterator[Path]:
    """Hidden folders in `parent` that killed processes were filling; `names`: what they were to be called, as a regular
    expression."""
    hidden = re.compile(rf"\.({names})\.partial-\d+")
    for folder in parent.iterdir():
        if hidden.fullmatch(folder.name) and is_abandoned(folder):
            yield folder


class PartialFolder:
    """A hidden folder that is being filled, locked as long as this process does so.

    Attributes:
        path: the hidden folder, until `publish`.
    """

    def __init__(self, parent: Path, names: str, spared: Callable[[Path], bool] = lambda folder: False) -> None:
        """Makes `parent` and what is missing above it; removes what killed processes left there.

        Args:
            names: a regular expression for the names that such folders were to have.
            spared: which of them stay all the same.

        Raises:
            UserError: the disk does not take it.
        """
        self._parent = parent
        self._made = _make_folders(parent)
        self._lock: FolderLock | None = None
        self.path = parent
        with disk_errors("read", parent):
            for folder in left_behind(parent, names):
                if not spared(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    def create(self, name: str) -> bool:
        """Makes `parent/.NAME.partial-PID`; false where that is there already.

        Raises:
            UserError: the disk does not take it; nothing is left then.
        """
        path = self._parent / f".{name}.partial-{os.getpid()}"
        try:
            path.mkdir()
        except FileExistsError:
            return False
        except OSError as error:
            self._remove_made()
            raise disk_error("create", path, error) from error
        try:
            self._lock = FolderLock(path)
        except OSError as error:
            path.rmdir()
            self._remove_made()
            raise disk_error("create", path / LOCK_NAME, error) from error
        self.path = path
        return True

    def sync(self) -> None:
        """Waits until all that was written is on the disk, and lets go of the lock.

        Raises:
            UserError: the disk does not take it.
        """
        for file in sorted(self.path.rglob("*")):
            if file.is_dir():
                sync_folder(file)
            elif file.name != LOCK_NAME:
                with disk_errors("write", file):
                    sync_file(file)
        sync_folder(self.path)
        with disk_errors("write", self.path):
            self._release()

    def publish(self, final: Path) -> bool:
        """Gives the synced folder its name, at once and whole; false where something has that name.

        Raises:
            UserError: the disk does not take it.
        """
        try:
            self.path.rename(final)
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise disk_error("create", final, error) from error
        sync_folder(final.parent)
        return True

    def discard(self) -> None:
        """Removes the hidden folder and the folders made for it; does nothing after `publish`."""
        with contextlib.suppress(OSError):
            self._release()
        if self.path != self._parent:
            shutil.rmtree(self.path, ignore_errors=True)
        self._remove_made()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _remove_made(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):  # rmdir refuses a folder that holds something by now
                folder.rmdir()


def check_free(folder: Path) -> None:
    """Checks that a folder's name is not in use; an empty folder counts as free.

    Raises:
        UserError: something is there already.
    """
    with disk_errors("read", folder):
        empty = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
    if not empty and os.path.lexists(folder):
        what = "is already there and not empty" if folder.is_dir() else "is already there"
        raise UserError(f"{folder} {what}: choose another folder or delete it")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Gives a hidden folder beside a folder to write into; when the block ends, it is synced and renamed.

    If the block or the disk fails, nothing is left.

    Raises:
        UserError: something that is not an empty folder is there already, or the disk does not take it.
    """
    check_free(folder)
    partial = PartialFolder(folder.absolute().parent, re.escape(folder.name))
    try:
        with disk_errors("write", folder):
            if not partial.create(folder.name):
                raise UserError(f"{folder} is being written already: wait, or choose another folder")
            yield partial.path
            partial.sync()
            check_free(folder)
            if folder.is_dir():
                folder.rmdir()  # an empty one: Windows does not rename onto it
            if not partial.publish(folder):
                check_free(folder)
                raise UserError(f"{folder} is already there: choose another folder or delete it")
    finally:
        partial.discard()


def _make_folders(folder: Path) -> list[Path]:
    """Makes a folder and its parents; returns those that were missing, deepest first."""
    with disk_errors("create", folder):
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    return missing

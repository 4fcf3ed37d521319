"""A take's folder: filled under a hidden name, renamed when whole, never in place of another."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from pathlib import Path

from musika_daw.engine.take.disk import disk_error, disk_errors, sync_file, sync_folder
from musika_daw.engine.take.folder_lock import LOCK_NAME, FolderLock, is_abandoned
from musika_daw.errors import UsageError

TAKES_FOLDER = "Musika"
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR)  # what rename says when something has the name already
_LONGEST_NAME = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_PARTIAL = re.compile(r"\..+ \d{3,}\.partial-\d+")


def check_take_name(name: str) -> str:
    """The name, if every system can have a folder of it.

    Raises:
        UsageError: it is empty, too long, starts with a dot or holds characters that some system forbids.
    """
    if not name.strip() or name != name.strip(" ") or name[0] == "." or name[-1] == "." or len(name) > _LONGEST_NAME:
        raise UsageError(
            f"take name {name!r} is not possible: expected 1 to {_LONGEST_NAME} characters, no dot or space at its ends"
        )
    if _FORBIDDEN.search(name):
        raise UsageError(f'take name {name!r} is not possible: none of < > : " / \\ | ? * may be in it')
    return name


class TakeFolder:
    """The hidden folder that a take is written to.

    Attributes:
        path: the hidden folder, until `publish`.
    """

    def __init__(self, project: Path, name: str) -> None:
        """Makes `<project>/Musika/.<name> NNN.partial-<pid>`, and what is missing above it."""
        self._name = check_take_name(name)
        self._takes = project / TAKES_FOLDER
        self._made = _make_folders(self._takes)
        self._remove_abandoned()
        number = self._next_number(1)
        while True:
            self.path = self._takes / f".{name} {number:03d}.partial-{os.getpid()}"
            try:
                self.path.mkdir()
                break
            except FileExistsError:
                number += 1
            except OSError as error:
                self._remove_made()
                raise disk_error("create", self.path, error) from error
        try:
            self._lock = FolderLock(self.path)
        except OSError as error:
            self.path.rmdir()
            self._remove_made()
            raise disk_error("create", self.path / LOCK_NAME, error) from error

    def publish(self) -> Path:
        """Waits until all is on the disk, then gives the folder its final name, at once and whole.

        Returns:
            `<project>/Musika/<name> NNN`, NNN being the next free number.
        """
        for file in sorted(self.path.iterdir()):
            if file.name != LOCK_NAME:
                sync_file(file)
        sync_folder(self.path)
        with disk_errors("write", self.path):
            self._lock.release()
        number = 1
        while True:
            number = self._next_number(number)
            final = self._takes / f"{self._name} {number:03d}"
            try:
                self.path.rename(final)
                break
            except OSError as error:
                if error.errno not in _TAKEN:
                    raise disk_error("create", final, error) from error
                number += 1
        sync_folder(self._takes)
        return final

    def discard(self) -> None:
        """Removes the hidden folder and the folders made for it; does nothing after `publish`."""
        with contextlib.suppress(OSError):
            self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)
        self._remove_made()

    def _next_number(self, lowest: int) -> int:
        number = lowest
        while os.path.lexists(self._takes / f"{self._name} {number:03d}"):
            number += 1
        return number

    def _remove_abandoned(self) -> None:
        for folder in self._takes.iterdir():
            if _PARTIAL.fullmatch(folder.name) and is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _remove_made(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):  # rmdir refuses a folder that holds something by now
                folder.rmdir()


def _make_folders(folder: Path) -> list[Path]:
    """Makes a folder and its parents; returns those that were missing, deepest first."""
    with disk_errors("create", folder):
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    return missing

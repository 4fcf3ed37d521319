"""A take's folder: filled under a hidden name, renamed when whole, never in place of another."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

from musika_daw.engine.take.project_folder import takes_folder
from musika_daw.engine.take.session_log import SESSION_NAME
from musika_daw.errors import UsageError
from musika_daw.storage.folders import PartialFolder

LATEST = "latest"
_NAMES = r".+ \d{3,}"
_LONGEST_NAME = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


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


def is_live_take(folder: Path) -> bool:
    """Whether a hidden folder holds what was played live: nobody can make that again."""
    with contextlib.suppress(OSError, ValueError, AttributeError), open(folder / SESSION_NAME, "rb") as log:
        return json.loads(log.readline()).get("live") is not None
    return False


class TakeFolder:
    """The hidden folder that a take is written to."""

    def __init__(self, project: Path, name: str) -> None:
        """Makes `.<name> NNN.partial-<pid>` where takes of the project go, and what is missing above it.

        Raises:
            UsageError: the name is not possible. UserError: the disk does not take it.
        """
        self._name = check_take_name(name)
        self._takes = takes_folder(project)
        self._partial = PartialFolder(self._takes, _NAMES, spared=is_live_take)
        number = self._next_number(1)
        while not self._partial.create(f"{name} {number:03d}"):
            number += 1

    @property
    def path(self) -> Path:
        """The hidden folder, until `publish`."""
        return self._partial.path

    def publish(self, latest: bool = True) -> Path:
        """Waits until all is on the disk, then gives the folder its final name, at once and whole.

        Args:
            latest: whether `latest` beside it leads there from now on.

        Returns:
            `<project>/Musika/<name> NNN`, NNN being the next free number.
        """
        self._partial.sync()
        number = self._next_number(1)
        while not self._partial.publish(final := self._takes / f"{self._name} {number:03d}"):
            number = self._next_number(number + 1)
        if latest:
            self._link_latest(final)
        return final

    def discard(self) -> None:
        """Removes the hidden folder and the folders made for it; does nothing after `publish`."""
        self._partial.discard()

    def _link_latest(self, final: Path) -> None:
        """Points `latest` at the take; not where the system has no links, nor where a folder has that name."""
        link, new = self._takes / LATEST, self._takes / f".{LATEST}.{os.getpid()}"
        if link.exists() and not link.is_symlink():
            return
        with contextlib.suppress(OSError, NotImplementedError):
            new.symlink_to(final.name, target_is_directory=True)
            new.replace(link)
        with contextlib.suppress(OSError):
            new.unlink()

    def _next_number(self, lowest: int) -> int:
        number = lowest
        while os.path.lexists(self._takes / f"{self._name} {number:03d}"):
            number += 1
        return number

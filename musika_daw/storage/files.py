"""Files that appear under their name whole, or stay as they were."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musika_daw.storage.disk_errors import disk_errors
from musika_daw.storage.sync import sync_file, sync_folder

_ABANDONED_SECONDS = 24 * 3600.0
_LONGEST_NAME_BYTES = 230  # of the 255 that file systems allow; the rest is for what marks a partial file


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Gives a hidden empty file beside a file to write to; when the block ends, that is synced and takes its place.

    Folders that are missing are made. Where `path` is a link, the file it points to is replaced. If the block or the
    disk fails, the old file stays as it was and nothing is left beside it.

    Raises:
        UserError: the disk does not take it, in one line that names the file.
    """
    target = Path(os.path.realpath(path))
    with disk_errors("write", path):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = _reserve_partial(target)
        mode = (target if target.exists() else partial).stat().st_mode
        try:
            yield partial
            sync_file(partial)
            with contextlib.suppress(OSError):
                partial.chmod(mode & 0o777)  # some libraries write files that nobody else may read
            partial.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
    sync_folder(target.parent)


def write_text(path: Path, text: str) -> None:
    """Writes a text file, UTF-8 with Unix line ends, whole or not at all.

    Raises:
        UserError: the disk does not take it.
    """
    with replace_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def append_line(path: Path, line: str) -> None:
    """Adds a line to a text file and waits until it is on the disk; makes the file if it is missing.

    Raises:
        UserError: the disk does not take it.
    """
    with disk_errors("write", path), open(path, "ab") as file:
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _reserve_partial(target: Path) -> Path:
    """Creates the file to write to; what a process left that was killed a day ago is used again."""
    name = os.fsdecode(os.fsencode(target.name)[:_LONGEST_NAME_BYTES])
    for number in itertools.count():
        partial = target.with_name(f".{name}.partial-{number}")
        try:
            if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                partial.unlink()
        except FileNotFoundError:
            pass
        with contextlib.suppress(FileExistsError):
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return partial
    raise AssertionError("there is always a free number")

"""What goes wrong with disks and folders, as one line a musician can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musika_daw.errors import UserError

_ADVICE = {
    errno.ENOSPC: ("the disk is full", "free some space or choose another folder"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or choose another folder"),
    errno.EFBIG: ("the file would be larger than this disk allows", "render fewer bars or use another disk"),
    errno.EACCES: ("permission denied", "choose a folder you may write to"),
    errno.EPERM: ("not permitted", "choose a folder you may write to"),
    errno.EROFS: ("the disk is read-only", "choose a folder you may write to"),
    errno.ENOTDIR: ("part of the path is a file, not a folder", "choose another folder"),
    errno.EEXIST: ("a file is in the way", "choose another folder or move the file"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
    errno.EIO: ("the disk reports an error", "check the disk or choose another folder"),
    errno.ENOENT: ("it does not exist", "check the path"),
    errno.EISDIR: ("it is a folder", "give a file"),
}


def disk_error(doing: str, path: Path, error: OSError) -> UserError:
    """Says e.g. `cannot write P/drums.wav: the disk is full; free some space or choose another folder`."""
    reason, advice = _ADVICE.get(error.errno or 0, (error.strerror or str(error), "check the path and the disk"))
    return UserError(f"cannot {doing} {path}: {reason}; {advice}")


@contextmanager
def disk_errors(doing: str, path: Path) -> Iterator[None]:
    """Turns every `OSError` of the block into a `UserError` that names the path."""
    try:
        yield
    except OSError as error:
        raise disk_error(doing, path, error) from error

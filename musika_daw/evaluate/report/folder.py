"""A folder that appears under its name when it is whole, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from musika_daw.errors import UserError


def check_free(folder: Path) -> None:
    """
    Raises:
        UserError: something is there already.
    """
    if folder.exists() or folder.is_symlink():
        raise UserError(f"{folder} is already there: choose another folder or delete it")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Gives a hidden folder beside it to write into, and renames that at the end.

    Raises:
        UserError: something is there already, or it cannot be written.
    """
    check_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror}") from error
    try:
        yield partial
        check_free(folder)
        partial.chmod(0o755)
        partial.rename(folder)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)

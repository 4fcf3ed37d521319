"""Files of the user's that are whole, or as they were."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from musika_daw.errors import UserError


def write_atomically(path: Path, text: str) -> None:
    """Writes under another name and renames; makes the folder, if there is none.

    Raises:
        UserError: the disk does not take it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".", suffix=".part", delete=False
        ) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise
        Path(file.name).replace(path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; check the folder and the space left") from None

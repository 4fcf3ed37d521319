"""Paths as people write them: in options, OSC messages and presets, where no shell opens a `~`."""

from __future__ import annotations

from pathlib import Path

from musika_daw.errors import UsageError


def user_path(text: str) -> Path:
    """The path of a text, `~` and `~name` replaced by the folder of that user, where there is one.

    Raises:
        UsageError: the text cannot be the path of anything.
    """
    if not text or "\0" in text:
        raise UsageError(f"path {text[:40]!r} is not possible: expected the path of a file or folder")
    path = Path(text)
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such user: a file may be called so
        return path

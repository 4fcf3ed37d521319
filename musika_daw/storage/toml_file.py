"""TOML files that people write."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_MAX_BYTES = 2**20
_BACKSLASH_HINT = "; a backslash in double quotes is an escape: write paths in single quotes, 'C:\\...', or with /"


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds; with or without the mark that Windows' editors put before it.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no TOML, or far too large; the text is one line.
    """
    with open(path, "rb") as file:
        content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise ValueError(f"it is larger than {_MAX_BYTES >> 20} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (byte {error.start})") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        hint = _BACKSLASH_HINT if _is_of_backslash(str(error)) else ""
        raise ValueError(f"{' '.join(str(error).split())}{hint}") from error
    except RecursionError as error:
        raise ValueError("its tables are nested too deep") from error


def _is_of_backslash(message: str) -> bool:
    return "Unescaped '\\'" in message or "escaped character" in message.lower() or "hex value" in message.lower()

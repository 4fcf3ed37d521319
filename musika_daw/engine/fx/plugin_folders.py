"""Where systems keep plug-ins of others: which there are is looked up by name, none is opened."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_DEEPEST = 3  # makers have folders of their own
_LINUX = ("~/.vst3", "/usr/local/lib/vst3", "/usr/lib/vst3")
_MAC = ("~/Library/Audio/Plug-Ins", "/Library/Audio/Plug-Ins")
_SUFFIXES = (".vst3", ".component") if sys.platform == "darwin" else (".vst3",)


def plugin_paths() -> tuple[str, ...]:
    """Plug-ins in the system's folders and the user's own, by name."""
    found = {str(path) for folder in _folders() for path in _within(folder, _DEEPEST)}
    return tuple(sorted(found, key=lambda path: (Path(path).stem.casefold(), path)))


def _folders() -> Iterator[Path]:
    if sys.platform == "win32":
        names = ("CommonProgramFiles", "LOCALAPPDATA")
        ends = ("VST3", "Programs/Common/VST3")
        yield from (Path(os.environ[name]) / end for name, end in zip(names, ends, strict=True) if name in os.environ)
        return
    for folder in _MAC if sys.platform == "darwin" else _LINUX:
        with contextlib.suppress(RuntimeError):  # there is no home
            yield Path(folder).expanduser()


def _within(folder: Path, depth: int) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.suffix.lower() in _SUFFIXES:
                yield path
            elif depth > 0 and path.is_dir() and not path.is_symlink():
                yield from _within(path, depth - 1)

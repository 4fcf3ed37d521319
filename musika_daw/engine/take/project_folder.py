"""Where takes go in a project folder: where the DAW that owns it keeps audio, else a folder of our own."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

TAKES_FOLDER = "Musika"
_LIVE_MARK = "Ableton Project Info"
_READ_BYTES = 65_536  # of a Reaper project: its settings come first
_RECORD_PATH = re.compile(r'^\s*RECORD_PATH\s+(?:"([^"]*)"|(\S+))', re.MULTILINE)


def takes_folder(project: Path) -> Path:
    """The folder of takes in a project folder; nothing is made, and nothing of the DAW's own is touched.

    Live looks in `Samples/Imported`, Bitwig in `samples`, Reaper where the project says; Ardour copies what it imports
    into its own `interchange`, so its takes lie beside that.
    """
    if (project / _LIVE_MARK).is_dir():
        return project / "Samples" / "Imported" / TAKES_FOLDER
    if _files(project, ".bwproject"):
        return project / "samples" / TAKES_FOLDER
    if reaper := _files(project, ".rpp"):
        return project / _reaper_media(reaper) / TAKES_FOLDER
    return project / TAKES_FOLDER


def _files(folder: Path, suffix: str) -> list[Path]:
    with contextlib.suppress(OSError):
        return [path for path in folder.iterdir() if path.suffix.lower() == suffix and path.is_file()]
    return []


def _reaper_media(projects: list[Path]) -> Path:
    """Reaper's media folder, relative to the project; the newest project file of the folder decides."""
    with contextlib.suppress(OSError):
        newest = max(projects, key=lambda path: path.stat().st_mtime)
        with open(newest, encoding="utf-8", errors="replace") as file:
            found = _RECORD_PATH.search(file.read(_READ_BYTES))
        media = Path((found[1] or found[2] or "") if found else "")
        if not media.is_absolute() and ".." not in media.parts:
            return media
    return Path()

"""Shows a folder in the system's file manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def opener() -> str | None:
    """The program that opens folders; None where the system has none."""
    return shutil.which("open" if sys.platform == "darwin" else "xdg-open")


def show_folder(folder: Path) -> None:
    """Opens the folder and returns at once; says so in one line where that is not possible."""
    if sys.platform == "win32":
        os.startfile(folder)  # noqa: S606  a folder of ours
        return
    program = opener()
    if program is None:
        print(f"musika-daw: this system has no program that shows folders: {folder}", file=sys.stderr)
        return
    subprocess.Popen([program, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

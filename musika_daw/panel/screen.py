"""Whether a window can be shown here: Qt ends the whole process where it cannot, without a word on what to do."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import PySide6

_X11 = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
_PACKAGES = "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxkbcommon-x11-0"


def screen_problem(environment: Mapping[str, str] = os.environ, x11: Path = _X11) -> str:
    """What is missing and how to mend it; empty where nothing is."""
    if not sys.platform.startswith("linux") or environment.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return ""
    if not environment.get("DISPLAY"):
        if environment.get("WAYLAND_DISPLAY") and "QT_QPA_PLATFORM" not in environment:
            return ""
        return (
            "there is no screen here (DISPLAY is not set): open the window on another computer with --engine HOST, "
            "or play without it: musika-daw live"
        )
    try:
        if x11.is_file():
            ctypes.CDLL(str(x11))
    except OSError as error:
        missing = str(error).partition(":")[0]
        return f"the window needs {missing}: install it (Debian, Ubuntu: apt-get install {_PACKAGES})"
    return ""

"""Where no window can be shown, a line says what is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from musika_daw.panel.screen import screen_problem

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems bring all that Qt needs")


def test_no_screen() -> None:
    assert "no screen" in screen_problem({})
    assert screen_problem({"WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert screen_problem({"QT_QPA_PLATFORM": "offscreen"}) == ""


def test_a_library_is_missing(tmp_path: Path) -> None:
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"not a library")
    assert "apt-get install libxcb-cursor0" in screen_problem({"DISPLAY": ":0"}, broken)
    assert screen_problem({"DISPLAY": ":0"}, tmp_path / "nothing") == ""

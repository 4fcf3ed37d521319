"""A folder shown in the file manager: the real program of the test's own system is not started."""

from __future__ import annotations

import stat
import sys
import time
from pathlib import Path

import pytest

from musika_daw.app import file_manager


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens folders by itself")
def test_the_program_gets_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "opener"
    program.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/told"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(file_manager, "opener", lambda: str(program))
    file_manager.show_folder(tmp_path / "it's here")
    end = time.monotonic() + 10
    while not (tmp_path / "told").exists() or not (tmp_path / "told").read_text():
        assert time.monotonic() < end
        time.sleep(0.01)
    assert (tmp_path / "told").read_text().strip() == str(tmp_path / "it's here")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens folders by itself")
def test_without_one_it_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(file_manager, "opener", lambda: None)
    file_manager.show_folder(Path("/somewhere"))
    assert capsys.readouterr().err == "musika-daw: this system has no program that shows folders: /somewhere\n"

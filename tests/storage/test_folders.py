"""Folders that are whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from musika_daw.errors import UserError
from musika_daw.storage.folders import whole_folder


def test_a_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report"
    with pytest.raises(KeyboardInterrupt), whole_folder(out) as partial:
        (partial / "file").write_text("half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir()), "folders that were made for it are gone too"
    with whole_folder(out) as partial:
        assert not out.exists()
        (partial / "file").write_text("whole")
    assert (out / "file").read_text() == "whole" and len(list(out.iterdir())) == len(list(out.parent.iterdir())) == 1


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for path in (tmp_path / "full", tmp_path / "taken", tmp_path / "nowhere"):
        with pytest.raises(UserError, match="already there"), whole_folder(path):
            pass
    with pytest.raises(UserError, match=r"cannot create .*taken"), whole_folder(tmp_path / "taken" / "report"):
        pass
    with pytest.raises(UserError, match="already there"), whole_folder(tmp_path / "late") as partial:
        (partial / "file").write_text("ours")
        (tmp_path / "late").write_text("mine")
    assert (tmp_path / "late").read_text() == "mine" and not list(tmp_path.glob(".*"))


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with whole_folder(tmp_path / "empty") as partial:
        (partial / "file").write_text("x")
    assert [path.name for path in (tmp_path / "empty").iterdir()] == ["file"]


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with whole_folder(Path("out")) as partial:
        (partial / "file").write_text("x")
    assert (tmp_path / "out" / "file").exists()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX signal")
def test_what_a_killed_process_left_is_removed_and_what_a_living_one_fills_is_not(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from musika_daw.storage.folders import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as partial:\n"
        "    (partial / 'file').write_text('half'); print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with whole_folder(tmp_path / "out"):
            pass
        assert [path.name for path in tmp_path.glob(".out.*")] == [f".out.partial-{child.pid}"]
        child.send_signal(signal.SIGKILL)
    with whole_folder(tmp_path / "out") as partial:
        (partial / "file").write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

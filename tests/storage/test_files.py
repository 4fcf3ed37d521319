"""Files that are whole or as they were: what fails, what is refused, what is left beside them."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from musika_daw.errors import UserError
from musika_daw.storage.files import append_line, replace_file, write_text
from musika_daw.storage.growing_file import GrowingFile

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX file systems")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_and_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.txt"
    write_text(path, "one\n")
    with replace_file(path) as partial:
        partial.write_text("half")
        assert path.read_text() == "one\n"
    assert path.read_text() == "half" and names_in(path.parent) == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(error), replace_file(tmp_path / "a") as partial:
        partial.write_text("new")
        raise error
    assert (tmp_path / "a").read_text() == "old" and names_in(tmp_path) == ["a"]


def test_two_that_write_at_once_do_not_meet(tmp_path: Path) -> None:
    with replace_file(tmp_path / "a") as first, replace_file(tmp_path / "a") as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert (tmp_path / "a").read_text() == "first" and names_in(tmp_path) == ["a"]


def test_what_a_killed_process_left_is_used_again_after_a_day(tmp_path: Path) -> None:
    left = tmp_path / ".a.partial-0"
    left.write_text("half")
    write_text(tmp_path / "a", "one")
    assert names_in(tmp_path) == [".a.partial-0", "a"], "it may be written to at this moment"
    os.utime(left, (0, time.time() - 25 * 3600))
    write_text(tmp_path / "a", "two")
    assert names_in(tmp_path) == ["a"] and (tmp_path / "a").read_text() == "two"


@posix
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("old")
    (tmp_path / "real" / "a").chmod(0o640)
    (tmp_path / "a").symlink_to(tmp_path / "real" / "a")
    write_text(tmp_path / "a", "new")
    assert (tmp_path / "a").is_symlink() and (tmp_path / "real" / "a").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "real" / "a").stat().st_mode) == 0o640
    umask = os.umask(0)
    os.umask(umask)
    write_text(tmp_path / "b", "new")
    with replace_file(tmp_path / "c") as partial:
        partial.unlink()
        os.close(os.open(partial, os.O_CREAT, 0o600))
    for name in "bc":
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o666 & ~umask


@posix
def test_the_longest_name_a_disk_allows(tmp_path: Path) -> None:
    for name in ("x" * 255, "ä" * 127):
        write_text(tmp_path / name, "x")
        assert (tmp_path / name).read_text() == "x"
    with pytest.raises(UserError, match="the name is too long"):
        write_text(tmp_path / ("x" * 256), "x")


def test_refusals_are_one_line_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "a", tmp_path / "folder"):
        with pytest.raises(UserError, match=f"cannot write {path}: ") as caught:
            write_text(path, "x")
        assert "\n" not in str(caught.value)
    assert names_in(tmp_path) == ["file", "folder"]


def test_lines_are_added(tmp_path: Path) -> None:
    append_line(tmp_path / "log", "one")
    append_line(tmp_path / "log", "zwölf")
    assert (tmp_path / "log").read_text("utf-8") == "one\nzwölf\n"
    with pytest.raises(UserError, match="cannot write"):
        append_line(tmp_path / "not there" / "log", "one")


def test_what_was_appended_outlives_the_process(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from musika_daw.storage.growing_file import GrowingFile;"
        "file = GrowingFile(Path(sys.argv[1])); file.append(b'head'); file.append(b'tail');"
        "file.rewrite_start(b'HEAD'); file.append(b's'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "a"], check=False).returncode == 9
    assert (tmp_path / "a").read_bytes() == b"HEADtails"
    with pytest.raises(UserError, match="a file is in the way"):
        GrowingFile(tmp_path / "a")


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EINVAL])
def test_the_data_has_to_be_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    write_text(tmp_path / "a", "old")

    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(UserError, match=f"cannot write {tmp_path / 'a'}"):
        write_text(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old" and names_in(tmp_path) == ["a"]

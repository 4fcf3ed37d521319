"""Disks that do not sync folders, as network drives and FUSE do: what is written there counts all the same."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from musika_daw.errors import UserError
from musika_daw.storage.files import write_text
from musika_daw.storage.folders import whole_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows does not sync folders")
REFUSALS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EIO, errno.ENOSYS, errno.EACCES, errno.EPERM)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch, refusal: int) -> list[str]:
    """Files that were synced, by name; folders are refused."""
    names: list[str] = []
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(refusal, os.strerror(refusal))
        link = Path(f"/proc/self/fd/{descriptor}")
        names.append(link.readlink().name if link.parent.exists() else "?")
        sync(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    return names


@pytest.mark.parametrize("refusal", REFUSALS)
def test_files_and_folders_are_written(tmp_path: Path, synced: list[str]) -> None:
    write_text(tmp_path / "a", "text")
    with whole_folder(tmp_path / "folder") as partial:
        (partial / "inner").mkdir()
        (partial / "inner" / "b").write_text("text")
    assert (tmp_path / "folder" / "inner" / "b").read_text() == "text"
    assert len(synced) == 2 and {"b", "?"} & set(synced)


@pytest.mark.parametrize("refusal", [errno.ENOSPC])
def test_a_full_disk_is_told(tmp_path: Path, synced: list[str]) -> None:
    with pytest.raises(UserError, match="the disk is full"):
        write_text(tmp_path / "a", "text")


def test_a_folder_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def open_(path: object, flags: int, *rest: int) -> int:
        if Path(str(path)).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(str(path), flags, *rest)

    monkeypatch.setattr("os.open", open_)
    write_text(tmp_path / "a", "text")
    assert (tmp_path / "a").read_text() == "text"

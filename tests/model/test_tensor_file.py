"""Tensors on a disk that is full: one line, and the file that was there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from musika_daw.errors import UserError
from musika_daw.model.tensor_file import save_tensors


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
def test_a_full_disk_leaves_the_old_file(small_disk: Path) -> None:
    path = small_disk / "a.safetensors"
    save_tensors(path, {"a": torch.arange(8).reshape(2, 4).T}, {"b": "c"})
    with pytest.raises(UserError, match=r"cannot write .*a\.safetensors") as caught:
        save_tensors(path, {"a": torch.zeros(100_000)}, {})
    assert "\n" not in str(caught.value)
    assert [p.name for p in small_disk.iterdir()] == ["a.safetensors"]
    assert load_file(path)["a"].tolist() == torch.arange(8).reshape(2, 4).T.tolist()

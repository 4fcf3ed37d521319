"""Outputs equal those of the official code, and a difference is noticed."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from musika_daw.app.main import main
from musika_daw.errors import UserError
from musika_daw.model.official.reference import CHECKS, Comparison, verify


@pytest.fixture(scope="module")
def compared(references: Path) -> dict[str, list[Comparison]]:
    pytest.importorskip("h5py")
    return verify(references)


@pytest.mark.parametrize("name", CHECKS)
def test_agrees_with_the_official_code(compared: dict[str, list[Comparison]], name: str) -> None:
    assert compared[name] and all(part.passed for part in compared[name]), compared[name]


def _copy(references: Path, folder: Path, name: str) -> dict[str, np.ndarray]:
    for path in references.glob("*.h5"):
        shutil.copyfile(path, folder / path.name)
    with np.load(references / f"{name}.npz") as file:
        return dict(file)


def test_a_difference_is_noticed(references: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = _copy(references, tmp_path, "dec2")
    arrays["y"][0, 0, 5, 3] += 3e-5
    np.savez(tmp_path / "dec2.npz", **arrays)
    assert main(["models", "verify", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "dec2.npz" in printed.out and "differs" in printed.out
    assert printed.err == "musika-daw: 1 of 1 files differ more than allowed: dec2\n"
    arrays["y"][0, 0, 5, 3] = np.nan
    np.savez(tmp_path / "dec2.npz", **arrays)
    assert main(["models", "verify", str(tmp_path), "--json"]) == 1


def test_other_shapes_and_damage_are_named(references: Path, tmp_path: Path) -> None:
    arrays = _copy(references, tmp_path, "dec2")
    np.savez(tmp_path / "dec2.npz", x=arrays["x"], y=arrays["y"][:, :, :7])
    with pytest.raises(UserError, match="has the shape"):
        verify(tmp_path)
    np.savez(tmp_path / "dec2.npz", x=arrays["x"])
    with pytest.raises(UserError, match="cannot be compared"):
        verify(tmp_path)
    (tmp_path / "dec2.npz").write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(UserError, match="is damaged"):
        verify(tmp_path)


def test_a_folder_without_references_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no reference outputs"):
        verify(tmp_path)

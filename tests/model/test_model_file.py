"""The model file: what is written comes back, and nothing else is believed."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from musika_daw.errors import UsageError, UserError
from musika_daw.model.model_file import Networks, find_model, load_networks, read_info, read_networks, save_networks


def test_networks_come_back_in_half_precision(tiny_networks: Networks, tiny_model: Path) -> None:
    loaded = read_networks(str(tiny_model))
    assert loaded.info.name == "tiny"
    for name, network in loaded.by_name().items():
        for key, had in tiny_networks.by_name()[name].state_dict().items():
            got = network.state_dict()[key]
            assert got.dtype == had.dtype and torch.allclose(got, had, rtol=1e-3, atol=1e-4), (name, key)
    assert torch.allclose(loaded.style_bank, tiny_networks.style_bank, atol=1e-3)
    assert read_info(str(tiny_model)).to_json()["sizes"]["pattern"]["width"] == 16


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(UsageError, match="expected one of"):
        find_model("polka")
    with pytest.raises(UsageError, match="not there"):
        find_model("/nowhere/x.safetensors")


@pytest.mark.parametrize("keep", [0, 5, 200, 100_000])
def test_a_truncated_file_gets_one_line(tiny_model: Path, tmp_path: Path, keep: int) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(tiny_model.read_bytes()[:keep])
    with pytest.raises(UserError) as caught:
        load_networks(str(path))
    assert "\n" not in str(caught.value) and "cut.safetensors" in str(caught.value)


def _with_metadata(tiny_model: Path, path: Path, metadata: dict[str, str] | None, drop: str = "") -> Path:
    tensors = {k: v for k, v in load_file(tiny_model).items() if k != drop}
    save_file(tensors, path, metadata)
    return path


def test_foreign_and_newer_files_are_refused(tiny_networks: Networks, tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a Musika DAW model"):
        load_networks(str(_with_metadata(tiny_model, tmp_path / "a.safetensors", None)))
    with pytest.raises(UserError, match="not a Musika DAW model"):
        load_networks(str(_with_metadata(tiny_model, tmp_path / "b.safetensors", {"musika_daw": "{"})))
    document = {**tiny_networks.info.to_json(), "format": 99}
    with pytest.raises(UserError, match="format 99"):
        load_networks(str(_with_metadata(tiny_model, tmp_path / "c.safetensors", {"musika_daw": json.dumps(document)})))


def test_a_missing_tensor_is_named(tiny_networks: Networks, tiny_model: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.safetensors"
    save_networks(whole, tiny_networks)
    from safetensors import safe_open

    with safe_open(whole, "pt") as file:
        metadata = file.metadata()
    with pytest.raises(UserError, match="damaged or of another version"):
        load_networks(str(_with_metadata(whole, tmp_path / "d.safetensors", metadata, drop="pattern.first.weight")))


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    path = tmp_path / "evil.safetensors"
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(UserError):
        load_networks(str(path))
    assert not (tmp_path / "sprung").exists()


def test_loading_does_not_bring_in_torchs_compiler(tiny_model: Path) -> None:
    code = "import sys; from musika_daw.model.model_file import load_networks; load_networks(sys.argv[1]);"
    code += "sys.exit('torch._dynamo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, str(tiny_model)], check=False).returncode == 0

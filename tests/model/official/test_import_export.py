"""Checkpoints come in whole, whatever their version, and go out as they came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from musika_daw.app.main import main
from musika_daw.errors import UserError
from musika_daw.model.model_file import list_models, load_networks, read_info
from musika_daw.model.official.exporter import export_official
from musika_daw.model.official.importer import import_official
from musika_daw.model.official.official_file import load_official, stored_networks
from musika_daw.model.official.weight_file import open_file

from .conftest import SIZES, make_random

Write = Callable[[str], Path]


@pytest.mark.parametrize("kind", SIZES)
def test_every_version_comes_in_whole(write_h5: Write, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "m.safetensors"
    assert import_official([write_h5(kind)], target, critic=True) == SIZES[kind]
    loaded = load_official(str(target), stored_networks(str(target)))
    for name, network in make_random(SIZES[kind]).items():
        if name == "critic_rec":
            assert name in loaded.networks
        state = loaded.networks[name].state_dict()
        for key, value in network.state_dict().items():
            assert torch.equal(state[key], value), (name, key)


@pytest.mark.parametrize("kind", SIZES)
def test_import_export_import_is_the_same_to_the_bit(write_h5: Write, tmp_path: Path, kind: str) -> None:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    import_official([write_h5(kind)], first, critic=True)
    files = export_official(str(first), tmp_path / "out")
    assert {path.stem for path in files} >= {"enc", "enc2", "dec", "dec2", "gen", "gen_ema", "critic"}
    import_official([tmp_path / "out"], second, critic=True)
    assert first.read_bytes() == second.read_bytes()


def test_genuine_files_survive_the_round_trip(references: Path, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    import_official([references], first, critic=True)
    export_official(str(first), tmp_path / "out")
    import_official([tmp_path / "out"], second, critic=True)
    assert first.read_bytes() == second.read_bytes()
    for name in ("enc", "enc2", "dec", "dec2", "gen_ema", "critic"):
        with h5py.File(references / f"{name}.h5") as genuine, h5py.File(tmp_path / "out" / f"{name}.h5") as ours:
            assert ours.attrs["backend"] == genuine.attrs["backend"]
            weighted = [n for n in genuine.attrs["layer_names"] if len(genuine[n].attrs["weight_names"])]
            assert list(ours.attrs["layer_names"]) == weighted
            for layer in weighted:
                assert list(ours[layer].attrs["weight_names"]) == list(genuine[layer].attrs["weight_names"])
                for array in ours[layer].attrs["weight_names"]:
                    assert np.array_equal(ours[layer][array][()], genuine[layer][array][()])


def test_the_running_average_is_preferred(references: Path, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    target = tmp_path / "m.safetensors"
    import_official([references], target)
    loaded = load_official(str(target), ("gen",)).networks["gen"].state_dict()["dense.weight"]
    with open_file(references / "gen_ema.h5") as genuine:
        assert np.array_equal(loaded.numpy(), genuine.read(genuine.layers[0].arrays[0]).T)
    assert stored_networks(str(target)) == ("enc", "enc2", "dec", "dec2", "gen")


def test_numbers_in_names_do_not_matter(write_h5: Write, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    folder = write_h5("22k")
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for path in folder.glob("*.h5"):
        with h5py.File(path) as had, h5py.File(renamed / path.name, "w") as new:
            names = []
            for name in had.attrs["layer_names"]:
                kind, _, number = name.rpartition("_") if name.rpartition("_")[2].isdigit() else (name, "", "0")
                later = f"{kind}_{int(number) + 17}"
                names.append(later)
                group = new.create_group(later)
                arrays = [n.rpartition("/")[2] for n in had[name].attrs["weight_names"]]
                # Older Keras wrote names of fixed length.
                group.attrs["weight_names"] = np.array([f"{later}/{a}".encode() for a in arrays])
                for array in arrays:
                    group.create_dataset(f"{later}/{array}", data=had[name][f"{name}/{array}"][()])
            new.attrs["layer_names"] = np.array([n.encode() for n in names])
    import_official([folder], tmp_path / "a.safetensors", critic=True)
    import_official([renamed], tmp_path / "b.safetensors", critic=True)
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()


def test_an_installed_model_is_found_by_name(
    write_h5: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MUSIKA_DAW_MODELS", str(tmp_path / "models"))
    assert main(["models", "import", str(write_h5("44k")), "--out", "mine", "--licence", "CC0"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'models' / 'mine.safetensors'}\n"
    assert tmp_path / "models" / "mine.safetensors" in list_models()
    assert main(["models", "info", "mine"]) == 0 and "musika-44k" in capsys.readouterr().out
    assert main(["models", "export", "mine", "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "gen.h5").is_file()
    info = read_info("mine", ("musika-44k",))
    assert info.stems == ("mix",) and info.signals == {} and info.licence == "CC0"
    with pytest.raises(UserError, match="family musika-44k"):
        load_networks("mine")
    assert main(["models", "import", str(write_h5("44k")), "--out", "mine"]) == 1
    assert "already there" in capsys.readouterr().err
    assert main(["models", "import", str(write_h5("44k")), "--out", "../mine"]) == 2


def test_our_own_models_have_no_h5(tiny_model: Path, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    with pytest.raises(UserError, match="family musika-daw"):
        export_official(str(tiny_model), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_not_written_to(write_h5: Write, tmp_path: Path) -> None:
    import_official([write_h5("44k")], tmp_path / "m.safetensors")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "enc.h5").touch()
    with pytest.raises(UserError, match="not empty"):
        export_official(str(tmp_path / "m.safetensors"), tmp_path / "full")

"""A model file -> `.h5` files that the official program loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from musika_daw.errors import UserError
from musika_daw.model.official.keras_arrays import keras_arrays
from musika_daw.model.official.keras_names import keras_layers
from musika_daw.model.official.official_file import load_official, read_size, stored_networks
from musika_daw.model.official.weight_file import import_h5py
from musika_daw.storage.folders import check_free, whole_folder

_KERAS_VERSION = "2.12.0"  # whose layout this is


def write_network(path: Path, network: nn.Module) -> None:
    """Write a network as Keras' `save_weights` would; layers without weights, which loading ignores, are left out."""
    h5py = import_h5py()
    layers = keras_layers(network)
    with h5py.File(path, "w") as file:
        _describe(file)
        file.attrs["layer_names"] = [layer.name for layer in layers]
        for layer in layers:
            group = file.create_group(layer.name)
            arrays = keras_arrays(layer)
            group.attrs["weight_names"] = [f"{layer.name}/{array.name}" for array in arrays]
            for array in arrays:
                group.create_dataset(f"{layer.name}/{array.name}", data=array.read())
        top = file.create_group("top_level_model_weights")
        top.attrs["weight_names"] = []


def _describe(file: Any) -> None:
    file.attrs["backend"] = "tensorflow"
    file.attrs["keras_version"] = _KERAS_VERSION


def export_official(model: str, folder: Path) -> list[Path]:
    """Write every network of a model into a new folder; the generator twice, as the official program wants it.

    Raises:
        UsageError: there is no such model. UserError: it is none of the officials', or the folder is in use.
    """
    import_h5py()
    check_free(folder)
    size = read_size(model)
    if size.stems > 1:
        raise UserError(f"model {model} makes {size.stems} stems: the official program has no place for more than one")
    if size.conditions:
        raise UserError(f"model {model} is conditioned: the official program has no place for that")
    names = stored_networks(model)
    loaded = load_official(model, names)
    files = []
    with whole_folder(folder) as partial:
        for name in names:
            for stem in ("gen", "gen_ema") if name == "gen" else (name,):
                write_network(partial / f"{stem}.h5", loaded.networks[name])
                files.append(folder / f"{stem}.h5")
    return files

"""The officials' `.h5` files -> one model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.official.keras_arrays import all_arrays
from musika_daw.model.official.networks import PLAYING
from musika_daw.model.official.official_file import UNKNOWN_LICENCE, official_info, save_official
from musika_daw.model.official.recognise import Finding, merge_sizes, recognise
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.model.official.weight_reader import WeightReader

Weights = dict[str, Tensor]


def find_weight_files(places: Sequence[Path]) -> list[Path]:
    """The `.h5` files that are named or lie in folders that are named.

    Raises:
        UserError: a place does not exist, or there is none in it.
    """
    files: list[Path] = []
    for place in places:
        inside = sorted(place.glob("*.h5")) if place.is_dir() else [place]
        if not inside:
            raise UserError(f"no .h5 files in {place}: expected those of the official Musika, e.g. enc.h5")
        files += [path for path in inside if path not in files]
    return files


def load_network(path: Path, reader: WeightReader) -> tuple[Finding, nn.Module]:
    """The network of a file, ready to play."""
    finding = recognise(path, reader.open(path))
    finding.module.load_state_dict(read_weights(path, finding, reader), assign=True)
    return finding, finding.module.requires_grad_(False).eval()


def read_weights(path: Path, finding: Finding, reader: WeightReader) -> Weights:
    """A network's weights by the names of its parameters, from a file that was recognised."""
    stored = reader.open(path)
    network = finding.module
    names = {id(tensor): name for name, tensor in [*network.named_parameters(), *network.named_buffers()]}
    weights: Weights = {}
    arrays = [array for layer in stored for array in layer.arrays]
    for found, (layer, expected) in zip(arrays, all_arrays(finding.layers), strict=True):
        if found.name != expected.name:
            raise UserError(f"{path}: layer {layer.name} has {found.name} where {expected.name} is expected")
        values = expected.from_file(reader.read(found))
        if not bool(torch.isfinite(values).all()):
            raise UserError(f"{path}: {found.place} holds numbers that are not finite")
        weights[names[id(expected.tensor)]] = values
    # Batch norms count their batches in torch; Keras does not.
    for name, tensor in network.state_dict().items():
        if name not in weights:
            weights[name] = torch.zeros(tensor.shape, dtype=tensor.dtype)
    return weights


def _choose(files: Sequence[Path], findings: Mapping[Path, Finding]) -> dict[str, Path]:
    """One file for each network; of two generators the running average is played."""
    chosen: dict[str, Path] = {}
    for path in files:
        network = findings[path].network
        other = chosen.get(network)
        if other is None:
            chosen[network] = path
            continue
        averaged = [p for p in (other, path) if "ema" in p.stem]
        if network != "gen" or len(averaged) != 1:
            raise UserError(f"{other} and {path} hold the same network: expected one of them")
        chosen[network] = averaged[0]
    if missing := [name for name in PLAYING if name not in chosen]:
        needed = "enc.h5, enc2.h5, dec.h5, dec2.h5 and gen_ema.h5"
        raise UserError(f"no file holds the network {' nor '.join(missing)}: expected {needed} of one model")
    return chosen


def import_official(
    places: Sequence[Path],
    target: Path,
    critic: bool = False,
    any_order: bool = False,
    licence: str = UNKNOWN_LICENCE,
) -> OfficialSize:
    """Build a model file from `.h5` files.

    Args:
        places: files, and folders of files.
        critic: keep the critic too, which only training needs.
        any_order: see `recognise`.

    Raises:
        UserError: something about the files is wrong; nothing has been written then.
    """
    if target.exists():
        raise UserError(f"{target} is already there: choose another name, or remove it")
    files = find_weight_files(places)
    with WeightReader() as reader:
        findings = {path: recognise(path, reader.open(path), any_order) for path in files}
        size = merge_sizes(findings)
        chosen = {name: path for name, path in _choose(files, findings).items() if name in PLAYING or critic}
        weights = {name: read_weights(path, findings[path], reader) for name, path in chosen.items()}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {target.parent} ({error})") from error
    info = official_info(target.stem, size, licence)
    save_official(target, info, weights)
    return size

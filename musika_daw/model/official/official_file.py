"""The model file of an official model: the same kind of file as ours, with other networks, in full precision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.eight_bit import read_weights
from musika_daw.model.model_file import FAMILY, FAMILY_RECORDS, ModelInfo, find_model, read_info
from musika_daw.model.official.codec import Decoders, Encoders
from musika_daw.model.official.networks import PLAYING, make_network, network_names
from musika_daw.model.official.row_layers import for_playing
from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize
from musika_daw.model.tensor_file import save_tensors
from musika_daw.music.notes import MIX

OFFICIAL_FAMILIES = (FAMILY_44K, FAMILY_22K)
UNKNOWN_LICENCE = "unknown; see where the weights came from"


@dataclass(frozen=True)
class OfficialModel:
    """Networks of an official model by the names of their `.h5` files; those that were asked for."""

    info: ModelInfo
    size: OfficialSize
    networks: Mapping[str, nn.Module]

    def play_in(self, inner: torch.dtype) -> None:
        """Makes the decoders ready to play (see `row_layers`), once: the second-level one in float32, as errors of its
        would be heard as other notes, the one that makes spectra in `inner` where it has no norms.
        """
        for_playing(self.networks["dec2"])
        for_playing(self.networks["dec"], inner if self.size.is_44k else torch.float32)

    def decoders(self) -> Decoders:
        return Decoders(self.size, self.networks["dec2"], self.networks["dec"])

    def encoders(self) -> Encoders:
        return Encoders(self.size, self.networks["enc"], self.networks["enc2"])


def read_any_info(name_or_path: str) -> ModelInfo:
    """What a model file says of itself, whatever its family; see `read_info`."""
    return read_info(name_or_path, (FAMILY, FAMILY_RECORDS, *OFFICIAL_FAMILIES))


def official_info(
    name: str, size: OfficialSize, licence: str = UNKNOWN_LICENCE, stems: tuple[str, ...] = (MIX,)
) -> ModelInfo:
    """What the file of an official model says of itself: no conditioning, and one stem unless it was trained here."""
    return ModelInfo(
        name,
        family=size.family,
        sample_rate=size.sample_rate,
        frame_samples=size.latent_samples,
        latent=size.depth,
        stems=stems,
        sizes=asdict(size),
        signals={},
        steps={},
        licence=licence,
    )


def save_official(path: Path, info: ModelInfo, weights: Mapping[str, Mapping[str, Tensor]]) -> None:
    """Write a model file from the weights of each network; nothing is left where that fails."""
    tensors = {f"{name}.{key}": value for name, state in weights.items() for key, value in state.items()}
    # The file's name says it; without it equal models are equal files.
    document = {key: value for key, value in info.to_json().items() if key != "name"}
    save_tensors(path, tensors, {"musika_daw": json.dumps(document)})


def load_official(name_or_path: str, networks: tuple[str, ...] = PLAYING) -> OfficialModel:
    """Load networks of an official model, ready to play.

    Raises:
        UsageError: there is no such model. UserError: it is none of the officials', or damaged.
    """
    info, path = read_info(name_or_path, OFFICIAL_FAMILIES), find_model(name_or_path)
    try:
        size = _size(info)
        loaded = {name: _load(path, name, size) for name in networks}
    except (SafetensorError, OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"model file {path} is damaged or of another version ({reason})") from error
    return OfficialModel(info, size, loaded)


def read_size(name_or_path: str) -> OfficialSize:
    """The sizes of an official model's networks.

    Raises:
        UsageError: there is no such model. UserError: it is none of the officials', or damaged.
    """
    info = read_info(name_or_path, OFFICIAL_FAMILIES)
    try:
        return _size(info)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"model file {find_model(name_or_path)} is damaged ({error})") from error


def stored_networks(name_or_path: str) -> tuple[str, ...]:
    """Which networks an official model's file holds."""
    info, path = read_info(name_or_path, OFFICIAL_FAMILIES), find_model(name_or_path)
    with safe_open(path, "pt") as file:
        prefixes = {key.partition(".")[0] for key in file.keys()}  # noqa: SIM118 - not a mapping
    return tuple(name for name in network_names(_size(info)) if name in prefixes)


def _size(info: ModelInfo) -> OfficialSize:
    # Files from before there were conditioning and stems do not name them.
    later = {"conditions": 0, "stems": 1}
    known: dict[str, Any] = {f.name: {**later, **info.sizes}[f.name] for f in fields(OfficialSize)}
    size = OfficialSize(**known)
    fits = size.family == info.family and size.stems == len(info.stems)
    if not fits or not all(type(v) is type(getattr(OfficialSize(), k)) for k, v in known.items()):
        raise ValueError("sizes do not fit the family")
    return size


def _load(path: Path, name: str, size: OfficialSize) -> nn.Module:
    with torch.device("meta"):
        network = make_network(name, size)
    with safe_open(path, "pt") as file:
        prefix = f"{name}."
        own = {key.removeprefix(prefix): file.get_tensor(key) for key in file.keys() if key.startswith(prefix)}  # noqa: SIM118 - not a mapping
    network.load_state_dict(read_weights(own), assign=True)
    network.requires_grad_(False).eval()
    return network

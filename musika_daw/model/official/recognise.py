"""Which network of which official model a weight file holds: told from its shapes, never from its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from musika_daw.errors import UserError
from musika_daw.model.official.keras_arrays import keras_arrays
from musika_daw.model.official.keras_names import KerasLayer, keras_layers
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize
from musika_daw.model.official.weight_file import StoredLayer

Shapes = Sequence[Sequence[tuple[int, ...]]]
_LARGEST_WIDTH = 512  # of anything, so that a lying file costs nothing


def _encoder(s: Shapes) -> dict[str, Any]:
    return {"hop": (s[0][0][2] - 1) // 2}


def _encoder2(s: Shapes) -> dict[str, Any]:
    return {"hop": s[0][0][3], "depth": s[-1][0][3]}


def _decoder(s: Shapes) -> dict[str, Any]:
    return {"hop": s[0][0][3] // 3}


def _decoder2(s: Shapes) -> dict[str, Any]:
    return {"hop": s[0][0][3] // 3, "depth": s[0][0][2]}


def _generator(s: Shapes) -> dict[str, Any]:
    coordinates, extra = divmod(s[2][0][2], 2)
    sizes = {"base": s[0][0][1] // 28, "depth": s[-1][0][3] // 2, "coordinates": coordinates, "extra_inputs": extra}
    # The first convolution of the small one does not upsample.
    return {**sizes, "small": s[3][0][1] == 1}


def _critic_44k(s: Shapes) -> dict[str, Any]:
    return {"base": s[0][0][3] // 3, "depth": s[0][0][2] // 2, "small": len(s) == 15}


def _critic_22k(s: Shapes) -> dict[str, Any]:
    return {"base": s[1][0][3] // 3, "depth": s[0][0][2] // 2}


def _reconstructor(s: Shapes) -> dict[str, Any]:
    return {"base": s[0][0][3] // 8, "depth": s[-1][0][3] // 2}


_AUTOENCODER = {"enc": _encoder, "enc2": _encoder2, "dec": _decoder, "dec2": _decoder2, "gen": _generator}
# What the shapes of a file say of its model's size, if it is that network.
_GUESSES: Mapping[str, Mapping[str, Callable[[Shapes], dict[str, Any]]]] = {
    FAMILY_44K: {**_AUTOENCODER, "critic": _critic_44k},
    FAMILY_22K: {**_AUTOENCODER, "critic": _critic_22k, "critic_rec": _reconstructor},
}
_LABELS = {
    "enc": "encoder",
    "enc2": "second encoder",
    "dec": "decoder",
    "dec2": "second decoder",
    "gen": "generator",
    "critic": "critic",
    "critic_rec": "reconstructor",
}


@dataclass(frozen=True)
class Finding:
    """What a file holds.

    Attributes:
        network: as `networks` calls it.
        known: fields of `OfficialSize` that this network tells; the others are unknown.
        layers: of the network on torch's meta device, in the order of the file.
    """

    network: str
    known: Mapping[str, Any]
    module: nn.Module
    layers: list[KerasLayer] = field(repr=False)


def _candidates(shapes: Shapes, likely: str) -> Iterator[Finding]:
    """Every network that the file could hold, if its shapes mean what they do there; the likely one first."""
    pairs = [(family, network) for family, guesses in _GUESSES.items() for network in guesses]
    for family, network in sorted(pairs, key=lambda pair: pair[1] != likely):
        try:
            known = {"family": family, **_GUESSES[family][network](shapes)}
        except (IndexError, TypeError):
            continue
        size = OfficialSize(**known)
        widths = size.hop // 16, size.base // 4, size.depth, size.coordinates
        if min(widths) < 1 or max(widths) > _LARGEST_WIDTH or (size.small and not size.is_44k):
            continue
        with torch.device("meta"):
            module = make_network(network, size)
        yield Finding(network, known, module, keras_layers(module))


def recognise(path: Path, stored: Sequence[StoredLayer], any_order: bool = False) -> Finding:
    """The network that a file holds, every shape compared.

    Args:
        any_order: believe the order of the file even where the names of its layers speak against it.

    Raises:
        UserError: it is none; says what the nearest has that the file has not.
    """
    shapes = [[array.shape for array in layer.arrays] for layer in stored]
    nearest: Finding | None = None
    best = 0.0
    stem = path.stem.removesuffix("_ema")
    for finding in _candidates(shapes, stem):
        expected = [[array.shape for array in keras_arrays(layer)] for layer in finding.layers]
        same = next((i for i, (a, b) in enumerate(zip(shapes, expected, strict=False)) if a != b), len(shapes))
        if shapes == expected:
            if not any_order:
                _check_order(path, stored, finding)
            return finding
        score = same + (0.5 if stem == finding.network else 0)
        if score > best:
            nearest, best = finding, score
    raise UserError(_difference(path, stored, nearest))


def _difference(path: Path, stored: Sequence[StoredLayer], nearest: Finding | None) -> str:
    if nearest is None:
        return f"{path} holds no network of Musika: its {len(stored)} layers are like none of the official ones"
    what = f"the {_LABELS[nearest.network]} of {nearest.known['family']}"
    for number, (layer, expected) in enumerate(zip(stored, nearest.layers, strict=False), 1):
        for array in keras_arrays(expected):
            got = next((a.shape for a in layer.arrays if a.name == array.name), None)
            if got != array.shape:
                place = f"{array.name} of its layer {number} ({layer.name}) has the shape {got}"
                return f"{path} does not hold {what}: {place}, expected {array.shape}"
        if len(layer.arrays) != len(keras_arrays(expected)):
            return f"{path} does not hold {what}: its layer {number} ({layer.name}) has other arrays than expected"
    return f"{path} does not hold {what}: it has {len(stored)} layers with weights, expected {len(nearest.layers)}"


def _parse(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"(conv2d_transpose|conv2d|add_noise|batch_normalization|dense)(?:_(\d{1,9}))?", name)
    return (match[1], int(match[2] or 0)) if match else (name, 0)


def _check_order(path: Path, stored: Sequence[StoredLayer], finding: Finding) -> None:
    """Layers of equal shape could have changed places unnoticed, but for their names: their order must be the usual."""
    had, wanted = [layer.name for layer in stored], [layer.name for layer in finding.layers]
    shuffled = had != wanted and sorted(had) == sorted(wanted)
    pairs = [(_parse(a), _parse(b)) for a, b in zip(had, wanted, strict=True)]
    for kind in {b[0] for _, b in pairs}:
        numbers = [(a[1], b[1]) for a, b in pairs if a[0] == b[0] == kind]
        ranks = [np.argsort(column) for column in zip(*numbers, strict=True)]
        shuffled = shuffled or (len(ranks) == 2 and not np.array_equal(ranks[0], ranks[1]))
    if shuffled:
        raise UserError(
            f"{path}: the layers of the {_LABELS[finding.network]} are not in their order ({', '.join(had[:6])}, ...); "
            "--any-order takes them as they come"
        )


def merge_sizes(findings: Mapping[Path, Finding]) -> OfficialSize:
    """The one size that all files agree on.

    Raises:
        UserError: they belong to different models.
    """
    merged: dict[str, Any] = {}
    origin: dict[str, Path] = {}
    for path, finding in findings.items():
        for name, value in finding.known.items():
            if merged.setdefault(name, value) != value:
                raise UserError(
                    f"{path} and {origin[name]} belong to different models: {name} is {value} in the one and "
                    f"{merged[name]} in the other"
                )
            origin.setdefault(name, path)
    return OfficialSize(**merged)

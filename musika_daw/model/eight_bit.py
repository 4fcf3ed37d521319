"""Weights in eight bits: for every 64 in a row of a layer, the largest becomes 127.

Their error is 45 dB below them or less, and half as much is stored as in half precision.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import pad

SCALE_ENDING = ".scale"
_GROUP = 64
_LARGEST = 127
_SMALLEST_SCALE = 2.0**-24  # the smallest number of half precision: rows of zeros stay zeros


def is_worth_it(tensor: Tensor) -> bool:
    """Whether a tensor is a matrix or kernels of some size; biases and norms are small and matter more."""
    return tensor.is_floating_point() and tensor.dim() >= 2 and tensor.numel() >= 4096


def to_eight_bit(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Rounds a weight `[rows, ...]`.

    Returns:
        int8 of its shape, and the float16 scale of each group, `[rows, groups]`.
    """
    groups = _grouped(weight.float())
    scale = (groups.abs().amax(2) / _LARGEST).clamp(min=_SMALLEST_SCALE).half()
    rounded = (groups / scale.float()[..., None]).round().clamp(-_LARGEST, _LARGEST).to(torch.int8)
    return rounded.flatten(1)[:, : weight[0].numel()].reshape(weight.shape).contiguous(), scale


def from_eight_bit(rounded: Tensor, scale: Tensor) -> Tensor:
    """Gives the weight in single precision.

    Raises:
        ValueError: the scales are not those of such a weight.
    """
    groups = _grouped(rounded.float())
    if scale.shape != groups.shape[:2]:
        raise ValueError(f"scales {list(scale.shape)} do not fit a weight {list(rounded.shape)}")
    whole = groups * scale.float()[..., None]
    return whole.flatten(1)[:, : rounded[0].numel()].reshape(rounded.shape).contiguous()


def stored(weights: Mapping[str, Tensor], eight_bit: bool, prefix: str = "") -> dict[str, Tensor]:
    """What a file holds of a network's weights, `prefix` before their names: half precision, and with `eight_bit` eight
    bits where that is worth it."""
    tensors: dict[str, Tensor] = {}
    for name, weight in weights.items():
        key, value = prefix + name, weight.detach().cpu()
        if eight_bit and is_worth_it(value):
            tensors[key], tensors[key + SCALE_ENDING] = to_eight_bit(value)
        else:
            tensors[key] = value.half() if value.is_floating_point() else value
    return tensors


def read_weights(tensors: Mapping[str, Tensor], prefix: str = "") -> dict[str, Tensor]:
    """Weights of a file whose names begin with `prefix`, without it: in single precision, however they were stored;
    whole numbers as they are.

    Raises:
        KeyError: a weight's scales are missing. ValueError: they do not fit.
    """
    scales = {key + SCALE_ENDING for key, value in tensors.items() if value.dtype == torch.int8}
    weights = {}
    for key, value in tensors.items():
        if not key.startswith(prefix) or key in scales:
            continue
        if value.dtype == torch.int8:
            value = from_eight_bit(value, tensors[key + SCALE_ENDING])
        weights[key.removeprefix(prefix)] = value.float() if value.is_floating_point() else value
    return weights


def _grouped(weight: Tensor) -> Tensor:
    """`[rows, groups, 64]`, filled up with zeros; a short row is one group."""
    rows = weight.flatten(1)
    width = min(_GROUP, rows.shape[1])
    filled: Tensor = pad(rows, (0, -rows.shape[1] % width))
    return filled.reshape(len(rows), -1, width)

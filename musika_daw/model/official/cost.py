"""What a network costs: multiplications and additions, counted layer by layer."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn


def multiply_adds(network: nn.Module, inputs: Tensor) -> int:
    """Of the convolutions and dense layers in one pass over inputs of this shape; nothing is computed."""
    total = 0

    def count(module: nn.Module, seen: tuple[Any, ...], made: Any) -> None:
        nonlocal total
        assert isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear)
        # A transposed convolution uses its weights once for every frame it reads, the others for every frame they make.
        frames = seen[0] if isinstance(module, nn.ConvTranspose1d) else made
        steps = frames.shape[0] * (1 if isinstance(module, nn.Linear) else frames.shape[2])
        total += steps * module.weight.numel()

    weightless = copy.deepcopy(network).to("meta")
    for module in weightless.modules():
        if isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
            module.register_forward_hook(count)
    with torch.no_grad():
        weightless(torch.empty(inputs.shape, device="meta"))
    return total

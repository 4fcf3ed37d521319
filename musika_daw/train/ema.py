"""The running average of weights that is kept: it is sharper and steadier than any single step."""

from __future__ import annotations

import torch
from torch import nn


@torch.no_grad()
def update_ema(average: nn.Module, network: nn.Module, step: int, decay: float = 0.998) -> None:
    """Move `average` towards `network`; faster in the first steps, so that it forgets the random start."""
    share = 1 - min(decay, (step + 1) / (step + 20))
    for kept, new in zip(average.parameters(), network.parameters(), strict=True):
        kept.lerp_(new, share)
    for buffer, current in zip(average.buffers(), network.buffers(), strict=True):
        buffer.copy_(current)

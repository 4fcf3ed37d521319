"""The bricks of every network: convolutions with a finite receptive field, normalised frame by frame."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class FrameNorm(nn.Module):
    """Root mean square over channels of each frame by itself.

    Never over time: statistics over the window would make the receptive field infinite.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x * (self.gain * torch.rsqrt((x * x).mean(1, keepdim=True) + 1e-4))


class Residual(nn.Module):
    """`Tensor[B, C, T]` -> the same shape; starts near the identity, which keeps training at 1e-3 stable."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.norm = FrameNorm(channels)
        self.mix_time = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix_channels = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.mix_channels(F.silu(self.mix_time(self.norm(x))))
        return x + added


class ConditionedResidual(nn.Module):
    """A residual block whose hidden channels are scaled and shifted per frame by conditioning (FiLM).

    `dropout`: share of hidden numbers that are left out in training.
    """

    def __init__(self, channels: int, conditioning: int, dilation: int = 1, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = dropout
        self.norm = FrameNorm(channels)
        self.film = nn.Conv1d(conditioning, 2 * channels, 1)
        self.mix_time = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix_channels = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor, conditioning: Tensor) -> Tensor:
        scale, shift = self.film(conditioning).chunk(2, 1)
        hidden = F.silu(self.mix_time(self.norm(x)) * (1 + scale) + shift)
        added: Tensor = self.mix_channels(F.dropout(hidden, self.dropout, self.training))
        return x + added


def embedding(count: int, width: int) -> nn.Embedding:
    """Makes an embedding; on the meta device without values, for which torch would load its compiler (2 s, 100 MB)."""
    weight = torch.empty(count, width)
    if not weight.is_meta:
        nn.init.normal_(weight)
    return nn.Embedding(count, width, _weight=weight)


def initialise(module: nn.Module) -> None:
    """He-uniform weights, zero biases, the last layer of every residual block at a tenth."""
    for m in module.modules():
        if isinstance(m, nn.Conv1d | nn.Linear):
            nn.init.kaiming_uniform_(m.weight, nonlinearity="relu")
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    with torch.no_grad():
        for m in module.modules():
            if isinstance(m, Residual | ConditionedResidual):
                m.mix_channels.weight *= 0.1
            if isinstance(m, ConditionedResidual):
                m.film.weight *= 0.3


def soft_cap(x: Tensor, top: float) -> Tensor:
    """Like `min(x, top)`, with a gradient everywhere: a hard clamp would kill it."""
    return top - F.softplus(top - x)

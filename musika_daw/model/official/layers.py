"""The bricks of the official networks, `Tensor[B, C, T]` -> `Tensor[B, C', T']`.

Noise comes in as an argument: a function that gives one value a frame, `(batch, frames) -> Tensor[batch, 1, frames]`,
or `None` for none. So whoever calls decides whether a network is reproducible, random or without noise.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Noise = Callable[[int, int], Tensor] | None


class SameConv(nn.Conv1d):
    """A convolution that gives `T / stride` frames of `T`; where the padding is odd, the right side gets more."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, bias: bool = True) -> None:
        left, odd = divmod(max(kernel - stride, 0), 2)
        super().__init__(inputs, outputs, kernel, stride, padding=0 if odd else left, bias=bias)
        self.uneven = (left, left + 1) if odd else None

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, self.uneven) if self.uneven else x)


class Upsample(nn.ConvTranspose1d):
    """`T` -> `2 T` frames."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, 4, stride=2, padding=1)


class AddNoise(nn.Module):
    """Adds one random value a frame to all channels, scaled by a weight that is learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        if noise is None:
            return x
        return x + self.weight * noise(x.shape[0], x.shape[2])


class NoisyConv(nn.Module):
    """Convolution, noise, then (22k) a batch norm, then SiLU: the step of both decoders."""

    def __init__(self, conv: SameConv | Upsample, normalised: bool = False) -> None:
        super().__init__()
        self.conv = conv
        self.noise = AddNoise()
        self.norm = batch_norm(conv.out_channels) if normalised else None

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        hidden: Tensor = self.noise(self.conv(x), noise)
        if self.norm is not None:
            hidden = self.norm(hidden)
        return silu(hidden)


class AdaIn(nn.Module):
    """Spatially aligned adaptive instance norm without shift (paper, section 4.2).

    Every channel is divided by its deviation over the window's frames and multiplied by a map of the embedding.
    """

    def __init__(self, embedding: int, channels: int, epsilon: float) -> None:
        super().__init__()
        self.scale = nn.Conv1d(embedding, channels, 1)
        self.epsilon = epsilon

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        deviation = x.std(2, correction=0, keepdim=True) + self.epsilon
        scale: Tensor = self.scale(embedding)
        return x / deviation * scale


class StyledConv(nn.Module):
    """Convolution, noise, adaptive norm, SiLU: the step of both generators."""

    def __init__(self, conv: SameConv | Upsample, embedding: int, epsilon: float) -> None:
        super().__init__()
        self.conv = conv
        self.noise = AddNoise()
        self.norm = AdaIn(embedding, conv.out_channels, epsilon)

    def forward(self, x: Tensor, embedding: Tensor, noise: Noise) -> Tensor:
        return silu(self.norm(self.noise(self.conv(x), noise), embedding))


def batch_norm(channels: int) -> nn.BatchNorm1d:
    """With the constants of Keras, whose momentum counts the other way round."""
    return nn.BatchNorm1d(channels, eps=1e-3, momentum=0.01)


def silu(x: Tensor) -> Tensor:
    """In place where nobody will want a gradient: activations are a third of the decoder's memory traffic."""
    return F.silu(x, inplace=not (torch.is_grad_enabled() and x.requires_grad))


def leaky(x: Tensor) -> Tensor:
    return F.leaky_relu(x, 0.2)


def pixel_shuffle(x: Tensor) -> Tensor:
    """`[B, C, T]` -> `[B, C / 2, 2 T]`: neighbouring channels become neighbouring frames."""
    batch, channels, frames = x.shape
    return x.view(batch, channels // 2, 2, frames).transpose(2, 3).reshape(batch, channels // 2, 2 * frames)


def pooled(x: Tensor, times: int) -> list[Tensor]:
    """`x`, then `times` versions of it, each with half the frames of the one before."""
    levels = [x]
    for _ in range(times):
        levels.append(F.avg_pool1d(levels[-1], 2))
    return levels


def initialise(network: nn.Module) -> None:
    """He-uniform kernels and zero biases, as the officials start."""
    for module in network.modules():
        if isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
            fan_in = module.weight[0].numel()
            if isinstance(module, nn.ConvTranspose1d):
                # Keras takes the kernel's third axis, here the outputs, for the inputs.
                fan_in = module.out_channels * module.kernel_size[0]
            bound = (6.0 / fan_in) ** 0.5
            nn.init.uniform_(module.weight, -bound, bound)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

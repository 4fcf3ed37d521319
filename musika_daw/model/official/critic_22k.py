"""The critic of the paper's version, and the decoder that rebuilds its input from what it saw (section 4.2)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from musika_daw.model.official.critic_44k import FINAL_FRAMES, CriticBlock
from musika_daw.model.official.layers import SameConv, Upsample, initialise, leaky
from musika_daw.model.official.sizes import OfficialSize


class Critic(nn.Module):
    """Two patches of stereo latents (and conditioning) `[B, critic_inputs, 2 patch]` -> scores and features.

    Scores are `[B]`, features `[B, 8 base, 4]`.

    Its first layer mixes the channels at random and is never trained (Cross Channel Mixing).
    """

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [n * size.base for n in (3, 4, 5, 6, 7, 8)]
        self.mixing = nn.Conv1d(size.critic_inputs, 2 * size.latent_channels, 1, bias=False)
        self.first = SameConv(2 * size.latent_channels, c[0], 3, 2)
        self.blocks = nn.ModuleList(CriticBlock(c[i], c[i + 1], 3, 1 if i == 4 else 3, skip=True) for i in range(5))
        self.dense = nn.Linear(FINAL_FRAMES * c[5], 1)
        initialise(self)
        self.mixing.requires_grad_(False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        features = leaky(self.first(self.mixing(x)))
        for block in self.blocks:
            features = block(features)
        score: Tensor = self.dense(features.transpose(1, 2).flatten(1))
        return score[:, 0], features


class Reconstructor(nn.Module):
    """Features of the critic `[B, 8 base, 4]` -> the latents it saw `[B, latent_channels, 2 patch]`."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        widths = [8 * size.base, *(n * size.base // 2 for n in (8, 7, 6, 5, 4, 3))]
        self.layers = nn.ModuleList(Upsample(a, b) for a, b in pairwise(widths))
        self.last = nn.Conv1d(widths[-1], size.latent_channels, 1)
        initialise(self)

    def forward(self, features: Tensor) -> Tensor:
        for layer in self.layers:
            features = leaky(layer(features))
        return torch.tanh(self.last(features))

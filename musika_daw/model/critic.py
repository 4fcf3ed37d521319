"""Critics: networks that are only needed in training."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.bricks import initialise
from musika_daw.model.conditioning import CONDITIONING
from musika_daw.model.generator import LATENTS


class SpectrogramCritic(nn.Module):
    """Judges log spectrograms `Tensor[B, bins, T]` -> `Tensor[B, T / 8]`, one verdict per stretch."""

    def __init__(self, bins: int, width: int = 192) -> None:
        super().__init__()
        self.first = nn.Conv1d(bins, width, 1)
        self.layers = nn.ModuleList(nn.Conv1d(width, width, 4, stride=2, padding=1) for _ in range(3))
        self.last = nn.Conv1d(width, 1, 3, padding=1)
        initialise(self)

    def forward(self, spectrogram: Tensor) -> Tensor:
        hidden = self.first(spectrogram)
        for layer in self.layers:
            hidden = layer(F.leaky_relu(hidden, 0.2))
        verdict: Tensor = self.last(F.leaky_relu(hidden, 0.2))[:, 0]
        return torch.clamp(verdict, -10, 10)


class LatentCritic(nn.Module):
    """Judges scaled latents together with their conditioning (paper, section 3.2): `[B, LATENTS, T]` -> `[B]`."""

    def __init__(self, width: int = 160) -> None:
        super().__init__()
        self.first = nn.Conv1d(LATENTS + CONDITIONING, width, 3, padding=1)
        self.layers = nn.ModuleList(nn.Conv1d(width, width, 4, stride=2, padding=1) for _ in range(4))
        self.last = nn.Conv1d(width, 1, 3, padding=1)
        initialise(self)

    def forward(self, latents: Tensor, conditioning: Tensor) -> Tensor:
        hidden = self.first(torch.cat([latents, conditioning], 1))
        for layer in self.layers:
            hidden = layer(F.leaky_relu(hidden, 0.2))
        verdict: Tensor = self.last(F.leaky_relu(hidden, 0.2)).mean((1, 2))
        return verdict

"""The generator: latents of all four stems at once, from the pattern, the controls, coordinates and style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.autoencoder import LATENT
from musika_daw.model.bricks import ConditionedResidual, FrameNorm, initialise
from musika_daw.model.conditioning import CONDITIONING
from musika_daw.model.coordinates import STREAM_LATENTS, keyed_generator
from musika_daw.music.notes import STEMS

LATENTS = LATENT * len(STEMS)
NOISE_BLOCK = 64  # frames drawn at once: a place in the song always gets the same noise


@dataclass(frozen=True)
class GeneratorSize:
    width: int = 256
    conditioning: int = 192
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2, 4, 1)


class Generator(nn.Module):
    """Noisy latents `[B, LATENTS, T]`, times `[B]`, conditioning `[B, CONDITIONING, T]` -> clean latents.

    Latents are scaled to unit variance (`mean` and `scale` are kept in the file).
    """

    def __init__(self, size: GeneratorSize = GeneratorSize()) -> None:
        super().__init__()
        self.size = size
        self.embed = nn.Sequential(
            nn.Conv1d(CONDITIONING + 1, 2 * size.conditioning, 1),
            nn.SiLU(),
            nn.Conv1d(2 * size.conditioning, size.conditioning, 3, padding=1),
            nn.SiLU(),
        )
        self.first = nn.Conv1d(LATENTS + size.conditioning, size.width, 3, padding=1)
        self.blocks = nn.ModuleList(ConditionedResidual(size.width, size.conditioning, d) for d in size.dilations)
        self.last = nn.Sequential(FrameNorm(size.width), nn.Conv1d(size.width, LATENTS, 1))
        self.mean: Tensor
        self.scale: Tensor
        self.register_buffer("mean", torch.zeros(LATENTS))
        self.register_buffer("scale", torch.ones(LATENTS))
        initialise(self)

    def forward(self, noisy: Tensor, t: Tensor, conditioning: Tensor) -> Tensor:
        time = (2 * t - 1)[:, None, None].expand(-1, 1, noisy.shape[2])
        embedded = self.embed(torch.cat([conditioning, time], 1))
        hidden = self.first(torch.cat([noisy, embedded], 1))
        for block in self.blocks:
            hidden = block(hidden, embedded)
        clean: Tensor = self.last(hidden)
        return clean

    def to_latents(self, scaled: Tensor) -> Tensor:
        """Unit-variance sample -> bounded latents `[B, LATENTS, T]`."""
        return (scaled * self.scale[:, None] + self.mean[:, None]).clamp(-1.0, 1.0)


def latent_noise(seed: int, first_frame: int, frames: int) -> NDArray[np.float32]:
    """Noise of frames `[first_frame, first_frame + frames)`, `[LATENTS, frames]`, a function of the position."""
    first, last = first_frame // NOISE_BLOCK, (first_frame + frames - 1) // NOISE_BLOCK
    blocks = [
        keyed_generator(seed, STREAM_LATENTS, block).standard_normal((LATENTS, NOISE_BLOCK), np.float32)
        for block in range(first, last + 1)
    ]
    offset = first_frame - first * NOISE_BLOCK
    return np.concatenate(blocks, 1)[:, offset : offset + frames]

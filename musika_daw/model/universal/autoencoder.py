"""Features to latents and back: a linear code that keeps most, and networks that add to it what it misses.

The linear code is a principal component analysis of the features of music. Its leading components are scaled towards
each other and mixed by a rotation, so that all latents have about the same, bell-shaped distribution; a soft bound
keeps them within `BOUND`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from musika_daw.model.bricks import FrameNorm, Residual, initialise
from musika_daw.model.universal.layout import FEATURES

BOUND = 4.0


@dataclass(frozen=True)
class UniversalSize:
    """What a trained file must be rebuilt with.

    Attributes:
        latents: numbers per latent frame.
        components: principal components that networks see and correct.
        width: channels of the networks.
        encoder: residual blocks of the encoder.
        decoder: residual blocks of the decoder.
    """

    latents: int = 256
    components: int = 768
    width: int = 384
    encoder: int = 4
    decoder: int = 6


class UniversalAutoencoder(nn.Module):
    """Features of latent frames `[B, FEATURES, T]` -> latents `[B, latents, T]` -> features.

    `encode` looks `size.encoder` latent frames to either side, `decode` `size.decoder`.
    """

    def __init__(self, size: UniversalSize) -> None:
        super().__init__()
        self.size = size
        self.mean = nn.Parameter(torch.zeros(FEATURES), requires_grad=False)
        self.basis = nn.Parameter(torch.zeros(FEATURES, size.components), requires_grad=False)
        self.deviations = nn.Parameter(torch.ones(size.components), requires_grad=False)
        self.mixing = nn.Parameter(torch.eye(size.latents), requires_grad=False)
        self.mixing_back = nn.Parameter(torch.eye(size.latents), requires_grad=False)
        self.encoder = self._network(size.components, size.latents, size.encoder)
        self.decoder = self._network(size.latents, size.components, size.decoder)

    def _network(self, inputs: int, outputs: int, blocks: int) -> nn.Sequential:
        width = self.size.width
        network = nn.Sequential(
            nn.Conv1d(inputs, width, 1),
            *(Residual(width) for _ in range(blocks)),
            FrameNorm(width),
            nn.Conv1d(width, outputs, 1),
        )
        initialise(network)
        last = network[-1]
        assert isinstance(last, nn.Conv1d)
        nn.init.zeros_(last.weight)
        return network

    @torch.no_grad()
    def set_linear_code(self, mean: Tensor, basis: Tensor, deviations: Tensor, seed: int = 0) -> None:
        """Take the principal components of music: mean `[FEATURES]`, basis `[FEATURES, components]`, deviations."""
        self.mean.copy_(mean)
        self.basis.copy_(basis)
        self.deviations.copy_(deviations)
        leading = deviations[: self.size.latents]
        scale = leading.sqrt() * leading.mean().sqrt()
        draw = torch.randn(self.size.latents, self.size.latents, generator=torch.Generator().manual_seed(seed))
        rotation = torch.linalg.qr(draw)[0]
        self.mixing.copy_(rotation / scale)
        self.mixing_back.copy_(rotation.T * scale[:, None])

    def components(self, features: Tensor) -> Tensor:
        """`[B, FEATURES, T]` -> principal components `[B, components, T]`."""
        return ((features.transpose(1, 2) - self.mean) @ self.basis).transpose(1, 2)

    def features(self, components: Tensor) -> Tensor:
        """Principal components `[B, components, T]` -> `[B, FEATURES, T]`."""
        return (components.transpose(1, 2) @ self.basis.T + self.mean).transpose(1, 2)

    def encode_components(self, components: Tensor) -> Tensor:
        """Principal components -> latents."""
        leading = components[:, : self.size.latents].transpose(1, 2) @ self.mixing.T
        added = self.encoder(components / self.deviations[:, None])
        latents: Tensor = BOUND * torch.tanh((leading.transpose(1, 2) + added) / BOUND)
        return latents

    def decode_components(self, latents: Tensor) -> Tensor:
        """Latents -> principal components."""
        free = BOUND * torch.atanh((latents / BOUND).clamp(-0.999, 0.999))
        leading = (free.transpose(1, 2) @ self.mixing_back.T).transpose(1, 2)
        rest = self.size.components - self.size.latents
        added: Tensor = self.decoder(latents) * self.deviations[:, None]
        return nn.functional.pad(leading, (0, 0, 0, rest)) + added

    def encode(self, features: Tensor) -> Tensor:
        """Features -> latents."""
        return self.encode_components(self.components(features))

    def decode(self, latents: Tensor) -> Tensor:
        """Latents -> features."""
        return self.features(self.decode_components(latents))

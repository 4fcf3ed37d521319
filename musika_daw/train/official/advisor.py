"""Networks that learn beside the critic, and tell the generator more than one verdict on half a minute can."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn


class Advisor(Protocol):
    """A network that is trained with the GAN, and what it tells the generator."""

    name: str  # in checkpoints

    @property
    def network(self) -> nn.Module: ...

    @property
    def adam(self) -> torch.optim.Optimizer: ...

    def advise(self, real: Tensor, made: Tensor, conditions: Tensor | None) -> tuple[Tensor, dict[str, float]]:
        """Take a step of its own; returns what to add to the generator's loss, and figures.

        Args:
            real: latents `[B, latent_channels, T]`, without gradient.
            made: those of the generator, through which the advice reaches it.
            conditions: of both, `[B, conditions, T]`.
        """
        ...


def blurred(latents: Tensor, share: float, adam: torch.optim.Optimizer, stream: int = 0) -> Tensor:
    """Latents with noise that is this step's own: a training that was stopped goes on with the same.

    Args:
        share: deviation of the noise; that of latents is about 0.5.
        stream: another number, other noise.
    """
    done = max((int(state["step"]) for state in adam.state.values()), default=0)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(2 * done + stream))
    return latents + share * noise.to(latents.device)

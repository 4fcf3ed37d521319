"""What critic and generator are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


def critic_hinge(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Hinge losses of the critic on scores `[B]` of real and made latents."""
    return F.relu(1 - real).mean(), F.relu(1 + fake).mean()


def generator_hinge(fake: Tensor) -> Tensor:
    return -fake.mean()


def _squared_slopes(scores: Tensor, real: Tensor) -> Tensor:
    """Squared length of the scores' gradient for each item, `[B]`; itself differentiable."""
    (slopes,) = torch.autograd.grad(scores.sum(), real, create_graph=True)
    return slopes.square().flatten(1).sum(1)


def zero_centred_penalty(scores: Tensor, real: Tensor) -> Tensor:
    """R1: mean squared slope of the critic on real latents; `real` must require a gradient."""
    return _squared_slopes(scores, real).mean()


def one_centred_penalty(scores: Tensor, real: Tensor) -> Tensor:
    """What the paper's code calls a penalty: slopes are drawn to one, not to zero."""
    return (torch.sqrt(_squared_slopes(scores, real) + 1e-6) - 1).square().mean()


def reconstruction_error(rebuilt: Tensor, real: Tensor) -> Tensor:
    """Squared error of `[B, C, T]`, summed over channels and averaged over the rest."""
    return (rebuilt - real).square().sum(1).mean() + 1e-7


@dataclass(frozen=True)
class AdaptiveR1:
    """The weight of the R1 penalty, which finds itself: it rises while the critic is sure, and falls while it is not.

    Attributes:
        value: -1 (full weight) to 0 (none).
    """

    value: float = -1.0
    step: float = 1e-4

    @property
    def weight(self) -> float:
        """Share of the full penalty."""
        return -self.value

    def after(self, gap: float) -> AdaptiveR1:
        """The switch of the next step, from how far the mean scores of real and made latents lie apart."""
        sureness = min(max(gap, 0.0), 2.0) / 2
        moved = self.value - self.step if sureness > 0.9 else self.value + self.step
        return AdaptiveR1(min(max(moved, -1.0), 0.0), self.step)

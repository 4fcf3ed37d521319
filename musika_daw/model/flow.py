"""Rectified flow that predicts the clean sample: how both generators are trained and played.

Between noise x0 and data x lies x_t = (1 - t) x0 + t x. The network sees x_t, t and the conditioning and answers
with x; the velocity is (x_hat - x_t) / (1 - t). Predicting x instead of the velocity lets a net that is narrower
than its data stay free of grain. Noise comes from the caller, so a sample is a function of it.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

CLOSEST = 0.1  # 1 - t is not divided by less: the last steps would drown all others in the loss

Predict = Callable[[Tensor, Tensor], Tensor]


def flow_loss(predict: Predict, data: Tensor, weight: Tensor | None = None) -> Tensor:
    """Mean squared error of the velocity, `data` of unit scale `[B, C, T]`; noise and times from torch's generator."""
    # Later times more often: that is where a sample becomes sharp.
    t = torch.sigmoid(0.4 + 1.2 * torch.randn(len(data), device=data.device))
    column = t[:, None, None]
    noisy = (1 - column) * torch.randn_like(data) + column * data
    error = ((predict(noisy, t) - data) / (1 - column).clamp(min=CLOSEST)) ** 2
    return error.mean() if weight is None else (error * weight).mean()


def flow_sample(predict: Predict, noise: Tensor, steps: int, known: Tensor | None = None) -> Tensor:
    """Noise -> sample in `steps` evenly spaced Euler steps.

    `known`: values that are given, NaN elsewhere, of the shape of `noise`; the sample keeps them and fits the rest
    to them.
    """
    x = noise
    given = None if known is None else ~torch.isnan(known)
    for i in range(steps):
        t = i / steps
        if given is not None and known is not None:
            x = torch.where(given, (1 - t) * noise + t * known, x)
        clean = predict(x, torch.full((len(noise),), t, device=noise.device))
        x = x + (clean - x) / (steps * (1 - t))
    return x if given is None or known is None else torch.where(given, known, x)

"""Adam as Keras computes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

EPSILON = 1e-7


class KerasAdam(torch.optim.Adam):
    """Keras adds its epsilon before the second moment is freed of its bias, torch after: here it is as in Keras."""

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float, beta1: float) -> None:
        super().__init__(parameters, lr=rate, betas=(beta1, 0.999), eps=EPSILON)

    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            done = max((int(self.state[p]["step"]) for p in group["params"] if p in self.state), default=0)
            group["eps"] = EPSILON / (1 - group["betas"][1] ** (done + 1)) ** 0.5
        return super().step(closure)

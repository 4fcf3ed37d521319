"""Guidance: the generator is also taught to make the density, tempo and beats it is asked for.

A critic that sees the conditioning learns only late that it matters. Here a small network learns to read the
conditioning off real latents, and the generator is told how far what it made reads otherwise.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.official.advisor import blurred
from musika_daw.train.official.reader import ConditionReader

_BLUR = 0.1  # the reader must not live on subtleties


class Guidance:
    """An advisor.

    Args:
        weight: of the squared error of the conditioning read, beside the critic's verdict.
    """

    name = "reader"

    def __init__(
        self, size: OfficialSize, weight: float, rate: float, device: torch.device, world: World = ALONE
    ) -> None:
        self.weight = weight
        self.network = ConditionReader(size.latent_channels, size.conditions).to(device)
        self.adam = torch.optim.Adam(self.network.parameters(), rate)
        self._read = world.parallel(self.network)

    def advise(self, real: Tensor, made: Tensor, conditions: Tensor | None) -> tuple[Tensor, dict[str, float]]:
        assert conditions is not None
        read = F.mse_loss(self._read(blurred(real, _BLUR, self.adam)), conditions)
        self.adam.zero_grad()
        read.backward()
        self.adam.step()
        obeyed = F.mse_loss(self.network(made), conditions)
        return self.weight * obeyed, {"read": float(read.detach()), "obeyed": float(obeyed.detach())}

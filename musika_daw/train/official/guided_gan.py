"""The latent GAN, its generator also taught to make the density, tempo and beats it is asked for.

A critic that sees the conditioning learns only late that it matters. Here a small network learns to read the
conditioning off real latents, and the generator is told how far what it made reads otherwise.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.official.layers import Noise
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.official.coordinates import join_patches
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.reader import ConditionReader

_READER_RATE = 1e-3
_BLUR = 0.1  # noise on what the reader learns from, against a spread of about 0.5: it must not live on subtleties


class GuidedGan(LatentGan):
    """
    Args:
        guidance: weight of the squared error of the conditioning read, beside the critic's verdict.
    """

    def __init__(
        self,
        size: OfficialSize,
        settings: GanSettings,
        guidance: float,
        device: torch.device | None = None,
        world: World = ALONE,
    ) -> None:
        super().__init__(size, settings, device, world)
        self.guidance = guidance
        self.reader = ConditionReader(size.latent_channels, size.conditions).to(self.device)
        self.reader_adam = torch.optim.Adam(self.reader.parameters(), _READER_RATE)
        self._read = world.parallel(self.reader)
        self._made: Tensor | None = None
        make = self._make

        def remember(inputs: Tensor, noise: Noise) -> Tensor:
            self._made = make(inputs, noise)
            return self._made

        self._make = remember  # type: ignore[assignment]

    def losses(
        self, real: Tensor, inputs: Tensor, noise: Noise, conditions: Tensor | None = None
    ) -> tuple[Tensor, Tensor, dict[str, float]]:
        """As of every latent GAN; the reader takes a step of its own on the real latents."""
        assert conditions is not None and self.guidance > 0
        read = F.mse_loss(self._read(real + _BLUR * torch.randn_like(real)), conditions)
        self.reader_adam.zero_grad()
        read.backward()
        self.reader_adam.step()
        critic_loss, generator_loss, figures = super().losses(real, inputs, noise, conditions)
        assert self._made is not None
        obeyed = F.mse_loss(self.reader(join_patches(self._made)), conditions)
        self._made = None
        told = {"read": float(read.detach()), "obeyed": float(obeyed.detach())}
        return critic_loss, generator_loss + self.guidance * obeyed, {**figures, **told}

    def trained(self) -> dict[str, nn.Module]:
        return {**super().trained(), "reader": self.reader}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {**super().optimizers(), "reader": self.reader_adam}

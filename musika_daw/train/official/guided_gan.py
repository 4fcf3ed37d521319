"""The latent GAN, its generator also taught to make the density, tempo and beats it is asked for.

A critic that sees the conditioning learns only late that it matters. Here a small network learns to read the
conditioning off real latents, and the generator is told how far what it made reads otherwise.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.reader import ConditionReader

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
        self.reader_adam = torch.optim.Adam(self.reader.parameters(), settings.rate)
        self._read = world.parallel(self.reader)

    def _judged(self, real: Tensor, made: Tensor, conditions: Tensor | None) -> tuple[Tensor, Tensor, dict[str, float]]:
        """As of every latent GAN; the reader takes a step of its own on the real latents."""
        assert conditions is not None and self.guidance > 0
        read = F.mse_loss(self._read(self._blurred(real.detach())), conditions)
        self.reader_adam.zero_grad()
        read.backward()
        self.reader_adam.step()
        critic_loss, generator_loss, figures = super()._judged(real, made, conditions)
        obeyed = F.mse_loss(self.reader(made), conditions)
        told = {"read": float(read.detach()), "obeyed": float(obeyed.detach())}
        return critic_loss, generator_loss + self.guidance * obeyed, {**figures, **told}

    def _blurred(self, real: Tensor) -> Tensor:
        """With noise that is this step's own: a training that was stopped goes on with the same."""
        done = max((int(state["step"]) for state in self.reader_adam.state.values()), default=0)
        noise = torch.randn(real.shape, generator=torch.Generator().manual_seed(done))
        return real + _BLUR * noise.to(real.device)

    def trained(self) -> dict[str, nn.Module]:
        return {**super().trained(), "reader": self.reader}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {**super().optimizers(), "reader": self.reader_adam}

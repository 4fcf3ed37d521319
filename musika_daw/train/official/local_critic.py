"""A critic of short stretches: a verdict on every fourth latent instead of one on all.

The paper's critic says one number about half a minute, from which a generator learns over a million steps what a note
is. In a short training the generator needs to be told where.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from musika_daw.model.official.layers import leaky
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.official.advisor import blurred
from musika_daw.train.official.losses import critic_hinge, generator_hinge

_BLUR = 0.1  # on what it sees: the distributions overlap, and it cannot live on what nobody hears
_WIDTH = 192
_FIRST_DECAY = 0.5


class LocalCritic(nn.Module):
    """Latents and conditioning `[B, critic_inputs, T]` -> verdicts `[B, T / 4]`, each on some thirty latents."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        widths = (size.critic_inputs, _WIDTH, _WIDTH, 2 * _WIDTH, 2 * _WIDTH)
        strides, kernels = (1, 2, 2, 1), (3, 4, 4, 3)
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv1d(widths[i], widths[i + 1], kernels[i], strides[i], 1)) for i in range(4)
        )
        self.last = spectral_norm(nn.Conv1d(widths[-1], 1, 3, padding=1))

    def forward(self, latents: Tensor) -> Tensor:
        hidden = latents
        for layer in self.layers:
            hidden = leaky(layer(hidden))
        verdicts: Tensor = self.last(hidden)[:, 0]
        return verdicts


class LocalJudge:
    """An advisor.

    Args:
        weight: of its verdict, beside the critic's.
    """

    name = "local critic"

    def __init__(
        self, size: OfficialSize, weight: float, rate: float, device: torch.device, world: World = ALONE
    ) -> None:
        self.weight = weight
        self.network = LocalCritic(size).to(device)
        self.adam = torch.optim.Adam(self.network.parameters(), rate, (_FIRST_DECAY, 0.999))
        self._judge = world.parallel(self.network)

    def advise(self, real: Tensor, made: Tensor, conditions: Tensor | None) -> tuple[Tensor, dict[str, float]]:
        seen = [blurred(real, _BLUR, self.adam), blurred(made, _BLUR, self.adam, 1)]
        if conditions is not None:
            seen = [torch.cat([latents, conditions], 1) for latents in seen]
        on_real, on_made = critic_hinge(*self._judge(torch.cat([seen[0], seen[1].detach()])).chunk(2))
        judged = on_real + on_made
        self.adam.zero_grad()
        judged.backward()
        self.adam.step()
        fooled = generator_hinge(self.network(seen[1]))
        return self.weight * fooled, {"local": float(judged.detach()), "local_fooled": float(fooled.detach())}

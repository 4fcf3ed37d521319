"""The critic of the 44.1 kHz version."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.official.layers import SameConv, initialise, leaky
from musika_daw.model.official.sizes import OfficialSize

_HALF_POWER = 0.5**0.5
FINAL_FRAMES = 4


class CriticBlock(nn.Module):
    """Two convolutions beside a pooled skip connection: `[B, C, T]` -> `[B, D, T / 2]`."""

    def __init__(self, inputs: int, outputs: int, kernel: int, first_kernel: int, skip: bool) -> None:
        super().__init__()
        self.first = SameConv(inputs, inputs, first_kernel)
        self.second = SameConv(inputs, outputs, kernel, 2)
        self.skip = nn.Conv1d(inputs, outputs, 1, bias=False) if skip else None

    def forward(self, x: Tensor) -> Tensor:
        hidden = leaky(self.first(x)) * _HALF_POWER
        hidden = leaky(self.second(hidden)) * _HALF_POWER
        skipped = F.avg_pool1d(x, 2)
        if self.skip is not None:
            skipped = self.skip(skipped)
        return hidden + skipped


class Critic(nn.Module):
    """Two patches of stereo latents (and conditioning) `[B, critic_inputs, 2 patch]` -> one score each, `[B]`."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [n * size.base for n in (3, 4, 5, 6, 7)]
        self.first = SameConv(size.critic_inputs, c[0], 4, 2)
        blocks = [CriticBlock(c[i], c[i + 1], 4, 4, skip=True) for i in range(4)]
        if not size.small:
            blocks.append(CriticBlock(c[4], c[4], 4, 1, skip=False))
        self.blocks = nn.ModuleList(blocks)
        self.last = SameConv(c[4], c[4], 3)
        self.dense = nn.Linear(FINAL_FRAMES * c[4], 1)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        hidden = leaky(self.first(x))
        for block in self.blocks:
            hidden = block(hidden)
        hidden = leaky(self.last(hidden))
        score: Tensor = self.dense(hidden.transpose(1, 2).flatten(1))
        return score[:, 0]

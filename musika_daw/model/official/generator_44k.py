"""The generator of the 44.1 kHz version: residual blocks whose skip connections shuffle channels into frames."""

from __future__ import annotations

from torch import Tensor, nn

from musika_daw.model.official.layers import (
    AdaIn,
    AddNoise,
    Noise,
    SameConv,
    StyledConv,
    Upsample,
    initialise,
    pixel_shuffle,
    pooled,
    silu,
)
from musika_daw.model.official.sizes import OfficialSize

_EPSILON = 1e-5
_HALF_POWER = 0.5**0.5
START_FRAMES = 4


class Block(nn.Module):
    """Two styled convolutions beside a skip connection; doubles the frames unless `flat`."""

    def __init__(self, inputs: int, outputs: int, embedding: int, flat: bool = False) -> None:
        super().__init__()
        self.flat = flat
        first = SameConv(inputs, outputs, 1) if flat else Upsample(inputs, outputs)
        self.first = StyledConv(first, embedding, _EPSILON)
        self.second = StyledConv(SameConv(outputs, outputs, 1 if flat else 4), embedding, _EPSILON)
        self.skip = nn.Conv1d(inputs if flat else inputs // 2, outputs, 1)

    def forward(self, x: Tensor, embedding: Tensor, noise: Noise) -> Tensor:
        hidden = self.first(x, embedding, noise) * _HALF_POWER
        hidden = self.second(hidden, embedding, noise) * _HALF_POWER
        added: Tensor = hidden + self.skip(x if self.flat else pixel_shuffle(x))
        return added


class Generator(nn.Module):
    """Coordinates and style of a patch `[B, inputs, patch]` -> latents `[B, latent_channels, patch]`.

    Of each stem they are left, then right.
    """

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [n * size.base for n in (7, 6, 5, 4, 3, 2)]
        self.size = size
        self.halvings = 5 if size.small else 6
        coarsest = size.patch >> self.halvings
        self.dense = nn.Linear(coarsest * size.inputs, START_FRAMES * c[0])
        self.noise = AddNoise()
        self.norm = AdaIn(size.inputs, c[0], _EPSILON)
        self.blocks = nn.ModuleList(Block(c[i], c[i + 1], size.inputs, flat=size.small and i == 0) for i in range(4))
        self.up = StyledConv(Upsample(c[4], c[5]), size.inputs, _EPSILON)
        self.last = SameConv(c[5], size.latent_channels, 4)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> Tensor:
        levels = pooled(x, self.halvings)
        # Dense layers see time outside, channels inside.
        start: Tensor = self.dense(levels[-1].transpose(1, 2).flatten(1))
        hidden = start.view(x.shape[0], START_FRAMES, -1).transpose(1, 2)
        hidden = silu(self.norm(self.noise(hidden, noise), levels[4 if self.size.small else 5]))
        for block, embedding in zip(self.blocks, levels[4:0:-1], strict=True):
            hidden = block(hidden, embedding, noise)
        latents: Tensor = self.last(self.up(hidden, levels[0], noise))
        return latents

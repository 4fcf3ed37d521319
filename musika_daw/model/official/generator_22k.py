"""The generator of the paper's version: FastGAN's skip-layer excitation instead of residual blocks (section 4.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import (
    AdaIn,
    AddNoise,
    Noise,
    SameConv,
    StyledConv,
    Upsample,
    initialise,
    pooled,
    silu,
)
from musika_daw.model.official.sizes import OfficialSize

_EPSILON = 1e-7
START_FRAMES = 4


class Excite(nn.Module):
    """Gains of a fine layer's channels, 0 to 1, from the time mean of a coarse one: `[B, C, T]` -> `[B, D, 1]`."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv1d(inputs, outputs, 1)
        self.excite = nn.Conv1d(outputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.excite(silu(self.squeeze(x.mean(2, keepdim=True)))))


class Generator(nn.Module):
    """Coordinates and style of a patch `[B, inputs, patch]` -> latents `[B, latent_channels, patch]`.

    Of each stem they are left, then right.
    """

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [n * size.base for n in (7, 6, 5, 4, 3, 2)]
        self.dense = nn.Linear(size.patch // 64 * size.inputs, START_FRAMES * c[0])
        self.noise = AddNoise()
        self.norm = AdaIn(size.inputs, c[0], _EPSILON)

        def styled(conv: SameConv | Upsample) -> StyledConv:
            return StyledConv(conv, size.inputs, _EPSILON)

        self.ups = nn.ModuleList(styled(Upsample(c[i], c[i + 1])) for i in range(5))
        self.convs = nn.ModuleList(styled(SameConv(c[i + 1], c[i + 1], k)) for i, k in enumerate((1, 3, 3, 3)))
        self.excite_ups = nn.ModuleList((Excite(c[1], c[3]), Excite(c[2], c[4])))
        self.excite_convs = nn.ModuleList((Excite(c[1], c[3]), Excite(c[2], c[4])))
        self.last = nn.Conv1d(c[5], size.latent_channels, 1)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> Tensor:
        levels = pooled(x, 6)
        start: Tensor = self.dense(levels[6].transpose(1, 2).flatten(1))
        hidden = start.view(x.shape[0], START_FRAMES, -1).transpose(1, 2)
        hidden = silu(self.norm(self.noise(hidden, noise), levels[5]))
        gains_up, gains_conv = [], []
        for step in range(4):
            embedding = levels[4 - step]
            hidden = self.ups[step](hidden, embedding, noise)
            if step < 2:
                gains_up.append(self.excite_ups[step](hidden))
            else:
                hidden = hidden * gains_up[step - 2]
            hidden = self.convs[step](hidden, embedding, noise)
            if step < 2:
                gains_conv.append(self.excite_convs[step](hidden))
            else:
                hidden = hidden * gains_conv[step - 2]
        hidden = self.ups[4](hidden, levels[0], noise)
        return torch.tanh(self.last(hidden))

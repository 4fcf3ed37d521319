"""A reader of conditioning: density, tempo and beat phase at each latent, told from the latents alone."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from musika_daw.model.official.layers import leaky

_WIDTH, _KERNEL = 96, 5


class ConditionReader(nn.Module):
    """Latents `[B, channels, T]` -> conditioning `[B, conditions, T]`."""

    def __init__(self, channels: int, conditions: int) -> None:
        super().__init__()
        widths = (channels, _WIDTH, _WIDTH)
        self.layers = nn.ModuleList(nn.Conv1d(a, b, _KERNEL, padding=_KERNEL // 2) for a, b in pairwise(widths))
        # Density is smoothed over half a second, a beat lasts as long: so far, at least, the last layer looks.
        self.last = nn.Conv1d(_WIDTH, conditions, 4 * _KERNEL + 1, padding=2 * _KERNEL)

    def forward(self, latents: Tensor) -> Tensor:
        hidden = latents
        for layer in self.layers:
            hidden = leaky(layer(hidden))
        read: Tensor = self.last(hidden)
        return read

"""A reader of density: how many notes begin around each latent, told from the latents alone."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from musika_daw.model.official.layers import leaky

_WIDTH, _KERNEL = 96, 5


class DensityReader(nn.Module):
    """Latents `[B, channels, T]` -> density `[B, 1, T]` on the scale of the conditioning, -1..1."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        widths = (channels, _WIDTH, _WIDTH)
        self.layers = nn.ModuleList(nn.Conv1d(a, b, _KERNEL, padding=_KERNEL // 2) for a, b in pairwise(widths))
        # The labels' kernel is half a second wide: so far the last layer looks.
        self.last = nn.Conv1d(_WIDTH, 1, 4 * _KERNEL + 1, padding=2 * _KERNEL)

    def forward(self, latents: Tensor) -> Tensor:
        hidden = latents
        for layer in self.layers:
            hidden = leaky(layer(hidden))
        density: Tensor = self.last(hidden)
        return density

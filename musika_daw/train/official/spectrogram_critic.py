"""The critic of the paper's autoencoders: two-dimensional, since its speed does not matter when playing."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from musika_daw.model.official.layers import leaky


class SpectrogramCritic(nn.Module):
    """Judges log spectrograms `[B, bins, T]` -> `[B, bins / 16, T / 16]`, one verdict for each region.

    The paper names its kind (two-dimensional convolutions with spectral norm, section 4.1) and leaves the sizes open.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = [1, width, 2 * width, 4 * width, 8 * width]
        self.layers = nn.ModuleList(spectral_norm(nn.Conv2d(a, b, 4, 2, 1)) for a, b in pairwise(widths))
        self.last = spectral_norm(nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, spectrogram: Tensor) -> Tensor:
        hidden = spectrogram[:, None]
        for layer in self.layers:
            hidden = leaky(layer(hidden))
        verdicts: Tensor = self.last(hidden)[:, 0]
        return verdicts

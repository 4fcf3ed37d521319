"""The autoencoder of the official family as a whole: one level, or two with the first one frozen (section 4.1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import Noise
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.official.coordinates import join_patches, split_patches


class StackedAutoencoder(nn.Module):
    """Log spectrograms of two units `[B, bins, 128]` -> magnitudes, and from phase 2 on phases, of the same shape.

    Units are coded by themselves, so a critic that sees both hears whether they fit together.

    Args:
        level: 1 trains `enc` and `dec`, 2 trains `enc2` and `dec2` on top of them.
        phase: 1 trains encoder and decoder, 2 the decoder alone.
    """

    def __init__(self, size: OfficialSize, level: int, phase: int) -> None:
        super().__init__()
        self.size, self.level, self.phase = size, level, phase
        names = ("enc", "dec", "enc2", "dec2")[: 2 * level]
        self.networks = nn.ModuleDict({name: make_network(name, size) for name in names})
        self.trained = names[2 * level - 1 :] if phase == 2 else names[2 * level - 2 :]
        for name, network in self.networks.items():
            network.requires_grad_(name in self.trained)
        self.train()

    def train(self, mode: bool = True) -> StackedAutoencoder:
        """What is frozen keeps its batch norms too."""
        super().train(mode)
        for name, network in self.networks.items():
            network.train(mode and name in self.trained)
        return self

    @property
    def has_phases(self) -> bool:
        """Whether its phases mean anything: not before the first level has been through phase 2."""
        return (self.level, self.phase) != (1, 1)

    def forward(self, spectrogram: Tensor, noise: Noise = None) -> tuple[Tensor, ...]:
        units = split_patches(self.networks["enc"](spectrogram))
        if self.level == 2:
            units = self.networks["dec2"](self.networks["enc2"](units), noise)
        return self._decoded(units, noise)

    @torch.no_grad()
    def first_level(self, spectrogram: Tensor, noise: Noise = None) -> tuple[Tensor, ...]:
        """What level 1 alone makes of it: the reality of level 2, which cannot be better."""
        return self._decoded(split_patches(self.networks["enc"](spectrogram)), noise)

    def _decoded(self, units: Tensor, noise: Noise) -> tuple[Tensor, ...]:
        magnitude, phase = self.networks["dec"](units, noise)
        made = (magnitude, phase) if self.has_phases else (magnitude,)
        return tuple(join_patches(part) for part in made)

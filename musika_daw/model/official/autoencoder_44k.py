"""Encoders and decoders of the 44.1 kHz version: two levels, no norms, magnitude and phase in branches of their own."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import Noise, NoisyConv, SameConv, Upsample, initialise, silu
from musika_daw.model.official.sizes import OfficialSize


class Encoder(nn.Module):
    """Log spectrogram `[B, bins, T]` -> level-1 latents `[B, frame_depth, T]`, each frame by itself."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        width = 4 * size.hop
        widths = [size.bins, *[width] * 5]
        self.layers = nn.ModuleList(nn.Conv1d(a, b, 1) for a, b in pairwise(widths))
        self.last = nn.Conv1d(width, size.frame_depth, 1)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = silu(layer(x))
        return torch.tanh(self.last(x))


class Encoder2(nn.Module):
    """Level-1 `[B, frame_depth, 16 n]` -> level-2 latents `[B, depth, n]`, every 16 frames by themselves."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [size.scaled(n) for n in (256, 384, 512, 768)]
        self.latent_frames = size.latent_frames
        self.layers = nn.ModuleList(
            [
                SameConv(size.frame_depth, c[0], 3),
                nn.Conv1d(c[0], c[1], 3, 2),
                SameConv(c[1], c[1], 3),
                nn.Conv1d(c[1], c[2], 3, 2),
                SameConv(c[2], c[2], 3),
                nn.Conv1d(c[2], c[3], 3),
                nn.Conv1d(c[3], c[3], 1),
            ]
        )
        self.last = nn.Conv1d(c[3], size.depth, 1)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, frames = x.shape
        blocks = x.view(batch, channels, frames // self.latent_frames, self.latent_frames).transpose(1, 2)
        hidden = blocks.reshape(-1, channels, self.latent_frames)
        for layer in self.layers:
            hidden = silu(layer(hidden))
        latents = torch.tanh(self.last(hidden))
        return latents.view(batch, -1, latents.shape[1]).transpose(1, 2)


class Decoder2(nn.Module):
    """Level-2 latents of units `[B, depth, unit_latents]` -> level-1 `[B, frame_depth, 64]`."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [size.scaled(n) for n in (768, 640, 512, 384, 256)]
        self.layers = nn.ModuleList(
            [
                NoisyConv(SameConv(size.depth, c[0], 3)),
                NoisyConv(Upsample(c[0], c[1])),
                NoisyConv(SameConv(c[1], c[1], 3)),
                NoisyConv(Upsample(c[1], c[2])),
                NoisyConv(SameConv(c[2], c[2], 3)),
                NoisyConv(Upsample(c[2], c[3])),
                NoisyConv(Upsample(c[3], c[4])),
            ]
        )
        self.last = nn.Conv1d(c[4], size.frame_depth, 1)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> Tensor:
        for layer in self.layers:
            x = layer(x, noise)
        latents: Tensor = self.last(x)
        return latents


class Decoder(nn.Module):
    """Level-1 latents of units `[B, frame_depth, 64]` -> log magnitude and phase `[B, bins, 64]`, both in -1..1."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [size.scaled(n) for n in (768, 512, 256)]
        self.down = nn.ModuleList(
            [
                NoisyConv(SameConv(size.frame_depth, c[0], 3)),
                NoisyConv(SameConv(c[0], c[0], 3, 2)),
                NoisyConv(SameConv(c[0], c[1], 3, 2)),
                NoisyConv(SameConv(c[1], c[2], 3, 2)),
            ]
        )
        self.up = nn.ModuleList(NoisyConv(Upsample(a, b)) for a, b in ((c[2], c[1]), (c[1], c[0]), (c[0], c[0])))
        self.phase_up = nn.ModuleList(NoisyConv(Upsample(a, b)) for a, b in ((c[1], c[0]), (c[0], c[0])))
        self.magnitude = nn.Conv1d(c[0], size.bins, 1)
        self.phase = nn.Conv1d(c[0], size.bins, 1)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> tuple[Tensor, Tensor]:
        g0 = self.down[0](x, noise)
        g1 = self.down[1](g0, noise)
        g2 = self.down[2](g1, noise)
        g3 = self.down[3](g2, noise)
        up2 = self.up[0](g3, noise)
        up1 = self.up[1](up2 + g2, noise)
        up0 = self.up[2](up1 + g1, noise)
        magnitude = self.magnitude(up0 + g0)
        # The phase branch starts below the first skip connection.
        phase1 = self.phase_up[0](up2, noise)
        phase0 = self.phase_up[1](phase1 + up1, noise)
        phase = self.phase(phase0 + up0)
        return magnitude.clamp(-1, 1), phase.clamp(-1, 1)

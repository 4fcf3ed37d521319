"""Encoders and decoders of the paper's version, 22.05 kHz: batch norms, magnitude and phase from one branch."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import Noise, NoisyConv, SameConv, Upsample, batch_norm, initialise, silu
from musika_daw.model.official.sizes import OfficialSize


class NormedConv(nn.Module):
    """Convolution, batch norm, SiLU: the step of both encoders; nothing is padded (paper, section 4.1)."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel)
        self.norm = batch_norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return silu(self.norm(self.conv(x)))


class Encoder(nn.Module):
    """Log spectrogram `[B, bins, T]` -> level-1 latents `[B, frame_depth, T]`, each frame by itself."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        widths = [size.bins, *(size.scaled(n) for n in (544, 576, 640, 704, 768))]
        self.layers = nn.ModuleList(NormedConv(a, b, 1) for a, b in pairwise(widths))
        self.last = nn.Conv1d(widths[-1], size.frame_depth, 1)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return torch.tanh(self.last(x))


class Encoder2(nn.Module):
    """Level-1 `[B, frame_depth, 8 n]` -> level-2 latents `[B, depth, n]`, every 8 frames by themselves."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        widths = [size.frame_depth, *(size.scaled(n) for n in (256, 512, 640, 640, 768, 768))]
        kernels = (1, 3, 3, 1, 3, 2)
        self.latent_frames = size.latent_frames
        self.layers = nn.ModuleList(NormedConv(a, b, k) for (a, b), k in zip(pairwise(widths), kernels, strict=True))
        self.last = nn.Conv1d(widths[-1], size.depth, 1)
        initialise(self)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, frames = x.shape
        blocks = x.view(batch, channels, frames // self.latent_frames, self.latent_frames).transpose(1, 2)
        hidden = blocks.reshape(-1, channels, self.latent_frames)
        for layer in self.layers:
            hidden = layer(hidden)
        latents = torch.tanh(self.last(hidden))
        return latents.view(batch, -1, latents.shape[1]).transpose(1, 2)


class Decoder2(nn.Module):
    """Level-2 latents of units `[B, depth, unit_latents]` -> level-1 `[B, frame_depth, 64]`."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [size.scaled(n) for n in (768, 640, 512, 384)]
        self.layers = nn.ModuleList(
            [
                NoisyConv(SameConv(size.depth, c[0], 4), normalised=True),
                NoisyConv(Upsample(c[0], c[0]), normalised=True),
                NoisyConv(Upsample(c[0], c[1]), normalised=True),
                NoisyConv(SameConv(c[1], c[2], 4), normalised=True),
                NoisyConv(Upsample(c[2], c[3]), normalised=True),
            ]
        )
        self.last = nn.Conv1d(c[3], size.frame_depth, 1)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> Tensor:
        for layer in self.layers:
            x = layer(x, noise)
        return torch.tanh(self.last(x))


class Decoder(nn.Module):
    """Level-1 latents of units `[B, frame_depth, 64]` -> log magnitude and phase `[B, bins, 64]`, both in -1..1."""

    def __init__(self, size: OfficialSize) -> None:
        super().__init__()
        c = [size.scaled(n) for n in (768, 512, 384, 320, 1280)]
        self.down = nn.ModuleList(
            [
                NoisyConv(SameConv(size.frame_depth, c[0], 1), normalised=True),
                NoisyConv(SameConv(c[0], c[1], 3, 2), normalised=True),
                NoisyConv(SameConv(c[1], c[2], 3, 2), normalised=True),
                NoisyConv(SameConv(c[2], c[3], 3, 2), normalised=True),
            ]
        )
        self.up = nn.ModuleList(
            NoisyConv(Upsample(a, b), normalised=True) for a, b in ((c[3], c[2]), (c[2], c[1]), (c[1], c[0]))
        )
        self.out = NoisyConv(SameConv(c[0], c[4], 1), normalised=True)
        self.last = nn.Conv1d(c[4], 2 * size.bins, 1)
        initialise(self)

    def forward(self, x: Tensor, noise: Noise = None) -> tuple[Tensor, Tensor]:
        g0 = self.down[0](x, noise)
        g1 = self.down[1](g0, noise)
        g2 = self.down[2](g1, noise)
        hidden = self.up[0](self.down[3](g2, noise), noise)
        hidden = self.up[1](hidden + g2, noise)
        hidden = self.up[2](hidden + g1, noise)
        both: Tensor = self.last(self.out(hidden + g0, noise))
        magnitude, phase = both.clamp(-1, 1).chunk(2, 1)
        return magnitude, phase

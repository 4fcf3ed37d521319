"""Sound to features: log levels of bins and bands at two resolutions, frame by frame."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.stft import margin, stft
from musika_daw.model.universal.layout import (
    ATTACK_EDGES,
    BINS,
    COSINE_EDGES,
    EDGE,
    FEATURES,
    HIGH_EDGES,
    HOP,
    LONG_SPLIT,
    LONGS,
    SHORT_BINS,
    SHORT_HOP,
    SHORT_N,
    SHORTS,
    SIDE_EDGES,
    TONES,
    N,
    band_mean,
)

FLOOR = 3e-4  # -70 dB: what lies below is not told apart
WEIGHTS = (0.8, 1.0, 0.5, 0.3)
"""How much a deviation of tones, high bands, side and correlation counts; that of attacks counts 1."""


def feature_weights() -> Tensor:
    """`[FEATURES]`: weight of each, and with it the gradient of a log level."""
    long = torch.cat([torch.full((size,), weight) for size, weight in zip(LONG_SPLIT, WEIGHTS, strict=True)])
    return torch.cat([long.repeat(LONGS), torch.ones(FEATURES - LONGS * len(long))])


def levels() -> Tensor:
    """`[FEATURES]`: 1 where a feature is a log level, 0 where it is a correlation."""
    long = torch.cat([torch.full((size,), float(k < 3)) for k, size in enumerate(LONG_SPLIT)])
    return torch.cat([long.repeat(LONGS), torch.ones(FEATURES - LONGS * len(long))])


class Analysis(nn.Module):
    """Mid and side -> features."""

    def __init__(self) -> None:
        super().__init__()
        self.high: Tensor
        self.side: Tensor
        self.cosine: Tensor
        self.attack: Tensor
        self.weights: Tensor
        self.register_buffer("high", band_mean(HIGH_EDGES, BINS), persistent=False)
        self.register_buffer("side", band_mean(SIDE_EDGES, BINS), persistent=False)
        self.register_buffer("cosine", band_mean(COSINE_EDGES, BINS), persistent=False)
        self.register_buffer("attack", band_mean(ATTACK_EDGES, SHORT_BINS), persistent=False)
        self.register_buffer("weights", feature_weights(), persistent=False)

    def forward(self, sound: Tensor) -> Tensor:
        """`Tensor[B, 2, L + 2 * EDGE]` mid and side, L a whole number of latent frames -> `[B, FEATURES, T]`."""
        batch, _, length = sound.shape
        spectra = stft(sound.reshape(2 * batch, length), N, HOP).view(batch, 2, -1, BINS)
        mid, side = spectra.unbind(1)
        mid_power, side_power = mid.abs().square(), side.abs().square()
        shared = (mid.real * side.real + mid.imag * side.imag) @ self.cosine
        both = (mid_power @ self.cosine) * (side_power @ self.cosine)
        long = torch.cat(
            [
                torch.log(mid_power[..., :TONES].sqrt() + FLOOR),
                torch.log((mid_power @ self.high).sqrt() + FLOOR),
                torch.log((side_power @ self.side).sqrt() + FLOOR),
                shared * torch.rsqrt(both + 1e-18),
            ],
            2,
        )
        inner = EDGE - margin(SHORT_N, SHORT_HOP)
        short = stft(sound[:, 0, inner : length - inner], SHORT_N, SHORT_HOP).abs().square() @ self.attack
        attacks = torch.log(short.sqrt() + FLOOR)
        frames = long.shape[1] // LONGS
        flat = torch.cat(
            [long.reshape(batch, frames, -1), attacks.reshape(batch, frames, SHORTS * attacks.shape[2])], 2
        )
        return (flat * self.weights).transpose(1, 2)

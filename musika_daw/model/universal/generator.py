"""A generator of universal latents: a flow that predicts clean ones, told beats, density, brightness and a style."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from musika_daw.model.bricks import ConditionedResidual, FrameNorm, Residual, initialise

SIGNALS = ("density", "brightness", "tempo", "beat_sine", "beat_cosine", "beat_known")
"""Conditioning of a latent frame: density and brightness 0 to 1, tempo in octaves above 120 bpm, where in the beat the
frame's middle lies, and 1 where tempo and beat are known, else 0 (and they are 0)."""

_FINER_BEATS = 4  # sine and cosine of eighths and of sixteenths


def _finer_beats(signals: Tensor) -> Tensor:
    """Where in the eighth and in the sixteenth frames lie, `[B, _FINER_BEATS, T]`; 0 where the beat is not known."""
    sine, cosine = signals[:, 3:4], signals[:, 4:5]
    eighth = torch.cat([2 * sine * cosine, cosine.square() - sine.square()], 1)
    first, second = eighth[:, :1], eighth[:, 1:]
    return torch.cat([eighth, 2 * first * second, second.square() - first.square()], 1)


@dataclass(frozen=True)
class GeneratorSize:
    """What a trained file must be rebuilt with."""

    latents: int = 256
    width: int = 320
    conditioning: int = 128
    style: int = 48
    dilations: tuple[int, ...] = (1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 1)


@dataclass(frozen=True)
class Guidance:
    """How far what is made is moved towards what it is told.

    Attributes:
        style: 1 moves nothing, 0 makes music of no style in particular.
        density: 0 moves nothing.
    """

    style: float = 1.0
    density: float = 0.0


class StyleEncoder(nn.Module):
    """Latents of a stretch `[B, latents, T]` -> style `[B, style]`: what stays the same throughout it."""

    def __init__(self, size: GeneratorSize) -> None:
        super().__init__()
        width = size.width // 2
        self.frames = nn.Sequential(nn.Conv1d(size.latents, width, 3, padding=1), Residual(width), Residual(width, 2))
        self.pool = nn.Sequential(nn.Linear(2 * width, width), nn.SiLU(), nn.Linear(width, size.style))

    def forward(self, latents: Tensor) -> Tensor:
        hidden = self.frames(latents)
        style: Tensor = torch.tanh(self.pool(torch.cat([hidden.mean(2), hidden.std(2)], 1)))
        return style


class UniversalGenerator(nn.Module):
    """Noisy latents `[B, latents, T]`, times `[B]`, signals `[B, len(SIGNALS), T]`, style `[B, style]` -> clean ones.

    Convolutions alone, `reach` frames to either side: a stretch can be made from what is around it. Latents are scaled
    to unit variance by `mean` and `scale`, which are kept with the weights.
    """

    def __init__(self, size: GeneratorSize, dropout: float = 0.0) -> None:
        """`dropout`: share of hidden numbers that training leaves out, against learning the records by heart."""
        super().__init__()
        self.size = size
        self.style = StyleEncoder(size)
        told = len(SIGNALS) + _FINER_BEATS + 1 + size.style + 1
        self.embed = nn.Sequential(
            nn.Conv1d(told, 2 * size.conditioning, 1),
            nn.SiLU(),
            nn.Conv1d(2 * size.conditioning, size.conditioning, 3, padding=1),
            nn.SiLU(),
        )
        self.first = nn.Conv1d(size.latents + size.conditioning, size.width, 3, padding=1)
        self.blocks = nn.ModuleList(
            ConditionedResidual(size.width, size.conditioning, d, dropout) for d in size.dilations
        )
        self.last = nn.Sequential(FrameNorm(size.width), nn.Conv1d(size.width, size.latents, 1))
        self.mean: Tensor
        self.scale: Tensor
        self.register_buffer("mean", torch.zeros(size.latents))
        self.register_buffer("scale", torch.ones(size.latents))
        initialise(self)

    @property
    def reach(self) -> int:
        """Frames on either side that a frame depends on."""
        return 2 + sum(self.size.dilations)

    def forward(self, noisy: Tensor, t: Tensor, signals: Tensor, style: Tensor | None) -> Tensor:
        """`style`: of the whole stretch `[B, style]`, or of every frame `[B, style, T]`; None: none in particular."""
        batch, _, frames = noisy.shape
        time = (2 * t - 1)[:, None, None].expand(batch, 1, frames)
        given = noisy.new_full((batch, 1, frames), float(style is not None))
        own = style if style is not None else noisy.new_zeros(batch, self.size.style)
        whole = torch.cat([time, given, own if own.dim() == 3 else own[:, :, None].expand(-1, -1, frames)], 1)
        embedded = self.embed(torch.cat([signals, _finer_beats(signals), whole], 1))
        hidden = self.first(torch.cat([noisy, embedded], 1))
        for block in self.blocks:
            hidden = block(hidden, embedded)
        clean: Tensor = self.last(hidden)
        return clean

    def guided(self, noisy: Tensor, t: Tensor, signals: Tensor, style: Tensor, guidance: Guidance) -> Tensor:
        """The same, moved away from what no style and no density in particular would give."""
        told: Tensor = self(noisy, t, signals, style)
        moved = told
        if guidance.style != 1.0:
            moved = torch.lerp(self(noisy, t, signals, None), told, guidance.style)
        if guidance.density:
            untold = torch.cat([torch.zeros_like(signals[:, :1]), signals[:, 1:]], 1)
            moved = moved + guidance.density * (told - self(noisy, t, untold, style))
        return moved

    def scaled(self, latents: Tensor) -> Tensor:
        """Latents -> unit variance."""
        return (latents - self.mean[:, None]) / self.scale[:, None]

    def to_latents(self, scaled: Tensor) -> Tensor:
        """Unit variance -> latents."""
        return scaled * self.scale[:, None] + self.mean[:, None]

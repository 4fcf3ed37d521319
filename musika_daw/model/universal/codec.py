"""The whole chain: sound to latents, latents to sound, in windows that fit together bit for bit."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.universal.analysis import Analysis
from musika_daw.model.universal.autoencoder import UniversalAutoencoder, UniversalSize
from musika_daw.model.universal.layout import EDGE, FRAME
from musika_daw.model.universal.synthesis import CONTEXT, Synthesis

WINDOW = 96  # latent frames that are decoded at once, 8.9 s


class UniversalCodec(nn.Module):
    """Mid and side at 44.1 kHz <-> latents at 10.8 Hz.

    Stretches are computed in windows that lie at fixed places of the song, each with its surroundings and in the same
    shape: a stretch alone has the same bits as in a row.
    """

    def __init__(self, size: UniversalSize) -> None:
        super().__init__()
        self.autoencoder = UniversalAutoencoder(size)
        self.analysis = Analysis()
        self.synthesis = Synthesis()

    @property
    def context(self) -> int:
        """Latent frames on either side of a window that decoding needs."""
        return CONTEXT + self.autoencoder.size.decoder

    def encode(self, sound: Tensor) -> Tensor:
        """`Tensor[B, 2, T * FRAME]` mid and side -> latents `[B, latents, T]`; beyond the ends there is silence."""
        around = self.autoencoder.size.encoder
        frames = sound.shape[2] // FRAME
        found = []
        for first in range(0, frames, WINDOW):
            piece = _stretch(sound, (first - around) * FRAME - EDGE, (WINDOW + 2 * around) * FRAME + 2 * EDGE)
            latents = self.autoencoder.encode(self.analysis(piece))
            found.append(latents[:, :, around : around + min(WINDOW, frames - first)])
        return torch.cat(found, 2)

    def decode_window(self, latents: Tensor, window: int) -> Tensor:
        """Window number `window` of a song from its latents and `context` frames on either side,
        `[B, latents, WINDOW + 2 * context]` -> `[B, 2, WINDOW * FRAME]` mid and side."""
        return self.decode_stretch(latents, window * WINDOW)

    def decode_stretch(self, latents: Tensor, first: int) -> Tensor:
        """Frames from `first` of a song on, from their latents and `context` frames on either side,
        `[B, latents, T + 2 * context]` -> `[B, 2, T * FRAME]` mid and side."""
        edge = self.context
        sound: Tensor = self.synthesis(self.autoencoder.decode(latents), first - edge)
        return sound[:, :, edge * FRAME : sound.shape[2] - edge * FRAME]

    def decode(self, latents: Tensor) -> Tensor:
        """Latents from the start of a song `[B, latents, T]` -> `[B, 2, T * FRAME]`; around them there are zeros."""
        frames, edge = latents.shape[2], self.context
        windows = -(-frames // WINDOW)
        padded = nn.functional.pad(latents, (edge, windows * WINDOW - frames + edge))
        parts = [self.decode_window(padded[:, :, k * WINDOW : (k + 1) * WINDOW + 2 * edge], k) for k in range(windows)]
        return torch.cat(parts, 2)[:, :, : frames * FRAME]


def _stretch(sound: Tensor, start: int, length: int) -> Tensor:
    """Samples `[start, start + length)`, silence where there are none."""
    before, after = max(0, -start), max(0, start + length - sound.shape[2])
    return nn.functional.pad(sound[:, :, max(0, start) : start + length], (before, after))

"""The drums' autoencoder of older model files, whose noise has no branch of its own; they play as they always did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.bands import band_matrix
from musika_daw.model.bricks import FrameNorm, Residual, initialise, soft_cap
from musika_daw.model.decoding import (
    AutoencoderSize,
    decoder_trunk,
    encode_spectra,
    encoder_layers,
    first_spectrum,
    noise_at,
    noise_spectra,
    stereo_stft,
    to_audio,
    widen,
)

_SIZE = AutoencoderSize()


class PlainDrumAutoencoder(nn.Module):
    """Log-magnitude spectrogram -> latents -> magnitude and phase (paper, section 3.1).

    What is noise in the mid comes out as a pattern that repeats with the hop: use `DrumAutoencoder` for new models.

    The side is a signed share of the mid per band, plus noise: width without a second phase to learn.
    """

    n, hop, bins = 1024, 256, 513
    used = bins

    def __init__(self, size: AutoencoderSize = _SIZE) -> None:
        super().__init__()
        self.size = size
        self.encoder = encoder_layers(2 * self.bins, size.encoder, 3)
        self.trunk = decoder_trunk(size.decoder, 3)
        self.head = nn.Sequential(
            Residual(size.decoder), FrameNorm(size.decoder), nn.Conv1d(size.decoder, 3 * self.bins + 2 * size.bands, 1)
        )
        initialise(self)
        with torch.no_grad():
            last = self.head[-1]
            assert isinstance(last, nn.Conv1d) and last.bias is not None
            last.weight *= 0.1
            last.bias[: self.bins] = -6.0
            last.bias[3 * self.bins + size.bands :] = -8.0
        self.bands: Tensor
        self.noise: Tensor
        self.register_buffer("bands", band_matrix(size.bands, self.bins), persistent=False)
        self.register_buffer("noise", noise_spectra(self.bins), persistent=False)

    def decoder_layers(self) -> nn.ModuleList:
        return nn.ModuleList([self.trunk, self.head])

    def encode(self, audio: Tensor) -> Tensor:
        """`Tensor[B, 2, L + 2 * margin]` mid and side -> `Tensor[B, LATENT, L / FRAME]`."""
        return encode_spectra(self.encoder, stereo_stft(audio, self.n, self.hop))

    def spectra(self, latents: Tensor, first_frame: int = 0, context: int = 0) -> Tensor:
        """`Tensor[B, LATENT, T]` -> complex `Tensor[B, 2, 8 T, bins]`, mid and side.

        `first_frame`: position of the first latent frame in the song, which chooses the noise.
        `context`: 0 or `CONTEXT` frames on either side that are there for the others' sake; of them `EDGE` spectral
        frames are given.
        """
        out = self.head(widen(self.trunk, latents, context)).transpose(1, 2)
        log_mag, real, imag, share, hiss = out.split([self.bins] * 3 + [self.size.bands] * 2, 2)
        scale = soft_cap(log_mag, 2.0).exp() * torch.rsqrt(real * real + imag * imag + 1e-6)
        mid = torch.stack([real * scale, imag * scale], 3)
        noise = noise_at(self.noise[1], first_spectrum(self, first_frame, context), mid.shape[1])
        shared = (torch.tanh(share) @ self.bands)[..., None]
        side = torch.addcmul(mid * shared, noise, (soft_cap(hiss, 1.0).exp() @ self.bands)[..., None])
        return torch.view_as_complex(torch.stack([mid, side], 1))

    def audio(
        self,
        latents: Tensor,
        first_frame: int = 0,
        context: int = 0,
        kit: NDArray[np.float64] | None = None,
        strokes: Sequence[NDArray[np.int64]] = (),
    ) -> Tensor:
        """As `DrumAutoencoder.audio`; what is known of `kit` and `strokes` is of no use to it."""
        return to_audio(self.spectra(latents, first_frame, context), self)

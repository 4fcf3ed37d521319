"""The drums' autoencoder: strokes by magnitude and phase, noise as noise, metal by oscillators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.bands import band_matrix
from musika_daw.model.bricks import FrameNorm, Residual, initialise, soft_cap
from musika_daw.model.decoding import (
    FRAME,
    AutoencoderSize,
    audio_margin,
    decoder_trunk,
    encode_spectra,
    encoder_layers,
    first_spectrum,
    stereo_stft,
    to_audio,
    widen,
)
from musika_daw.model.drum_metal import TONE_HZ, ring_metal
from musika_daw.model.drum_noise import BLOCK, levels_of_blocks, noise_bands, shape_noise, strike


@dataclass(frozen=True)
class DrumSize(AutoencoderSize):
    """What a trained file must be rebuilt with.

    Attributes:
        struck: bins that have magnitude and phase of their own, from the lowest on.
        noise_bands: bands of noise and of metal.
    """

    struck: int = 288
    noise_bands: int = 28


_SIZE = DrumSize()

KIT_SETTINGS = ("hat_tone_hz", "hat_metal", "drum_width")
"""Settings of the style that the decoder is told."""
_SOME_KIT = (TONE_HZ, 0.5, 0.5)


def _loudnesses(kit: NDArray[np.float64]) -> NDArray[np.float32]:
    """What `KIT_SETTINGS` say of levels, in logarithms: of metal, of noise, of the side; zero halfway."""
    shares = np.stack([kit[..., 1], 1.0 - kit[..., 1], kit[..., 2]], -1)
    return np.asarray(np.log((0.03 + shares) / 0.53), np.float32)


@dataclass(frozen=True)
class DrumParts:
    """What a decoder says of `K` spectral frames.

    Attributes:
        strokes: real and imaginary part `[B, K, struck, 2]` of what has a phase of its own, mid.
        share: of the strokes in the side, `[B, K, struck]`.
        noise: levels `[B, 2, K * hop / BLOCK, noise_bands]`, mid and side.
        metal: levels `[B, K * hop / BLOCK, noise_bands]`, mid.
        tones: of the metal in hertz, `[B, K * hop / BLOCK]`.
        first: position of the first frame in the song, in frames.
    """

    strokes: Tensor
    share: Tensor
    noise: Tensor
    metal: Tensor
    tones: NDArray[np.float64]
    first: int


class DrumAutoencoder(nn.Module):
    """Log-magnitude spectrogram -> latents -> strokes, noise and metal.

    A network can give a stroke its phase, as it begins when it begins; of noise it could only give the mean, which
    repeats with the hop. So noise is made of levels in bands every `BLOCK` samples times noise that is fixed to the
    position, and so is the ringing of hats and cymbals, of oscillators that run through.
    """

    n, hop, bins = 1024, 256, 513
    used = bins

    def __init__(self, size: DrumSize = _SIZE) -> None:
        super().__init__()
        self.size = size
        self.encoder = encoder_layers(2 * self.bins, size.encoder, 3)
        self.trunk = decoder_trunk(size.decoder, 3)
        self._outputs = [*[size.struck] * 3, size.bands, 3 * size.noise_bands]  # levels: noise mid and side, metal
        self.head = nn.Sequential(
            Residual(size.decoder), FrameNorm(size.decoder), nn.Conv1d(size.decoder, sum(self._outputs), 1)
        )
        self.kit = nn.Linear(3, 3 * size.noise_bands)  # what the settings do to the levels
        self._initialise()
        self.bands: Tensor
        self.noise: Tensor
        self.register_buffer("bands", band_matrix(size.bands, size.struck), persistent=False)
        self.register_buffer("noise", noise_bands(size.noise_bands), persistent=False)

    @torch.no_grad()
    def _initialise(self) -> None:
        initialise(self)
        last = self.head[-1]
        assert isinstance(last, nn.Conv1d) and last.bias is not None
        last.weight *= 0.1
        last.bias[: self.size.struck] = -6.0
        last.bias[-self._outputs[-1] :] = -6.0
        # The more of a hat is metal, the less is noise.
        by_kind = self.kit.weight.zero_().view(3, self.size.noise_bands, 3)
        by_kind[2, :, 0] = by_kind[0, :, 1] = 0.5

    def decoder_layers(self) -> nn.ModuleList:
        return nn.ModuleList([self.trunk, self.head])

    def encode(self, audio: Tensor) -> Tensor:
        """`Tensor[B, 2, L + 2 * margin]` mid and side -> `Tensor[B, LATENT, L / FRAME]`."""
        return encode_spectra(self.encoder, stereo_stft(audio, self.n, self.hop))

    def parts(
        self,
        latents: Tensor,
        first_frame: int = 0,
        context: int = 0,
        kit: NDArray[np.float64] | None = None,
        strokes: Sequence[NDArray[np.int64]] = (),
    ) -> DrumParts:
        """`Tensor[B, LATENT, T]` -> what sounds in its `8 T` spectral frames.

        `first_frame`: position of the first latent frame in the song, which chooses the noise.
        `context`: 0 or `CONTEXT` frames on either side that are there for the others' sake; of them `EDGE` spectral
        frames are given.
        `kit`: the style's `KIT_SETTINGS`, `[B, T, 3]`.
        `strokes`: where in the song notes of each item start, in samples.
        """
        out = self.head(widen(self.trunk, latents, context)).transpose(1, 2)
        if kit is None:
            kit = np.broadcast_to(_SOME_KIT, (len(latents), latents.shape[2], 3))
        with torch.autocast(out.device.type, enabled=False):
            return self._parts(out.float(), first_frame, first_spectrum(self, first_frame, context), kit, strokes)

    def _parts(
        self,
        out: Tensor,
        first_frame: int,
        first: int,
        kit: NDArray[np.float64],
        strokes: Sequence[NDArray[np.int64]],
    ) -> DrumParts:
        """What the head says in `[B, K, outputs]`, from the latent frame and the spectral frame on; in float32."""
        log_mag, real, imag, share, levels = out.split(self._outputs, 2)
        scale = soft_cap(log_mag, 2.0).exp() * torch.rsqrt(real * real + imag * imag + 1e-6)
        frames, blocks = share.shape[1], self.hop // BLOCK
        of_latent = (first * blocks + np.arange(frames * blocks)) // (FRAME // BLOCK) - first_frame
        settings = torch.from_numpy(_loudnesses(kit[:, of_latent[::blocks]])).to(levels.device)
        by_frame = (levels + self.kit(settings)).view(len(out), frames, 3, -1).transpose(1, 2)
        by_block = strike(levels_of_blocks(by_frame, blocks), strokes, first * blocks)
        noise, metal = soft_cap(by_block, 1.0).exp().split([2, 1], 1)
        return DrumParts(
            torch.stack([real * scale, imag * scale], 3),
            torch.tanh(share) @ self.bands,
            noise,
            metal[:, 0],
            kit[:, of_latent, 0],
            first,
        )

    def sound(self, parts: DrumParts, moved: int = 0) -> Tensor:
        """Mid and side `[B, 2, K * hop + 2 * audio_margin]`; the first and the last `n - hop` samples are not whole.

        `moved`: frames by which noise and metal are moved, for another take of the same drums.
        """
        block = (parts.first + moved) * (self.hop // BLOCK)
        with torch.autocast(parts.noise.device.type, enabled=False):
            strokes = torch.view_as_complex(torch.stack([parts.strokes, parts.strokes * parts.share[..., None]], 1))
            noise = shape_noise(self.noise, parts.noise, block)
            noise[:, 0] += ring_metal(parts.metal, parts.tones, block)
            return to_audio(strokes, self) + F.pad(noise, (audio_margin(self),) * 2)

    def audio(
        self,
        latents: Tensor,
        first_frame: int = 0,
        context: int = 0,
        kit: NDArray[np.float64] | None = None,
        strokes: Sequence[NDArray[np.int64]] = (),
    ) -> Tensor:
        """`parts` and their `sound`."""
        return self.sound(self.parts(latents, first_frame, context, kit, strokes))

"""What both autoencoders are made of and agree on: frames, latents, context, and the way from spectra to audio.

Latents run at one frame per 2048 samples (21.5 Hz), `LATENT` numbers per stereo stem, bounded by tanh. Audio is mid and
side (left = mid + side). The decoders are convolutions with a finite receptive field of `CONTEXT` latent frames on
either side, so chunks with context and crop equal the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from musika_daw.model.bricks import FrameNorm, Residual
from musika_daw.model.stft import istft, log_magnitude, margin, stft

FRAME = 2048  # samples per latent frame
LATENT = 48
CONTEXT = 5  # latent frames a decoder needs on either side of what is kept
REACH = 3  # frames on either side that the layers after those of one rate still need, in frames of that rate
EDGE = 2 * REACH  # spectral frames on either side of what is kept that a decoder gives
NOISE_FRAMES = 512


@dataclass(frozen=True)
class AutoencoderSize:
    """What a trained file must be rebuilt with."""

    encoder: int = 224
    decoder: int = 256
    bands: int = 80


class Transform(Protocol):
    """The Fourier transform that an autoencoder works on."""

    n: int
    hop: int


def encoder_layers(inputs: int, width: int, halvings: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv1d(inputs, width, 1), Residual(width)]
    for _ in range(halvings):
        layers += [nn.Conv1d(width, width, 4, stride=2, padding=1), Residual(width)]
    return nn.Sequential(*layers, FrameNorm(width), nn.Conv1d(width, LATENT, 1))


def encode_spectra(encoder: nn.Module, spectra: Tensor) -> Tensor:
    """Complex `Tensor[B, C, T, bins]` -> latents `Tensor[B, LATENT, T / 8]`, of their log magnitudes."""
    return torch.tanh(encoder(log_magnitude(spectra.abs()).transpose(2, 3).flatten(1, 2)))


def decoder_trunk(width: int, doublings: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv1d(LATENT, width, 3, padding=1), Residual(width), Residual(width)]
    for _ in range(doublings):
        layers += [nn.Upsample(scale_factor=2), nn.Conv1d(width, width, 3, padding=1), Residual(width)]
    return nn.Sequential(*layers)


def widen(trunk: nn.Sequential, latents: Tensor, context: int) -> Tensor:
    """Latents through the trunk; of `context` frames on either side, each rate computes what those after it need."""
    x = latents
    for layer in trunk:
        if isinstance(layer, nn.Upsample):
            spare = max(0, context - REACH)
            x = x[:, :, spare : x.shape[2] - spare]
            context = 2 * (context - spare)
        x = layer(x)
    return x


def noise_spectra(bins: int) -> Tensor:
    """Spectra of unit magnitude and random phase, mid and side: `[2, NOISE_FRAMES, bins, real/imaginary]`."""
    generator = torch.Generator("cpu").manual_seed(20)
    angle = torch.rand(2, NOISE_FRAMES, bins, generator=generator, device="cpu") * (2 * torch.pi)
    return torch.stack([angle.cos(), angle.sin()], 3)


def noise_at(table: Tensor, first_frame: int, frames: int) -> Tensor:
    """Frames of a noise table `[..., NOISE_FRAMES, bins, 2]`."""
    index = (torch.arange(frames, device=table.device) + first_frame) % NOISE_FRAMES
    return table.index_select(-3, index)


def fast_magnitude(spectra: Tensor) -> Tensor:
    """Like `abs`, which takes twice as long for care that excitation does not need."""
    real, imaginary = torch.view_as_real(spectra).unbind(-1)
    return torch.addcmul(real * real, imaginary, imaginary).sqrt()


def stereo_stft(audio: Tensor, n: int, hop: int) -> Tensor:
    """`Tensor[B, C, L + 2 * margin]` -> complex `Tensor[B, C, L / hop, n/2 + 1]`."""
    batch, channels, length = audio.shape
    spectra = stft(audio.reshape(batch * channels, length), n, hop)
    return spectra.reshape(batch, channels, *spectra.shape[1:])


def first_spectrum(transform: Transform, first_frame: int, context: int) -> int:
    """Position in the song of the first spectral frame that a decoder gives."""
    each = FRAME // transform.hop
    return (first_frame + context) * each - (EDGE if context else 0)


def to_audio(spectra: Tensor, transform: Transform) -> Tensor:
    """Mid and side spectra `[B, 2, K, F]` -> `Tensor[B, 2, K * hop + 2 * margin]` mid and side.

    The first and the last `n - hop` samples are not whole (see `stft.istft`).
    """
    batch, channels, frames, bins = spectra.shape
    # The inverse transform fills the bins that are missing with zeros.
    audio = istft(spectra.reshape(batch * channels, frames, bins), transform.n, transform.hop)
    return audio.view(batch, channels, -1)


def audio_margin(transform: Transform) -> int:
    """Samples of context that `encode` needs on either side, and that `audio` adds there."""
    return margin(transform.n, transform.hop)

"""The two autoencoders: drums by magnitude and phase, pitched stems by source and filter.

Latents run at one frame per 2048 samples (21.5 Hz), `LATENT` numbers per stereo stem, bounded by tanh. Audio is mid and
side (left = mid + side). Both decoders are convolutions with a finite receptive field of `CONTEXT` latent frames on
either side, so chunks with context and crop equal the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from musika_daw.model.bands import band_matrix
from musika_daw.model.bricks import FrameNorm, Residual, initialise, soft_cap
from musika_daw.model.excitation import CHANNELS
from musika_daw.model.stft import istft, log_magnitude, margin, stft

FRAME = 2048  # samples per latent frame
LATENT = 48
CONTEXT = 5  # latent frames a decoder needs on either side of what is kept
_REACH = 3  # frames on either side that the layers after those of one rate still need, in frames of that rate
EDGE = 2 * _REACH  # spectral frames on either side of what is kept that a decoder gives
NOISE_FRAMES = 512


@dataclass(frozen=True)
class AutoencoderSize:
    """What a trained file must be rebuilt with."""

    encoder: int = 224
    decoder: int = 256
    bands: int = 80


def _encoder(inputs: int, width: int, halvings: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv1d(inputs, width, 1), Residual(width)]
    for _ in range(halvings):
        layers += [nn.Conv1d(width, width, 4, stride=2, padding=1), Residual(width)]
    return nn.Sequential(*layers, FrameNorm(width), nn.Conv1d(width, LATENT, 1))


def _trunk(width: int, doublings: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv1d(LATENT, width, 3, padding=1), Residual(width), Residual(width)]
    for _ in range(doublings):
        layers += [nn.Upsample(scale_factor=2), nn.Conv1d(width, width, 3, padding=1), Residual(width)]
    return nn.Sequential(*layers)


def _widen(trunk: nn.Sequential, latents: Tensor, context: int) -> Tensor:
    """Latents through the trunk; of `context` frames on either side, each rate computes what those after it need."""
    x = latents
    for layer in trunk:
        if isinstance(layer, nn.Upsample):
            spare = max(0, context - _REACH)
            x = x[:, :, spare : x.shape[2] - spare]
            context = 2 * (context - spare)
        x = layer(x)
    return x


def _noise_table(bins: int) -> Tensor:
    """Spectra of unit magnitude and random phase, mid and side: `[2, NOISE_FRAMES, bins, real/imaginary]`."""
    generator = torch.Generator().manual_seed(20)
    angle = torch.rand(2, NOISE_FRAMES, bins, generator=generator) * (2 * torch.pi)
    return torch.stack([angle.cos(), angle.sin()], 3)


def _noise_at(table: Tensor, first_frame: int, frames: int) -> Tensor:
    """Frames of a noise table `[..., NOISE_FRAMES, bins, 2]`."""
    index = (torch.arange(frames, device=table.device) + first_frame) % NOISE_FRAMES
    return table.index_select(-3, index)


def _magnitude(spectra: Tensor) -> Tensor:
    """Like `abs`, which takes twice as long for care that excitation does not need."""
    real, imaginary = torch.view_as_real(spectra).unbind(-1)
    return torch.addcmul(real * real, imaginary, imaginary).sqrt()


def _stereo_stft(audio: Tensor, n: int, hop: int) -> Tensor:
    """`Tensor[B, C, L + 2 * margin]` -> complex `Tensor[B, C, L / hop, n/2 + 1]`."""
    batch, channels, length = audio.shape
    spectra = stft(audio.reshape(batch * channels, length), n, hop)
    return spectra.reshape(batch, channels, *spectra.shape[1:])


class DrumAutoencoder(nn.Module):
    """Log-magnitude spectrogram -> latents -> magnitude and phase (paper, section 3.1).

    The side is a signed share of the mid per band, plus noise: width without a second phase to learn.
    """

    n, hop, bins = 1024, 256, 513
    used = bins

    def __init__(self, size: AutoencoderSize = AutoencoderSize()) -> None:
        super().__init__()
        self.size = size
        self.encoder = _encoder(2 * self.bins, size.encoder, 3)
        self.trunk = _trunk(size.decoder, 3)
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
        self.register_buffer("noise", _noise_table(self.bins), persistent=False)

    def decoder_layers(self) -> nn.ModuleList:
        return nn.ModuleList([self.trunk, self.head])

    def encode(self, audio: Tensor) -> Tensor:
        """`Tensor[B, 2, L + 2 * margin]` mid and side -> `Tensor[B, LATENT, L / FRAME]`."""
        spectrum = _stereo_stft(audio, self.n, self.hop).abs()
        features = log_magnitude(spectrum).transpose(2, 3).flatten(1, 2)
        return torch.tanh(self.encoder(features))

    def spectra(self, latents: Tensor, first_frame: int = 0, context: int = 0) -> Tensor:
        """`Tensor[B, LATENT, T]` -> complex `Tensor[B, 2, 8 T, bins]`, mid and side.

        `first_frame`: position of the first latent frame in the song, which chooses the noise.
        `context`: 0 or `CONTEXT` frames on either side that are there for the others' sake; of them `EDGE` spectral
        frames are given.
        """
        out = self.head(_widen(self.trunk, latents, context)).transpose(1, 2)
        log_mag, real, imag, share, hiss = out.split([self.bins] * 3 + [self.size.bands] * 2, 2)
        scale = soft_cap(log_mag, 2.0).exp() * torch.rsqrt(real * real + imag * imag + 1e-6)
        mid = torch.stack([real * scale, imag * scale], 3)
        noise = _noise_at(self.noise[1], _first_spectrum(self, first_frame, context), mid.shape[1])
        shared = (torch.tanh(share) @ self.bands)[..., None]
        side = torch.addcmul(mid * shared, noise, (soft_cap(hiss, 1.0).exp() @ self.bands)[..., None])
        return torch.view_as_complex(torch.stack([mid, side], 1))


class PitchedAutoencoder(nn.Module):
    """Source and filter: the notes' excitation, shaped by gains per band, plus noise.

    Pitch and phase come from the excitation, timbre and envelope from the latents. Per band: gains on the odd and on
    the even harmonics (mid), on the voices' difference and on the quarter-turned voices (side), noise mid and side.
    """

    n, hop, bins = 2048, 512, 1025
    used = 768  # bins up to 16.5 kHz: nothing pitched lies above

    def __init__(self, size: AutoencoderSize = AutoencoderSize()) -> None:
        super().__init__()
        self.size = size
        self.encoder = _encoder(self.used + (1 + CHANNELS) * size.bands, size.encoder, 2)
        self.trunk = _trunk(size.decoder, 2)
        self.source = nn.Conv1d(CHANNELS * size.bands, size.decoder, 1)
        self.stem = nn.Embedding(3, size.decoder)
        self.head = nn.Sequential(
            Residual(size.decoder), FrameNorm(size.decoder), nn.Conv1d(size.decoder, 6 * size.bands, 1)
        )
        initialise(self)
        with torch.no_grad():
            last = self.head[-1]
            assert isinstance(last, nn.Conv1d) and last.bias is not None
            last.weight *= 0.1
            last.bias[: 4 * size.bands] = -2.0
            last.bias[4 * size.bands :] = -7.0
            self.stem.weight *= 0.1
        self.bands: Tensor
        self.band_mean: Tensor
        self.noise: Tensor
        bands = band_matrix(size.bands, self.used)
        self.register_buffer("bands", bands, persistent=False)
        self.register_buffer("band_mean", bands / bands.sum(1, keepdim=True), persistent=False)
        self.register_buffer("noise", _noise_table(self.used), persistent=False)

    def decoder_layers(self) -> nn.ModuleList:
        return nn.ModuleList([self.source, self.trunk, self.head])

    def _bands_of(self, magnitude: Tensor) -> Tensor:
        """Magnitudes `[B, C, T, used]` -> log features `[B, C * bands, T]`."""
        return log_magnitude(magnitude @ self.band_mean.T).transpose(2, 3).flatten(1, 2)

    def excitation_spectra(self, excitation: Tensor) -> Tensor:
        """`Tensor[B, CHANNELS, L + 2 * margin]` -> complex `Tensor[B, CHANNELS, L / hop, used]`."""
        return _stereo_stft(excitation, self.n, self.hop)[..., : self.used]

    def encode(self, audio: Tensor, source: Tensor) -> Tensor:
        """Mid and side `Tensor[B, 2, L + 2 * margin]` and `excitation_spectra` -> `Tensor[B, LATENT, L / FRAME]`."""
        spectrum = _stereo_stft(audio, self.n, self.hop)[..., : self.used].abs()
        mid = log_magnitude(spectrum[:, 0]).transpose(1, 2)
        features = [mid, self._bands_of(spectrum[:, 1:]), self._bands_of(_magnitude(source))]
        return torch.tanh(self.encoder(torch.cat(features, 1)))

    def spectra(self, latents: Tensor, source: Tensor, stem: Tensor, first_frame: int = 0, context: int = 0) -> Tensor:
        """Latents `[B, LATENT, T]`, `excitation_spectra`, stem index `[B]` (0 bass, 1 chords, 2 lead)
        -> complex `Tensor[B, 2, 4 T, used]`, mid and side.

        `first_frame`, `context`: as of drums; the excitation is that of the spectral frames that are given.
        """
        hidden = _widen(self.trunk, latents, context) + 0.5 * self.source(self._bands_of(_magnitude(source)))
        out = self.head(hidden + self.stem(stem)[:, :, None]).transpose(1, 2).unflatten(2, (6, self.size.bands))
        of_bands = torch.cat([soft_cap(out[:, :, :4], 3.0), soft_cap(out[:, :, 4:], 1.0)], 2).exp()
        # One product of matrices: `@` would make one for each frame of this layout.
        gains = (of_bands.reshape(-1, self.size.bands) @ self.bands).view(*out.shape[:3], -1)
        odd, even, apart, turned, hiss, wide = gains[..., None].unbind(2)
        noise = _noise_at(self.noise, _first_spectrum(self, first_frame, context), out.shape[1])
        # Real views: gains are real, and multiplying complex numbers by them as such would cost twice as much.
        first, second, third = torch.view_as_real(source).unbind(1)
        mid = torch.addcmul(torch.addcmul(first * odd, second, even), noise[0], hiss)
        # A quarter turn makes a side that is as loud on the left as on the right.
        both = first + second
        quarter = torch.stack([-both[..., 1], both[..., 0]], 3)
        side = torch.addcmul(torch.addcmul(third * apart, quarter, turned), noise[1], wide)
        return torch.view_as_complex(torch.stack([mid, side], 1))


Autoencoder = DrumAutoencoder | PitchedAutoencoder


def _first_spectrum(network: Autoencoder, first_frame: int, context: int) -> int:
    """Position in the song of the first spectral frame that `spectra` gives."""
    each = FRAME // network.hop
    return (first_frame + context) * each - (EDGE if context else 0)


def to_audio(spectra: Tensor, network: Autoencoder) -> Tensor:
    """Mid and side spectra `[B, 2, K, F]` -> `Tensor[B, 2, K * hop + 2 * margin]` mid and side.

    The first and the last `n - hop` samples are not whole (see `stft.istft`).
    """
    batch, channels, frames, bins = spectra.shape
    # The inverse transform fills the bins that are missing with zeros.
    audio = istft(spectra.reshape(batch * channels, frames, bins), network.n, network.hop)
    return audio.view(batch, channels, -1)


def audio_margin(network: Autoencoder) -> int:
    """Samples of context that `encode` needs on either side, and that `to_audio` adds there."""
    return margin(network.n, network.hop)

"""The autoencoder of bass, chords and lead: source and filter."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from musika_daw.model.bands import band_matrix
from musika_daw.model.bricks import FrameNorm, Residual, embedding, initialise, soft_cap
from musika_daw.model.decoding import (
    AutoencoderSize,
    decoder_trunk,
    encoder_layers,
    fast_magnitude,
    first_spectrum,
    noise_at,
    noise_spectra,
    stereo_stft,
    to_audio,
    widen,
)
from musika_daw.model.excitation import CHANNELS
from musika_daw.model.native import kernels
from musika_daw.model.native.pitched import PitchedKernels
from musika_daw.model.stft import log_magnitude

_SIZE = AutoencoderSize()


class PitchedAutoencoder(nn.Module):
    """Source and filter: the notes' excitation, shaped by gains per band, plus noise.

    Pitch and phase come from the excitation, timbre and envelope from the latents. Per band: gains on the odd and on
    the even harmonics (mid), on the voices' difference and on the quarter-turned voices (side), noise mid and side.
    """

    n, hop, bins = 2048, 512, 1025
    used = 768  # bins up to 16.5 kHz: nothing pitched lies above

    def __init__(self, size: AutoencoderSize = _SIZE) -> None:
        super().__init__()
        self.size = size
        self._kernels: PitchedKernels | None = None
        self.encoder = encoder_layers(self.used + (1 + CHANNELS) * size.bands, size.encoder, 2)
        self.trunk = decoder_trunk(size.decoder, 2)
        self.source = nn.Conv1d(CHANNELS * size.bands, size.decoder, 1)
        self.stem = embedding(3, size.decoder)
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
        self.register_buffer("noise", noise_spectra(self.used), persistent=False)

    def decoder_layers(self) -> nn.ModuleList:
        return nn.ModuleList([self.source, self.trunk, self.head])

    def use_kernels(self) -> None:
        """Plays with kernels where there are any; for inference."""
        library = kernels()
        self._kernels = None if library is None else PitchedKernels(library, self.bands, self.noise)

    def _bands_of(self, magnitude: Tensor) -> Tensor:
        """Magnitudes `[B, C, T, used]` -> log features `[B, C * bands, T]`."""
        return log_magnitude(magnitude @ self.band_mean.T).transpose(2, 3).flatten(1, 2)

    def excitation_spectra(self, excitation: Tensor) -> Tensor:
        """`Tensor[B, CHANNELS, L + 2 * margin]` -> complex `Tensor[B, CHANNELS, L / hop, used]`."""
        return stereo_stft(excitation, self.n, self.hop)[..., : self.used]

    def encode(self, audio: Tensor, source: Tensor) -> Tensor:
        """Mid and side `Tensor[B, 2, L + 2 * margin]` and `excitation_spectra` -> `Tensor[B, LATENT, L / FRAME]`."""
        spectrum = stereo_stft(audio, self.n, self.hop)[..., : self.used].abs()
        mid = log_magnitude(spectrum[:, 0]).transpose(1, 2)
        features = [mid, self._bands_of(spectrum[:, 1:]), self._bands_of(fast_magnitude(source))]
        return torch.tanh(self.encoder(torch.cat(features, 1)))

    def spectra(self, latents: Tensor, source: Tensor, stem: Tensor, first_frame: int = 0, context: int = 0) -> Tensor:
        """Latents `[B, LATENT, T]`, `excitation_spectra`, stem index `[B]` (0 bass, 1 chords, 2 lead)
        -> complex `Tensor[B, 2, 4 T, used]`, mid and side; made ready to play, all `bins` of them.

        `first_frame`, `context`: as of drums; the excitation is that of the spectral frames that are given.
        """
        features = self._kernels.features(source) if self._kernels else self._bands_of(fast_magnitude(source))
        hidden = widen(self.trunk, latents, context) + 0.5 * self.source(features)
        net = self.head(hidden + self.stem(stem)[:, :, None])
        first = first_spectrum(self, first_frame, context)
        if self._kernels:
            return self._kernels.spectra(net, source, first, self.bins)
        return self._shaped(net, source, first)

    def _shaped(self, net: Tensor, source: Tensor, start: int) -> Tensor:
        """What the head says of bands, `[B, 6 * bands, K]`, done to the excitation."""
        out = net.transpose(1, 2).unflatten(2, (6, self.size.bands))
        of_bands = torch.cat([soft_cap(out[:, :, :4], 3.0), soft_cap(out[:, :, 4:], 1.0)], 2).exp()
        # One product of matrices: `@` would make one for each frame of this layout.
        gains = (of_bands.reshape(-1, self.size.bands) @ self.bands).view(*out.shape[:3], -1)
        odd, even, apart, turned, hiss, wide = gains[..., None].unbind(2)
        noise = noise_at(self.noise, start, out.shape[1])
        # Real views: gains are real, and multiplying complex numbers by them as such would cost twice as much.
        first, second, third = torch.view_as_real(source).unbind(1)
        mid = torch.addcmul(torch.addcmul(first * odd, second, even), noise[0], hiss)
        # A quarter turn makes a side that is as loud on the left as on the right.
        both = first + second
        quarter = torch.stack([-both[..., 1], both[..., 0]], 3)
        side = torch.addcmul(torch.addcmul(third * apart, quarter, turned), noise[1], wide)
        return torch.view_as_complex(torch.stack([mid, side], 1))

    def audio(self, latents: Tensor, source: Tensor, stem: Tensor, first_frame: int = 0, context: int = 0) -> Tensor:
        """As `spectra`, and from them to mid and side `[B, 2, K * hop + 2 * audio_margin]`."""
        return to_audio(self.spectra(latents, source, stem, first_frame, context), self)

"""Latents to sound and back, in stretches that do not know of each other, so memory stays flat for any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.official.coordinates import STREAM_DECODER_NOISE
from musika_daw.model.official.layers import Noise
from musika_daw.model.official.noise import KeyedNoise
from musika_daw.model.official.signal import frames_of, log_spectrogram, overlap_add, spectrum_frames
from musika_daw.model.official.sizes import OfficialSize

BLOCK_UNITS = 8  # units decoded at once, of each audio channel
_ENCODED_FRAMES = 4096  # spectral frames encoded at once


@dataclass(frozen=True)
class Decoders:
    """The two decoders of a model, ready to play."""

    size: OfficialSize
    dec2: nn.Module
    dec: nn.Module

    @torch.inference_mode()
    def spectra(self, latents: Tensor, noise: Noise = None) -> tuple[Tensor, Tensor]:
        """Level-2 latents of units `[B, depth, unit_latents]` -> log magnitude and phase `[B, bins, 64]`."""
        magnitude, phase = self.dec(self.dec2(latents, noise), noise)
        return magnitude, phase

    @torch.inference_mode()
    def frames(self, latents: Tensor, noise: Noise = None) -> Tensor:
        """Latents of channels `[channels * depth, T]`, whole units -> windowed frames `[channels, frames, fft]`.

        Noise is asked for in the order: all units of the first channel, left, then those of the next.
        """
        count = latents.shape[0] // self.size.depth
        channels = latents.view(count, self.size.depth, -1, self.size.unit_latents)
        units = channels.transpose(1, 2).reshape(-1, self.size.depth, self.size.unit_latents)
        magnitude, phase = self.spectra(units, noise)
        frames = spectrum_frames(magnitude, phase, self.size.hop)
        return frames.view(count, -1, self.size.fft)

    def wave(self, latents: Tensor, noise: Noise = None) -> Tensor:
        """Stereo latents `[2 depth, T]` of any length -> `[2, T * latent_samples + fft - hop]`, within ±1.

        As in the officials' program nothing is cut: the sound fades in and out over the last three hops.
        """
        return torch.cat(list(self._stream(latents, lambda first, units: noise)), 1)

    def stream(self, latents: Tensor, noise_seed: int | None = None) -> Iterator[Tensor]:
        """The same as `wave`, in parts that follow each other.

        Args:
            noise_seed: of the noise the decoders were trained with, keyed by place; None for none.
        """

        def noise(first: int, units: int) -> Noise:
            if noise_seed is None:
                return None
            places = [2 * (first + unit) + channel for channel in (0, 1) for unit in range(units)]
            return KeyedNoise(noise_seed, STREAM_DECODER_NOISE, places)

        return self._stream(latents, noise)

    def _stream(self, latents: Tensor, noise: Callable[[int, int], Noise]) -> Iterator[Tensor]:
        """`noise`: first unit and number of units -> that of a block."""
        left = latents.shape[1] * self.size.latent_samples + self.size.fft - self.size.hop
        block, tail = BLOCK_UNITS * self.size.unit_latents, self.size.fft - self.size.hop
        carried = latents.new_zeros(2, tail)
        for start in range(0, latents.shape[1], block):
            part = latents[:, start : start + block]
            missing = -part.shape[1] % self.size.unit_latents
            whole = F.pad(part[None], (0, missing), mode="replicate")[0]
            first, units = start // self.size.unit_latents, whole.shape[1] // self.size.unit_latents
            sound = overlap_add(self.frames(whole, noise(first, units)))
            sound[:, :tail] += carried
            carried = sound[:, -tail:].clone()
            last = start + block >= latents.shape[1]
            ready = sound[:, : left if last else sound.shape[1] - tail]
            left -= ready.shape[1]
            yield ready.clamp(-1, 1)


@dataclass(frozen=True)
class Encoders:
    """The two encoders of a model."""

    size: OfficialSize
    enc: nn.Module
    enc2: nn.Module

    @torch.inference_mode()
    def level1(self, wave: Tensor) -> Tensor:
        """Channels of a waveform `[B, samples]` -> level-1 latents `[B, frame_depth, frames]`."""
        return torch.cat(list(self._level1_parts(wave)), 2)

    def _level1_parts(self, wave: Tensor) -> Iterator[Tensor]:
        count = frames_of(wave.shape[1], self.size.hop)
        for start in range(0, count, _ENCODED_FRAMES):
            frames = min(_ENCODED_FRAMES, count - start)
            first = start * self.size.hop
            part = wave[:, first : first + (frames - 1) * self.size.hop + self.size.fft]
            yield self.enc(log_spectrogram(part, self.size.hop))

    @torch.inference_mode()
    def latents(self, wave: Tensor) -> Tensor:
        """Stereo `[2, samples]` -> latents `[2 depth, T]`, left above right.

        The end is filled up with silence: no sample of the sound is left out.
        """
        count = max(-(-wave.shape[1] // self.size.latent_samples), 1) * self.size.latent_frames
        samples = (count - 1) * self.size.hop + self.size.fft
        level1 = self.level1(F.pad(wave, (0, max(samples - wave.shape[1], 0)))[:, :samples])
        level2: Tensor = self.enc2(level1)
        return level2.flatten(0, 1)

"""Waveforms to log spectrograms and back, as the officials do it: no padding, fixed scaling of decibels.

Spectrograms are `[B, bins, T]`; unlike in our own models nothing is centred, so T frames reach over
`(T - 1) * hop + fft` samples and the first and last `fft - hop` of a resynthesis fade.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

_MEAN_DB, _SPREAD_DB = -25.0, 75.0  # -100 dB becomes -1, +50 dB becomes 1
_LOG2_OF_POWER = 0.1 / math.log10(2)  # decibels -> log2 of power


def frames_of(samples: int, hop: int) -> int:
    """Whole frames in a signal."""
    return max((samples - 4 * hop) // hop + 1, 0)


def log_spectrogram(wave: Tensor, hop: int, overlap: int = 4) -> Tensor:
    """`[B, samples]` -> `[B, overlap * hop / 2 + 1, frames]`, with an FFT size of `overlap * hop`."""
    fft = overlap * hop
    window = torch.hann_window(fft, dtype=wave.dtype, device=wave.device)
    spectrum = torch.fft.rfft(wave.unfold(1, fft, hop) * window, dim=2)
    power = torch.view_as_real(spectrum).square().sum(-1)
    decibels = 10 * torch.log10(power.clamp_min(1e-10))
    return ((decibels - _MEAN_DB) / _SPREAD_DB).transpose(1, 2)


def _synthesis_window(hop: int, like: Tensor) -> Tensor:
    """Hann over the sum of the four squared ones that overlap, which is 1.5 everywhere."""
    return torch.hann_window(4 * hop, dtype=like.dtype, device=like.device) / 1.5


def spectrum_frames(magnitude: Tensor, phase: Tensor, hop: int) -> Tensor:
    """Log magnitude and phase (in half turns) `[B, bins, T]` -> windowed frames `[B, T, fft]`, not yet added up."""
    # Frames first: then every Fourier transform reads one stretch of memory.
    log2_power = magnitude.transpose(1, 2).contiguous() * (_SPREAD_DB * _LOG2_OF_POWER) + _MEAN_DB * _LOG2_OF_POWER
    spectrum = torch.polar(torch.sqrt(torch.exp2(log2_power) + 1e-7), phase.transpose(1, 2).contiguous() * math.pi)
    if spectrum.requires_grad:
        spectrum = spectrum.clone()  # the gradient needs what `polar` has made as it was
    # What a real signal has no use for; Fourier transforms differ in what they make of it.
    spectrum.imag[..., 0] = 0
    spectrum.imag[..., -1] = 0
    frames: Tensor = torch.fft.irfft(spectrum, 4 * hop, dim=2)
    return frames * _synthesis_window(hop, frames)


def overlap_add(frames: Tensor) -> Tensor:
    """`[B, T, 4 hop]` -> `[B, (T + 3) * hop]`."""
    batch, count, fft = frames.shape
    hop = fft // 4
    out = frames.new_zeros(batch, count + 3, hop)
    for part in range(4):
        out[:, part : part + count] += frames[:, :, part * hop : (part + 1) * hop]
    return out.view(batch, -1)


def resynthesise(magnitude: Tensor, phase: Tensor, hop: int) -> Tensor:
    """Log magnitude and phase `[B, bins, T]` -> waveform `[B, (T + 3) * hop]`."""
    return overlap_add(spectrum_frames(magnitude, phase, hop))

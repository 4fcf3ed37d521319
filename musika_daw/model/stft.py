"""Frames aligned to latent frames: short-time Fourier transforms without padding at the edges.

A signal of L samples (a whole number of hops) is seen through L / hop frames; frame k is centred on sample
`k * hop + hop / 2`, so that every latent frame owns the same number of spectral frames. The caller brings
`margin(n, hop)` samples of context on either side instead of padding: blocks then agree wherever they are cut.
Spectra lie frame by frame, `[B, frames, bins]`: that is how the Fourier transforms want them in memory.
"""

from __future__ import annotations

import ctypes
from functools import cache

import torch
from torch import Tensor

from musika_daw.model.native import kernels_for


@cache
def _window(n: int, device: torch.device) -> Tensor:
    return torch.hann_window(n, device=device)


@cache
def _synthesis_window(n: int, hop: int, device: torch.device) -> Tensor:
    """The window of the way back, divided by what the squared windows of all frames sum to (it repeats every hop)."""
    window = _window(n, device)
    overlap = (window**2).view(n // hop, hop).sum(0)
    return window * (n / 4.0) / overlap.repeat(n // hop)


def margin(n: int, hop: int) -> int:
    """Samples of context that the first and the last frame reach beyond the signal."""
    return n // 2 - hop // 2


def stft(x: Tensor, n: int, hop: int) -> Tensor:
    """`Tensor[B, L + 2 * margin]` -> complex `Tensor[B, L / hop, n/2 + 1]`; a full-scale sine has magnitude 1."""
    spectrum: Tensor = torch.fft.rfft(x.unfold(1, n, hop) * (_window(n, x.device) * (4.0 / n)), dim=2)
    return spectrum


def istft(spectrum: Tensor, n: int, hop: int) -> Tensor:
    """Overlap-add of the frames: complex `Tensor[B, K, n/2 + 1]` -> `Tensor[B, K * hop + 2 * margin]`.

    Only samples that all their `n / hop` frames reach are whole: those from `n - hop` on, as far from the end.
    """
    frames: Tensor = torch.fft.irfft(spectrum, n, dim=2)
    window = _synthesis_window(n, hop, spectrum.device)
    library = kernels_for(frames)
    return _add_up(frames * window, hop) if library is None else _add_up_natively(library, frames, window, hop)


def _add_up(frames: Tensor, hop: int) -> Tensor:
    """Frames `[B, K, n]`, each a hop after the one before -> `[B, (K + n / hop - 1) * hop]`."""
    batch, count, n = frames.shape
    parts = n // hop
    out = frames.new_zeros(batch, count + parts - 1, hop)
    for part in range(parts):
        out[:, part : part + count] += frames[:, :, part * hop : (part + 1) * hop]
    return out.view(batch, -1)


def _add_up_natively(library: ctypes.CDLL, frames: Tensor, window: Tensor, hop: int) -> Tensor:
    """The same of frames times `window`, bit for bit, in one pass over memory."""
    batch, count, n = frames.shape
    out = frames.new_empty(batch, (count + n // hop - 1) * hop)
    library.overlap_add(frames.data_ptr(), window.data_ptr(), batch, count, n, hop, out.data_ptr())
    return out


def log_magnitude(magnitude: Tensor) -> Tensor:
    """Magnitude -> a feature of about unit range: natural log with a floor at -80 dB."""
    return (torch.log(magnitude + 1e-4) + 7.0) / 3.0
